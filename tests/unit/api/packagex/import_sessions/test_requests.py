"""What may be said of an import session."""

from typing import get_args

from chalicelib.api.console.files import LANGUAGES
from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.import_sessions.requests import PackageXSessionRequest
from chalicelib.model.imports import Action

ASKED = {"resource": "Customer", "allow": ["update", "create"], "allow_origin": "https://app.example.com"}


def test_a_body_becomes_what_the_core_takes() -> None:
    wanted = read_body(PackageXSessionRequest, ASKED).to_request()

    assert (wanted.resource, wanted.actions) == ("customers", (Action.UPDATE, Action.CREATE))
    assert (wanted.profile, wanted.expires_in_s, wanted.return_url, wanted.locale) == (None, None, None, None)


def test_its_languages_are_those_of_the_importer() -> None:
    annotation = PackageXSessionRequest.model_fields["locale"].annotation

    assert {one for choice in get_args(annotation) for one in get_args(choice)} == {*LANGUAGES}
