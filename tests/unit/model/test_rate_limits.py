"""Windows of rate limits, and what is left of them."""

from chalicelib.model.rate_limits import HOUR_S, RateLimit, RateLimitStatus

LIMIT = RateLimit(100, HOUR_S)


def test_windows_begin_at_multiples_of_their_length() -> None:
    assert [LIMIT.begins_at(now) for now in (0, 3_599, 3_600, 7_201)] == [0, 0, 3_600, 7_200]


def test_a_status_says_what_is_left_and_until_when() -> None:
    status = RateLimitStatus(rate_limit=LIMIT, used=99, begins_at=3_600)

    assert (status.remaining, status.resets_at) == (1, 7_200)


def test_less_than_nothing_is_never_left() -> None:
    assert RateLimitStatus(rate_limit=LIMIT, used=101, begins_at=0, is_exceeded=True).remaining == 0
