"""The responses of an operation: every way to succeed, every way to be refused, by status."""

import pytest

from chalicelib.api.kasar.openapi import DESCRIPTION
from chalicelib.api.openapi.operation import Operation, Success
from chalicelib.api.openapi.responses import codes_of, each_schema, render_headers, render_responses
from chalicelib.api.openapi.schemas import Schemas

IMPORT, EXPORT = DESCRIPTION.routes
SCHEMAS = Schemas(DESCRIPTION, each_schema(DESCRIPTION), is_closed=False)


def test_what_every_request_may_meet_comes_before_the_operation_s_own() -> None:
    codes = codes_of(DESCRIPTION, IMPORT, DESCRIPTION.operations[IMPORT.view])

    assert codes[:5] == ["missing_key", "unknown_key", "expired_key", "insufficient_scope", "rate_limited"]
    assert {"invalid_json", "path_not_found", "too_large", "idempotency_key_in_use"} <= set(codes)
    assert len(set(codes)) == len(codes)


def test_a_request_without_a_body_is_not_refused_for_one() -> None:
    codes = codes_of(DESCRIPTION, EXPORT, Operation(summary="", text="", successes=[]))

    assert {"invalid_json", "idempotency_key_in_use"} & set(codes) == set()


def test_responses_are_in_order_of_their_status() -> None:
    responses = render_responses(DESCRIPTION, EXPORT, DESCRIPTION.operations[EXPORT.view], SCHEMAS)

    assert list(responses) == ["200", "303", "400", "401", "403", "404", "429", "500", "503"]
    assert set(responses["200"]["content"]) == {"application/json", "text/csv"}
    assert responses["429"]["description"] == "Too Many Requests"
    assert "`INVALID_OBJECT`" in responses["400"]["description"]


def test_two_successes_of_one_status_are_told_together() -> None:
    operation = Operation(summary="", text="", successes=[Success(text="One."), Success(text="Another.")])

    responses = render_responses(DESCRIPTION, EXPORT, operation, SCHEMAS)

    assert responses["200"]["description"] == "One. Another."


def test_numbers_in_headers_are_numbers() -> None:
    headers = render_headers({"Retry-After": "12", "Allow": "GET"})

    assert headers["Retry-After"]["schema"]["type"] == "integer"
    assert headers["Allow"]["example"] == "GET"


def test_a_header_without_words_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        render_headers({"X-Unheard-Of": "1"})
