"""Settings are stated, or stated no more."""

import pytest

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.imports.options import OPTION_NAMES
from chalicelib.api.packagex.settings.requests import PackageXSettingsUpdate
from chalicelib.api.packagex.settings.schemas import PackageXSettings
from chalicelib.errors import Refused
from chalicelib.model.guard_rails import Tolerance


def test_what_is_given_is_stated_and_null_is_not() -> None:
    body = read_body(PackageXSettingsUpdate, {"max_failed": "5%", "hold": None})

    assert body.to_options() == {"max_failed": Tolerance(percent_hundredths=500)}
    assert body.to_unset() == {"hold"}


def test_nothing_is_no_change() -> None:
    with pytest.raises(Refused):
        read_body(PackageXSettingsUpdate, {}).to_options()


def test_every_setting_is_an_option_of_imports_and_is_shown() -> None:
    stated = set(PackageXSettingsUpdate.model_fields)

    assert stated <= set(OPTION_NAMES)
    assert stated == set(PackageXSettings.__annotations__) - {"object", "version", "updated_by", "updated_at"}
