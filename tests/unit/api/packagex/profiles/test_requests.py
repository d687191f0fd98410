"""Profiles are stated, and stated anew."""

import pytest

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.profiles.requests import PackageXProfileRequest, PackageXProfileUpdate
from chalicelib.errors import Refused
from chalicelib.model.imports import Action


def test_a_profile_states_what_is_given_and_no_more() -> None:
    body = {"name": "weekly", "resource": "customers", "action": "delete", "max_failed": None, "preview": True}

    options = read_body(PackageXProfileRequest, body).to_options()

    assert options == {"action": Action.DELETE, "max_failed": None, "is_preview": True}


def test_options_are_left_out_under_the_names_of_the_core() -> None:
    assert read_body(PackageXProfileUpdate, {"unset": ["preview", "hold"]}).to_unset() == {"is_preview", "hold"}


@pytest.mark.parametrize("body", [{}, {"unset": ["nothing"]}])
def test_what_changes_nothing_is_refused(body: object) -> None:
    with pytest.raises(Refused):
        read_body(PackageXProfileUpdate, body).validated().to_unset()
