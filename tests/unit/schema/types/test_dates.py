"""Dates and times as their readers return them."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import DateOrder, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

DATE = reader_of(Field(name="close_date", type=FieldType.DATE), DEFAULT_LIMITS)
TIME = reader_of(Field(name="closed_at", type=FieldType.DATETIME), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("2025-03-01", "2025-03-01", id="iso"),
        pytest.param("2025/3/1", "2025-03-01", id="year-first-slashes"),
        pytest.param("1.3.2025", "2025-03-01", id="points"),
        pytest.param("1 Mar 2025", "2025-03-01", id="day-month"),
        pytest.param("01-Mar-2025", "2025-03-01", id="day-month-hyphens"),
        pytest.param("March 1, 2025", "2025-03-01", id="month-day"),
        pytest.param("Sept 1st 2025", "2025-09-01", id="ordinal"),
        pytest.param("25/3/2025", "2025-03-25", id="only-day-first"),
        pytest.param("3/25/2025", "2025-03-25", id="only-month-first"),
        pytest.param("25-03-2025", "2025-03-25", id="only-day-first-hyphens"),
        pytest.param("3/3/2025", "2025-03-03", id="same-either-way"),
        pytest.param("2024-02-29", "2024-02-29", id="leap-day"),
        pytest.param("2025-03-01 00:00:00", "2025-03-01", id="midnight"),
        pytest.param("2025-03-01T00:00:00.000Z", "2025-03-01", id="midnight-utc"),
    ],
)
def test_reads_dates(given: str, expected: str) -> None:
    assert DATE(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("1/3/2025", ProblemCode.AMBIGUOUS_DATE, id="two-readings"),
        pytest.param("01-03-2025", ProblemCode.AMBIGUOUS_DATE, id="two-readings-hyphens"),
        pytest.param("2025-02-29", ProblemCode.INVALID_DATE, id="no-such-day"),
        pytest.param("2025-13-01", ProblemCode.INVALID_DATE, id="no-such-month"),
        pytest.param("1998-1-20", ProblemCode.INVALID_DATE, id="one-digit"),
        pytest.param("25/13/2025", ProblemCode.INVALID_DATE, id="neither-reading"),
        pytest.param("20250301", ProblemCode.INVALID_DATE, id="basic"),
        pytest.param("2025-W09-6", ProblemCode.INVALID_DATE, id="week"),
        pytest.param("2025-060", ProblemCode.INVALID_DATE, id="day-of-year"),
        pytest.param("2025-03-0১", ProblemCode.INVALID_DATE, id="other-digits"),
        pytest.param("1 Foo 2025", ProblemCode.INVALID_DATE, id="no-month"),
        pytest.param("1/3/25", ProblemCode.INVALID_DATE, id="two-digit-year"),
        pytest.param("2025-03-01 12:30", ProblemCode.INVALID_DATE, id="time-of-day"),
        pytest.param("0000-01-01", ProblemCode.INVALID_DATE, id="year-zero"),
        pytest.param("1" * 100_000, ProblemCode.INVALID_DATE, id="very-long"),
        pytest.param(45000, ProblemCode.INVALID_DATE, id="number"),
        pytest.param(True, ProblemCode.INVALID_TYPE, id="boolean"),
    ],
)
def test_refuses_other_dates(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        DATE(given)

    assert refusal.value.code is code


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("2025-03-01T12:00:00Z", "2025-03-01T12:00:00Z", id="canonical"),
        pytest.param("2025-03-01t12:00:00z", "2025-03-01T12:00:00Z", id="small-letters"),
        pytest.param("2025-03-01T12:00:00+01:00", "2025-03-01T11:00:00Z", id="offset"),
        pytest.param("2025-03-01T00:30:00+0200", "2025-02-28T22:30:00Z", id="offset-into-yesterday"),
        pytest.param("2025-03-01 12:00", "2025-03-01T12:00:00Z", id="space-no-seconds"),
        pytest.param("2025-03-01T12:00:00.250Z", "2025-03-01T12:00:00.25Z", id="fraction"),
        pytest.param("1996-07-04 00:00:00.000", "1996-07-04T00:00:00Z", id="fraction-of-zeros"),
        pytest.param("2025-03-01", "2025-03-01T00:00:00Z", id="date-only"),
        pytest.param("1 Mar 2025 3:04 pm", "2025-03-01T15:04:00Z", id="afternoon"),
        pytest.param("Mar 1, 2025, 12:04 AM", "2025-03-01T00:04:00Z", id="after-midnight"),
        pytest.param("2025-03-01 12:00:00 UTC", "2025-03-01T12:00:00Z", id="named-utc"),
        pytest.param("1998-12-31T23:59:60Z", "1999-01-01T00:00:00Z", id="leap-second"),
        pytest.param("1998-12-31T15:59:60.123-08:00", "1999-01-01T00:00:00.123Z", id="leap-second-offset"),
        pytest.param(1740830400, "2025-03-01T12:00:00Z", id="epoch"),
        pytest.param(1740830400.5, "2025-03-01T12:00:00.5Z", id="epoch-fraction"),
        pytest.param(0, "1970-01-01T00:00:00Z", id="epoch-zero"),
    ],
)
def test_reads_times_into_utc(given: object, expected: str) -> None:
    assert TIME(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("2025-03-01T25:00:00Z", ProblemCode.INVALID_DATETIME, id="no-such-hour"),
        pytest.param("2025-02-30T12:00:00Z", ProblemCode.INVALID_DATETIME, id="no-such-day"),
        pytest.param("2025-02-30T12:00:00+01:00", ProblemCode.INVALID_DATETIME, id="no-such-day-offset"),
        pytest.param("1998-12-31T23:58:60Z", ProblemCode.INVALID_DATETIME, id="no-leap-second"),
        pytest.param("1998-12-31T23:59:61Z", ProblemCode.INVALID_DATETIME, id="second-61"),
        pytest.param("1990-12-31T15:59:59-24:00", ProblemCode.INVALID_DATETIME, id="offset-of-a-day"),
        pytest.param("1963-06-19T08:30:06.28123+01:00Z", ProblemCode.INVALID_DATETIME, id="two-offsets"),
        pytest.param("06/19/1963 08:30:06 PST", ProblemCode.INVALID_DATETIME, id="named-zone"),
        pytest.param("2025-03-01 13:00 pm", ProblemCode.INVALID_DATETIME, id="thirteen-pm"),
        pytest.param("0001-01-01T00:00:00+01:00", ProblemCode.INVALID_DATETIME, id="before-all-years"),
        pytest.param("1740830400", ProblemCode.INVALID_DATETIME, id="epoch-as-text"),
        pytest.param(1740830400000, ProblemCode.INVALID_DATETIME, id="milliseconds"),
        pytest.param(float("nan"), ProblemCode.INVALID_DATETIME, id="nan"),
        pytest.param(10**400, ProblemCode.INVALID_DATETIME, id="huge-number"),
        pytest.param(" : " * 33_000, ProblemCode.INVALID_DATETIME, id="very-long"),
        pytest.param("1/3/2025 12:00", ProblemCode.AMBIGUOUS_DATE, id="two-readings"),
        pytest.param(True, ProblemCode.INVALID_TYPE, id="boolean"),
    ],
)
def test_refuses_other_times(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        TIME(given)

    assert refusal.value.code is code


@settings(max_examples=100, deadline=None)
@for_all(st.datetimes())
def test_a_time_reads_the_same_twice(moment: object) -> None:
    once = TIME(str(moment))

    assert TIME(once) == once


def date_as(order: DateOrder | None = None, *, pointed: DateOrder | None = DateOrder.DAY_FIRST) -> ValueReader:
    notation = Notation(date_order=order, pointed_order=pointed)
    return reader_of(Field(name="close_date", type=FieldType.DATE), DEFAULT_LIMITS, notation)


def time_in(zone: str) -> ValueReader:
    return reader_of(Field(name="closed_at", type=FieldType.DATETIME), DEFAULT_LIMITS, Notation(time_zone=zone))


@pytest.mark.parametrize("given", ["1/3/2025", "01/03/2025", "1-3-2025", "01-03-2025", "1/03/2025", "\u200f1/3/2025"])
def test_a_date_with_two_readings_is_refused_unless_its_order_is_known(given: str) -> None:
    assert date_as(DateOrder.DAY_FIRST)(given) == "2025-03-01"
    assert date_as(DateOrder.MONTH_FIRST)(given) == "2025-01-03"
    with pytest.raises(InvalidValue) as refusal:
        DATE(given)

    assert refusal.value.code is ProblemCode.AMBIGUOUS_DATE
    assert refusal.value.facts == {"readings": "2025-03-01 or 2025-01-03"}


@pytest.mark.parametrize(
    ("given", "order"),
    [
        pytest.param("3/25/2025", DateOrder.DAY_FIRST, id="month-first"),
        pytest.param("25/3/2025", DateOrder.MONTH_FIRST, id="day-first"),
        pytest.param("03-25-2025", DateOrder.DAY_FIRST, id="month-first-hyphens"),
        pytest.param("25-03-2025", DateOrder.MONTH_FIRST, id="day-first-hyphens"),
        pytest.param("25.3.2025", DateOrder.MONTH_FIRST, id="day-first-points"),
        pytest.param("3.25.2025", DateOrder.DAY_FIRST, id="month-first-points"),
    ],
)
def test_a_date_that_contradicts_its_column_is_refused(given: str, order: DateOrder) -> None:
    with pytest.raises(InvalidValue) as refusal:
        date_as(order, pointed=order)(given)

    assert refusal.value.code is ProblemCode.NOTATION_DIFFERS


@pytest.mark.parametrize("order", [None, *DateOrder])
@pytest.mark.parametrize("given", ["2025-03-01", "2025/3/1", "1 Mar 2025", "March 1, 2025", "2025-03-01 00:00"])
def test_dates_with_one_meaning_mean_it_in_every_order(order: DateOrder | None, given: str) -> None:
    assert date_as(order)(given) == "2025-03-01"


def test_points_stand_in_dates_with_the_day_first_unless_the_column_says_otherwise() -> None:
    assert date_as()("1.3.2025") == "2025-03-01"
    assert date_as(DateOrder.MONTH_FIRST)("1.3.2025") == "2025-03-01"
    assert date_as(pointed=DateOrder.MONTH_FIRST)("1.3.2025") == "2025-01-03"
    with pytest.raises(InvalidValue) as refusal:
        date_as(pointed=None)("1.3.2025")

    assert refusal.value.code is ProblemCode.AMBIGUOUS_DATE


@pytest.mark.parametrize(
    ("given", "zone", "expected"),
    [
        pytest.param("2025-03-01 12:00", "Europe/Berlin", "2025-03-01T11:00:00Z", id="winter"),
        pytest.param("2025-07-01 12:00", "Europe/Berlin", "2025-07-01T10:00:00Z", id="summer"),
        pytest.param("2025-07-01T12:00:00.5", "America/New_York", "2025-07-01T16:00:00.5Z", id="fraction"),
        pytest.param("2025-03-01 12:00", "Asia/Kolkata", "2025-03-01T06:30:00Z", id="half-hour"),
        pytest.param("2025-03-01", "Europe/Berlin", "2025-02-28T23:00:00Z", id="day-alone"),
        pytest.param("2025-10-26 02:30", "UTC", "2025-10-26T02:30:00Z", id="utc"),
        pytest.param("2025-03-01T12:00:00Z", "Europe/Berlin", "2025-03-01T12:00:00Z", id="z-is-an-offset"),
        pytest.param("2025-03-01 12:00 UTC", "Europe/Berlin", "2025-03-01T12:00:00Z", id="utc-is-an-offset"),
        pytest.param("2025-03-01T12:00:00+05:00", "Europe/Berlin", "2025-03-01T07:00:00Z", id="offset"),
        pytest.param("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", id="a-day-without-midnight"),
        pytest.param(1740830400, "Europe/Berlin", "2025-03-01T12:00:00Z", id="epoch"),
    ],
)
def test_times_without_an_offset_are_of_the_stated_zone(given: object, zone: str, expected: str) -> None:
    assert time_in(zone)(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("2025-03-30 02:30", ProblemCode.INVALID_DATETIME, id="no-clock-shows-it"),
        pytest.param("2025-10-26 02:30", ProblemCode.AMBIGUOUS_TIME, id="clocks-show-it-twice"),
    ],
)
def test_times_at_which_clocks_are_turned_are_not_guessed(given: str, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        time_in("Europe/Berlin")(given)

    assert refusal.value.code is code


def outcome_of(read: ValueReader, given: str) -> object:
    """What is read, or why it is refused."""
    try:
        return read(given)
    except InvalidValue as refusal:
        return refusal.code


@settings(max_examples=200, deadline=None)
@for_all(st.dates(), st.sampled_from(DateOrder), st.sampled_from("/-."))
def test_a_day_is_never_swapped(day: date, order: DateOrder, sign: str) -> None:
    parts = [f"{day.day:02d}", f"{day.month:02d}"]
    text = sign.join([*(parts if order is DateOrder.DAY_FIRST else parts[::-1]), f"{day.year:04d}"])

    assert date_as(order, pointed=order)(text) == day.isoformat()
    assert outcome_of(date_as(pointed=None), text) in (day.isoformat(), ProblemCode.AMBIGUOUS_DATE)
