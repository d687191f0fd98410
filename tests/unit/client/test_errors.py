from typing import Any

import pytest

from sluice import ApiError, Conflict, Forbidden, Invalid, NotFound, RateLimited, ServiceFailed, Unauthorized
from sluice.errors import Refusal, api_error


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (410, NotFound),
        (413, Invalid),
        (415, Invalid),
        (422, Invalid),
        (429, RateLimited),
        (500, ServiceFailed),
        (503, ServiceFailed),
        (302, Invalid),
    ],
)
def test_each_status_has_a_kind(status: int, kind: type[ApiError]) -> None:
    assert type(api_error(Refusal(status))) is kind


def test_an_envelope_is_told_with_its_parameters() -> None:
    body = {"message": "The request is wrong.", "code": "validation_failed", "errors": ["action: unknown"]}

    error = api_error(Refusal.from_answer(400, body, {"x-request-id": "req_1", "retry-after": "7"}))

    assert str(error) == "The request is wrong. action: unknown"
    assert (error.status, error.code) == (400, "validation_failed")
    assert (error.refusal.request_id, error.refusal.retry_after_s) == ("req_1", 7)


def test_api_gateway_is_understood() -> None:
    refusal = Refusal.from_answer(413, {"error": {"code": "payload_too_large", "message": "Too large."}}, {})

    assert (refusal.code, refusal.message) == ("payload_too_large", "Too large.")


@pytest.mark.parametrize("body", [None, "<html>", [], {"error": "x"}, {"errors": "x", "message": None}])
def test_any_other_answer_has_its_status_at_least(body: Any) -> None:
    assert Refusal.from_answer(502, body, {"retry-after": "Wed, 21 Oct 2026"}) == Refusal(
        502, message="The answer is 502."
    )
