"""Dates as their reader returns them."""

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
from chalicelib.schema.types.dates import is_pointed, readings_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

DATE = reader_of(Field(name="close_date", type=FieldType.DATE), DEFAULT_LIMITS)


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
        pytest.param("1. März 2025", "2025-03-01", id="german"),
        pytest.param("1er févr. 2025", "2025-02-01", id="french"),
        pytest.param("3 de marzo de 2025", "2025-03-03", id="spanish"),
        pytest.param("1º de dezembro de 2025", "2025-12-01", id="portuguese"),
        pytest.param("3 gennaio 2025", "2025-01-03", id="italian"),
        pytest.param("3 mrt 2025", "2025-03-03", id="dutch"),
        pytest.param("15 września 2025", "2025-09-15", id="polish"),
        pytest.param("12 KASIM 2025", "2025-11-12", id="turkish"),
        pytest.param("2025年3月1日", "2025-03-01", id="japanese-chinese"),
        pytest.param("2025년 3월 1일", "2025-03-01", id="korean"),
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


def date_as(order: DateOrder | None = None, *, pointed: DateOrder | None = DateOrder.DAY_FIRST) -> ValueReader:
    notation = Notation(date_order=order, pointed_order=pointed)
    return reader_of(Field(name="close_date", type=FieldType.DATE), DEFAULT_LIMITS, notation)


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


def test_only_what_begins_with_two_numbers_and_a_year_has_readings() -> None:
    assert readings_of("25/3/2025 12:00") == {DateOrder.DAY_FIRST: date(2025, 3, 25)}
    assert readings_of("2025-03-01") == {}


@pytest.mark.parametrize(("text", "expected"), [("1.3.2025 12:00", True), ("1/3/2025", False), ("March", False)])
def test_points_are_told_from_other_signs(text: str, expected: bool) -> None:
    assert is_pointed(text) is expected
