"""Times as their reader returns them."""

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

TIME = reader_of(Field(name="closed_at", type=FieldType.DATETIME), DEFAULT_LIMITS)


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
        pytest.param("2025-03-01T12:00:00+05:30", "2025-03-01T06:30:00Z", id="offset-with-minutes"),
        pytest.param("2025-03-01T23:30:00+23:59", "2025-02-28T23:31:00Z", id="largest-offset"),
        pytest.param("1 Mar 2025 1:04 am", "2025-03-01T01:04:00Z", id="one-in-the-morning"),
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
        pytest.param("2025-03-01T12:00:00+05:60", ProblemCode.INVALID_DATETIME, id="offset-of-sixty-minutes"),
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


def time_in(zone: str) -> ValueReader:
    return reader_of(Field(name="closed_at", type=FieldType.DATETIME), DEFAULT_LIMITS, Notation(time_zone=zone))


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
