"""When schedules are due: rates, both ways to write cron, time zones, and the two nights on which clocks are moved."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.schedules.recurrence import recurrence


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


ANCHOR = at("2024-01-01T00:00")
NO_SCHEDULES = [
    *["", "daily", "@daily", "rate(0 minutes)", "rate(5)", "rate(5 weeks)", "5 " * 200],
    *["60 * * * *", "* * * *", "0 0 31 2 *", "0 0 0 * * *", "9 9 9 9 x"],
    *["cron(0 9 * * ? 2025)", "cron(0 9 * *)", "cron(0 9 15W,16W * ? *)", "cron(0 0 ? * 8 *)"],
]


def due_after(expression: str, moment: str, time_zone: str = "UTC", count: int = 1) -> list[str]:
    recurring = recurrence(expression, time_zone, anchor=ANCHOR)
    now, found = at(moment), []
    for _ in range(count):
        now = recurring.next_after(now)
        found.append(datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M"))
    return found


@pytest.mark.parametrize(
    ("expression", "moment", "expected"),
    [
        pytest.param("rate(5 minutes)", "2024-01-01T00:00", "2024-01-01T00:05", id="the anchor itself is not due"),
        pytest.param("rate(1 hour)", "2024-01-01T03:59", "2024-01-01T04:00", id="right before"),
        pytest.param("rate(1 hour)", "2024-01-01T04:00", "2024-01-01T05:00", id="right then: the next"),
        pytest.param("rate(1 day)", "2023-06-01T00:00", "2024-01-02T00:00", id="nothing is due before the anchor"),
        pytest.param("30 9 * * 1-5", "2024-03-01T10:00", "2024-03-04T09:30", id="crontab skips a weekend"),
        pytest.param("cron(30 9 ? * MON-FRI *)", "2024-03-01T10:00", "2024-03-04T09:30", id="names of days"),
        pytest.param("cron(30 9 ? * 2-6 *)", "2024-03-01T10:00", "2024-03-04T09:30", id="EventBridge's Sunday is 1"),
        pytest.param("cron(0 0 ? * 6L *)", "2024-03-01T00:00", "2024-03-29T00:00", id="the last Friday"),
        pytest.param("cron(0 0 ? * 6#2 *)", "2024-03-01T00:00", "2024-03-08T00:00", id="the second Friday"),
        pytest.param("cron(0 0 ? * 2,6 *)", "2024-03-01T00:00", "2024-03-04T00:00", id="Monday or Friday"),
        pytest.param("cron(0 0 L * ? *)", "2024-02-01T00:00", "2024-02-29T00:00", id="the last day of a month"),
        pytest.param("cron(0/15 * * * ? *)", "2024-02-01T00:01", "2024-02-01T00:15", id="steps"),
        pytest.param("cron(0 0 15W * ? *)", "2024-05-02T00:00", "2024-05-15T00:00", id="a weekday by itself"),
        pytest.param("cron(0 0 15W * ? *)", "2024-06-02T00:00", "2024-06-14T00:00", id="nearest to a Saturday"),
        pytest.param("cron(0 0 15W * ? *)", "2024-09-02T00:00", "2024-09-16T00:00", id="nearest to a Sunday"),
        pytest.param("cron(0 0 1W * ? *)", "2024-06-01T00:00", "2024-06-03T00:00", id="no day of the month before"),
        pytest.param("cron(0 0 30W * ? *)", "2024-06-01T00:00", "2024-06-28T00:00", id="no day of the month after"),
        pytest.param("cron(0 0 31W * ? *)", "2024-06-01T00:00", "2024-07-31T00:00", id="months without that day"),
        pytest.param("cron(*/30 23 15W * ? *)", "2024-06-14T23:00", "2024-06-14T23:30", id="twice on the nearest"),
        pytest.param("cron(0 0 LW * ? *)", "2024-06-01T00:00", "2024-06-28T00:00", id="the last weekday of a month"),
        pytest.param("cron(0 0 ? * L *)", "2024-06-03T00:00", "2024-06-08T00:00", id="the last day of a week"),
        pytest.param("cron(0 0 ? * friL *)", "2024-03-01T00:00", "2024-03-29T00:00", id="the last Friday by name"),
        pytest.param("0 0 29 2 *", "2024-03-01T00:00", "2028-02-29T00:00", id="leap days only"),
    ],
)
def test_a_schedule_is_due_next(expression: str, moment: str, expected: str) -> None:
    assert due_after(expression, moment) == [expected]


@pytest.mark.parametrize(
    ("expression", "moment", "expected"),
    [
        pytest.param("0 9 * * *", "2024-03-30T12:00", ["2024-03-31T07:00", "2024-04-01T07:00"], id="nine is nine"),
        pytest.param("30 2 * * *", "2024-03-30T12:00", ["2024-03-31T01:00", "2024-04-01T00:30"], id="a gap in spring"),
        pytest.param("30 2 * * *", "2024-10-26T12:00", ["2024-10-27T00:30", "2024-10-28T01:30"], id="twice in autumn"),
        pytest.param(
            "0 */2 * * *", "2026-03-28T23:00", ["2026-03-29T01:00", "2026-03-29T02:00"], id="steps over a gap"
        ),
        pytest.param("0 */2 * * *", "2026-10-24T23:00", ["2026-10-25T00:00", "2026-10-25T03:00"], id="steps in autumn"),
        pytest.param("0 * * * *", "2026-03-29T00:30", ["2026-03-29T01:00", "2026-03-29T02:00"], id="hours in spring"),
        pytest.param("0 * * * *", "2026-10-24T23:30", ["2026-10-25T00:00", "2026-10-25T02:00"], id="hours in autumn"),
        pytest.param("*/20 2 * * *", "2026-03-28T23:00", ["2026-03-29T01:00", "2026-03-30T00:00"], id="all in a gap"),
        pytest.param("0 9 30 12 *", "2026-03-28T23:00", ["2026-12-30T08:00", "2027-12-30T08:00"], id="another winter"),
    ],
)
def test_a_time_of_day_is_meant_in_its_zone_all_year(expression: str, moment: str, expected: list[str]) -> None:
    assert due_after(expression, moment, "Europe/Berlin", 2) == expected


@pytest.mark.parametrize("expression", NO_SCHEDULES)
def test_what_is_no_schedule_is_refused_with_an_example(expression: str) -> None:
    with pytest.raises(Refused, match="rate\\(6 hours\\)") as refused:
        recurrence(expression, "UTC", anchor=ANCHOR)

    assert (refused.value.code, refused.value.param) == ("invalid_schedule", "schedule")


@pytest.mark.parametrize(
    "name",
    [
        *["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "Europe/Berlin\0", "europe/berlin"],
        *["localtime", "Factory", "posixrules", "right/Europe/Berlin", "posix/UTC", "zone.tab", "tzdata.zi"],
    ],
)
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        recurrence("rate(1 day)", name, anchor=ANCHOR)

    assert refused.value.code == "invalid_time_zone"


def test_a_day_that_a_zone_has_skipped_is_due_when_the_next_one_begins() -> None:
    assert due_after("0 9 30 12 *", "2011-12-01T00:00", "Pacific/Apia") == ["2011-12-30T10:00"]


@given(
    moment=st.integers(at("2020-01-01T00:00"), at("2040-01-01T00:00")),
    expression=st.sampled_from(["rate(7 minutes)", "*/20 * * * *", "30 2 * * *", "0 0 1 * *", "15 1,2,3 * * 0"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    share=st.floats(0, 1, exclude_max=True),
)
def test_a_due_time_is_later_and_none_lies_between(moment: int, expression: str, zone: str, share: float) -> None:
    recurring = recurrence(expression, zone, anchor=0)

    due = recurring.next_after(moment)

    assert due > moment
    assert recurring.next_after(moment + int((due - moment) * share)) == due
