"""Every refusal of the catalogue is told in Talkdesk's shape."""

import pytest

from chalicelib.api.talkdesk.errors import render_internal_error, render_refusal, render_unavailable
from chalicelib.api.talkdesk.oauth import ERRORS
from chalicelib.errors import Refused
from chalicelib.model.api_keys import Scope
from chalicelib.model.refusals import KINDS, RefusalCode

INVALID_TOKEN: set[RefusalCode] = {"unknown_key", "malformed_key"}
"""Invalid authorization, a 403 (Talkdesk, list of imports)."""


def test_every_refusal_that_oauth_has_words_for_stands_in_the_table() -> None:
    assert set(ERRORS) <= set(KINDS)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_refusal_has_code_message_and_fields(code: RefusalCode) -> None:
    response = render_refusal(Refused(code, "It is so.", param="page"))

    assert response.status_code == (403 if code in INVALID_TOKEN else KINDS[code].status)
    assert set(response.body) - {"description"} == {"code", "message", "fields"}


def test_one_fault_is_a_message_and_a_field() -> None:
    body = render_refusal(Refused("invalid_parameter", "Must be so.", param="page")).body

    assert body == {
        "code": "invalid_parameter",
        "message": "Must be so.",
        "fields": [{"name": "page", "description": "Must be so."}],
    }


def test_several_faults_are_several_fields() -> None:
    errors = ["page: Too: small.", "csv_metadata.checksum: Required."]

    body = render_refusal(Refused("invalid_parameter", errors[0], param="page", errors=errors)).body

    assert body["message"] == "Some parameters are not valid."
    assert body["fields"] == [
        {"name": "page", "description": "Too: small."},
        {"name": "csv_metadata.checksum", "description": "Required."},
    ]


def test_what_is_wrong_with_a_file_is_told_of_the_file() -> None:
    assert render_refusal(Refused("header_differs", "It differs.")).body["fields"] == [
        {"name": "file", "description": "It differs."}
    ]


def test_a_lacking_scope_is_told_by_its_public_name() -> None:
    response = render_refusal(Refused("insufficient_scope", "lacks imports:write", scope=Scope.IMPORTS_WRITE))

    assert response.body["message"] == "The token lacks the scope bulk-imports:write."
    assert response.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="bulk-imports:write"'


@pytest.mark.parametrize(
    ("code", "challenge"),
    [("missing_key", "Bearer"), ("unknown_key", 'Bearer error="invalid_token"'), ("not_found", None)],
)
def test_who_is_not_known_is_challenged(code: RefusalCode, challenge: str | None) -> None:
    assert render_refusal(Refused(code, "It is so.")).headers.get("WWW-Authenticate") == challenge


def test_our_own_mistakes_have_the_same_shape() -> None:
    assert render_internal_error().body == {"code": "internal_error", "message": "Something went wrong.", "fields": []}
    assert render_unavailable().headers["Retry-After"] == "1"


def test_a_code_outside_the_catalogue_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        render_refusal(Refused("in_no_table", "It is so."))  # type: ignore[arg-type] # no code of the catalogue
