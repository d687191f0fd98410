"""Schedules against a plain look at every minute there is: what stands on the clock, and for the first time?

The look knows nothing of cron: each expression comes with the minutes, hours and days that it means. A year and twelve
zones in `make test`, ten years in `make fuzz`.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.schedules.recurrence import recurrence
from tests.fuzzing import FUZZ

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = 10 if FUZZ else 1
MINUTE = timedelta(minutes=1)
ZONES = [
    *["UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Santiago", "America/St_Johns"],
    *["Australia/Lord_Howe", "Australia/Sydney", "Asia/Kathmandu", "Africa/Casablanca", "Asia/Gaza", "Pacific/Chatham"],
]


@dataclass(frozen=True)
class Meant:
    minutes: Set[int]
    hours: Set[int]
    is_day: Callable[[date], bool] = lambda _: True

    def due(self, clocks: "Clocks") -> list[datetime]:
        times = [(hour, minute) for hour in self.hours for minute in self.minutes]
        return sorted({moment for time in times for moment, day in clocks.get(time, ()) if self.is_day(day)})


def _second_friday(day: date) -> bool:
    return day.isoweekday() == 5 and 8 <= day.day <= 14


def _near_fifteenth(day: date) -> bool:
    return (day.day == 15 and day.isoweekday() < 6) or (day.day, day.isoweekday()) in {(14, 5), (16, 1)}


def _last(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


CASES = {
    "30 2 * * *": Meant({30}, {2}),
    "0 */2 * * *": Meant({0}, {*range(0, 24, 2)}),
    "*/20 1-3 * * *": Meant({0, 20, 40}, {1, 2, 3}),
    "0 * * 3,4,10 *": Meant({0}, {*range(24)}, lambda day: day.month in {3, 4, 10}),
    "15 0,23 13 * 5": Meant({15}, {0, 23}, lambda day: day.day == 13 or day.isoweekday() == 5),
    "cron(0 9 ? * 2/2 *)": Meant({0}, {9}, lambda day: day.isoweekday() in {1, 3, 5}),
    "cron(45 2 ? * 1/3 *)": Meant({45}, {2}, lambda day: day.isoweekday() in {7, 3, 6}),
    "cron(0/30 0-4/2 ? 3,10-11 SUN,SAT *)": Meant(
        {0, 30}, {0, 2, 4}, lambda day: day.month in {3, 10, 11} and day.isoweekday() in {6, 7}
    ),
    "cron(10 3 ? * 6#2 *)": Meant({10}, {3}, _second_friday),
    "cron(10 3 15W * ? *)": Meant({10}, {3}, _near_fifteenth),
    "cron(59 23 L * ? *)": Meant({59}, {23}, _last),
}


Clocks = dict[tuple[int, int], list[tuple[datetime, date]]]
"""By hour and minute on the clock: the moments at which it shows them for the first time, and the date."""


@cache
def _clocks(zone: str, first: datetime, last: datetime) -> Clocks:
    """What is skipped is shown at the moment at which the clock goes on behind it; what comes again is not shown."""
    clocks: Clocks = defaultdict(list)
    here = ZoneInfo(zone)
    latest = (first - MINUTE).astimezone(here).replace(tzinfo=None, fold=0)
    moment = first
    while moment < last:
        shown = moment.astimezone(here).replace(tzinfo=None, fold=0)
        while latest < shown:
            latest += MINUTE
            clocks[latest.hour, latest.minute].append((moment, latest.date()))
        moment += MINUTE
    return clocks


def _each_due(expression: str, zone: str, first: datetime, last: datetime) -> Iterator[datetime]:
    following = recurrence(expression, zone, anchor=0).next_after
    due = following(int(first.timestamp()) - 1)
    while due < last.timestamp():
        yield datetime.fromtimestamp(due, UTC)
        due = following(due)


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_of_a_year_is_due_or_not_as_its_clock_says(zone: str) -> None:
    for year in range(YEARS):
        first = FIRST.replace(year=FIRST.year + year)
        last = FIRST.replace(year=FIRST.year + year + 1)
        clocks = _clocks(zone, first, last)
        for expression, meant in CASES.items():
            assert [*_each_due(expression, zone, first, last)] == meant.due(clocks), expression
        _clocks.cache_clear()


NIGHTS = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 4, tzinfo=UTC)]


@st.composite
def cron_and_meaning(draw: st.DrawFn) -> tuple[str, Meant]:
    """Numbers as a list, of days of the week as EventBridge or as crontab counts them."""
    minutes = draw(st.sets(st.sampled_from([0, 1, 15, 29, 30, 31, 59]), min_size=1, max_size=3))
    hours = draw(st.sets(st.integers(0, 4) | st.integers(20, 23), min_size=1, max_size=4))
    days = draw(st.sets(st.integers(1, 7), min_size=1))
    times = f"{','.join(map(str, minutes))} {','.join(map(str, hours))}"
    crontab = f"{times} * * {','.join(str(day) for day in days)}"
    aws = f"cron({times} ? * {','.join(str(day % 7 + 1) for day in days)} *)"
    return draw(st.sampled_from([crontab, aws])), Meant(minutes, hours, lambda day: day.isoweekday() in days)


@settings(max_examples=FUZZ * 10 or 100, deadline=None)
@given(cron=cron_and_meaning(), zone=st.sampled_from(ZONES), night=st.sampled_from(NIGHTS))
def test_nights_on_which_clocks_are_moved_are_no_exception(cron: tuple[str, Meant], zone: str, night: datetime) -> None:
    expression, meant = cron
    first, last = night - timedelta(days=1), night + timedelta(days=2)

    due = [*_each_due(expression, zone, first, last)]

    assert due == meant.due(_clocks(zone, first, last))
