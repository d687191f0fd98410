"""Every refusal of the catalogue has Kasar's look."""

import pytest

from chalicelib.api.kasar.errors import WORDS, render_internal_error, render_refusal, render_unavailable
from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus
from chalicelib.model.refusals import KINDS, RefusalCode


@pytest.mark.parametrize("code", sorted(KINDS.keys() - {"insufficient_scope", "rate_limited"}))
def test_every_refusal_has_the_documents_look(code: RefusalCode) -> None:
    response = render_refusal(Refused(code, "It is so.", param="limit"))

    status, word = WORDS.get(code)
    assert 400 <= status < 500
    assert response.status_code == status
    assert response.body == {"error": {"code": word, "message": "limit: It is so."}}


def test_a_rate_limit_has_the_published_body() -> None:
    rate_limit_status = RateLimitStatus(rate_limit=RateLimit(300, 60), used=300, begins_at=60, is_exceeded=True)

    response = render_refusal(
        Refused("rate_limited", "Too many requests.", rate_limit_status=rate_limit_status, retry_after_s=12)
    )

    assert response.status_code == 429
    assert response.body == {"error": "Too many requests.", "policy": "300;w=60", "retryAfterSeconds": 12}


def test_several_faults_are_all_told() -> None:
    refusal = Refused("invalid_parameter", "a: x.", param="a", errors=["a: x.", "b: y."])

    assert render_refusal(refusal).body == {"error": {"code": "VALIDATION_ERROR", "message": "a: x. b: y."}}


def test_failures_of_ours_tell_no_details() -> None:
    assert (render_internal_error().status_code, render_internal_error().body["error"]["code"]) == (
        500,
        "INTERNAL_ERROR",
    )
    busy = render_unavailable()
    assert (busy.status_code, busy.body["error"]["code"], busy.headers["Retry-After"]) == (
        503,
        "SERVICE_UNAVAILABLE",
        "1",
    )
