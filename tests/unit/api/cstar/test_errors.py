"""Every refusal of the catalogue has a status, a type and a code of cStar's."""

import pytest

from chalicelib.api.cstar.errors import INTERNAL_ERROR, UNAVAILABLE, Failure, failure_of
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.refusals import KINDS, RefusalCode

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "authorization_error",
    404: "not_found_error",
    405: "invalid_request_error",
    406: "invalid_request_error",
    409: "invalid_request_error",
    410: "invalid_request_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
}


FAILURES = {code: failure_of(Refused(code, "It is so.")) for code in KINDS}


@pytest.mark.parametrize("failure", [*FAILURES.values(), INTERNAL_ERROR, UNAVAILABLE], ids=lambda one: one.code)
def test_the_type_follows_the_status(failure: Failure) -> None:
    assert TYPES[failure.status] == failure.type


def test_the_published_statuses_have_the_published_code_and_no_other() -> None:
    codes = {status: {one.code for one in FAILURES.values() if one.status == status} for status in (401, 403, 429)}

    assert codes == {401: {"authentication_required"}, 403: {"insufficient_permissions"}, 429: {"rate_limit_exceeded"}}


@pytest.mark.parametrize("code", ["missing_key", "unknown_key", "expired_key"])
def test_a_key_that_does_not_open_is_told_in_the_published_sentence(code: RefusalCode) -> None:
    assert FAILURES[code].message == "Invalid or expired API key"


@pytest.mark.parametrize("scope", [Scope.IMPORTS_WRITE, Scope.EXPORTS_READ])
def test_a_publishable_key_is_told_to_be_no_secret_one(scope: Scope) -> None:
    failure = failure_of(Refused("insufficient_scope", "It is so.", scope=scope, kind=KeyKind.PK_LIVE))

    assert (failure.code, failure.message) == ("insufficient_permissions", "Secret key required for this endpoint")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("missing", "parameter_missing"),
        ("extra_forbidden", "parameter_unknown"),
        ("int_parsing", "parameter_invalid"),
        (None, "parameter_invalid"),
    ],
)
def test_what_is_wrong_with_a_parameter_has_a_code_of_its_own(fault: str | None, code: str) -> None:
    assert failure_of(Refused("invalid_parameter", "It is so.", fault=fault)).code == code


def test_a_code_outside_the_catalogue_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        failure_of(Refused("in_no_table", "It is so."))  # type: ignore[arg-type] # no code of the catalogue
