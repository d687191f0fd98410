"""Sample responses are those that the dialect's adapter gives, with the headers that surround them."""

from http import HTTPStatus

import pytest

from chalicelib.api.kasar.openapi import DESCRIPTION
from chalicelib.api.openapi.errors import (
    REQUEST_ID,
    answer_headers,
    sample_failure,
    sample_of,
    sample_refusal,
    sample_request,
)
from chalicelib.model.refusals import RefusalCode

ROUTE = DESCRIPTION.routes[0]


def test_a_dialect_s_own_sample_comes_before_the_shared_one() -> None:
    assert sample_of(DESCRIPTION, "unknown_resource").param == "object"
    assert sample_of(DESCRIPTION, "unknown_field").param == "colour"


def test_a_code_without_a_sample_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        sample_of(DESCRIPTION, "webhook_paused")


@pytest.mark.parametrize(("code", "is_counted"), [("unknown_key", False), ("too_large", True), ("rate_limited", True)])
def test_a_refusal_tells_what_is_left_once_the_caller_is_known(code: RefusalCode, is_counted: bool) -> None:
    response = sample_refusal(DESCRIPTION, ROUTE, code)

    assert ("X-RateLimit-Limit" in response.headers) == is_counted
    assert response.headers["X-Request-Id"] == REQUEST_ID


@pytest.mark.parametrize("status", [HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE])
def test_a_failure_has_its_status(status: HTTPStatus) -> None:
    assert sample_failure(DESCRIPTION, ROUTE, status).status_code == status


def test_every_answer_has_an_id_and_the_rate_limit() -> None:
    assert {"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Policy"} <= set(answer_headers(DESCRIPTION))


def test_a_sample_request_has_the_example_in_its_path() -> None:
    assert sample_request(DESCRIPTION, ROUTE).context["path"] == "/api/v1/import/contacts"
