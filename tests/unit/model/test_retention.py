"""Days in UTC, and when what was created on one of them is gone."""

import pytest

from chalicelib.model.retention import DAY_S, day_of, is_expired, kept_until


@pytest.mark.parametrize(("at", "day"), [(0, 0), (DAY_S - 1, 0), (DAY_S, 1), (-5, 0), (20_000 * DAY_S + 7, 20_000)])
def test_a_moment_lies_in_a_day(at: int, day: int) -> None:
    assert day_of(at) == day


@pytest.mark.parametrize("created_at", [5 * DAY_S, 5 * DAY_S + 1, 6 * DAY_S - 1])
def test_all_of_a_day_is_kept_until_the_same_moment(created_at: int) -> None:
    assert kept_until(created_at, 10 * DAY_S) == 16 * DAY_S


@pytest.mark.parametrize(
    ("expires_at", "gone"),
    [(None, False), (99, True), (100, True), (101, False)],
    ids=["never", "past", "now", "later"],
)
def test_what_is_past_its_end_is_absent(expires_at: int | None, *, gone: bool) -> None:
    assert is_expired(expires_at, 100.0) is gone
