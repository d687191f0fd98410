"""The headers that tell of a rate limit, and what a refusal knows of it."""

from chalicelib.api.http.rate_limit_headers import find_rate_limit_status, rate_limit_headers, retry_headers
from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus

STATUS = RateLimitStatus(rate_limit=RateLimit(100, 60), used=30, begins_at=1_200)


def test_limit_remaining_and_end_of_the_window_are_told() -> None:
    assert rate_limit_headers(STATUS) == {
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "70",
        "X-RateLimit-Reset": "1260",
    }


def test_a_refusal_knows_the_limit_that_is_exceeded() -> None:
    assert find_rate_limit_status(Refused("rate_limited", "Slow down.", rate_limit_status=STATUS)) == STATUS
    assert find_rate_limit_status(Refused("too_large", "Too large.")) is None


def test_a_refusal_that_knows_when_to_ask_again_says_so() -> None:
    assert retry_headers(Refused("rate_limited", "Slow down.", retry_after_s=0)) == {"Retry-After": "0"}
    assert retry_headers(Refused("too_large", "Too large.")) == {}
