"""Dates and times as their readers return them."""

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.rules.values import reader_of
from chalicelib.rules.values.unreadable import Unreadable

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
    with pytest.raises(Unreadable) as refusal:
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
    with pytest.raises(Unreadable) as refusal:
        TIME(given)

    assert refusal.value.code is code


@settings(max_examples=100, deadline=None)
@for_all(st.datetimes())
def test_a_time_reads_the_same_twice(moment: object) -> None:
    once = TIME(str(moment))

    assert TIME(once) == once
