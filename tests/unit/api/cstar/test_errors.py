"""The table of refusals is complete, and every one of them has a status, a type and a code of cStar's."""

import pytest

from chalicelib.api.cstar.errors import BROKEN, TABLE, UNAVAILABLE, Failure, failure_of
from chalicelib.errors import Refused
from tests.refusals import refusals_for

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "authorization_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "invalid_request_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
}


def test_every_refusal_stands_in_the_table() -> None:
    assert refusals_for("teams") - set(TABLE) == set()


@pytest.mark.parametrize("failure", [*TABLE.values(), BROKEN, UNAVAILABLE], ids=lambda one: one.code)
def test_the_type_follows_the_status(failure: Failure) -> None:
    assert TYPES[failure.status] == failure.type


def test_the_published_codes_are_all_in_use() -> None:
    published = {
        "authentication_required",
        "invalid_api_key",
        "invalid_key_format",
        "key_expired",
        "insufficient_permissions",
        "team_access_denied",
        "rate_limit_exceeded",
    }

    assert published <= {failure.code for failure in TABLE.values()}


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


def test_a_refusal_without_words_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        failure_of(Refused("in_no_table", "It is so."))  # nobody catches it but the border
