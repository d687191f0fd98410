"""Numbers, dates and escapes of workbooks as texts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.formats.workbooks.cell_text import (
    Inexact,
    duration_text,
    number_text,
    serial_text,
    unescaped,
    whole_date,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("1", "1", id="whole"),
        pytest.param("1.0", "1", id="whole_with_point"),
        pytest.param("-0", "0", id="minus_nought"),
        pytest.param("007", "7", id="zeros_before"),
        pytest.param("1.50", "1.5", id="zeros_behind"),
        pytest.param(" 5 ", "5", id="spaces"),
        pytest.param("0.30000000000000004", "0.3", id="fifteen_digits"),
        pytest.param("1.5E+3", "1500", id="exponent"),
        pytest.param("1.2E-7", "0.00000012", id="small"),
        pytest.param("9007199254740991", "9007199254740991", id="largest_exact_float"),
        pytest.param("9007199254740993", "9007199254740993", id="beyond_floats"),
        pytest.param("1234567890123456781", "1234567890123456781", id="nineteen_digits"),
        pytest.param("-1234567890123456781", "-1234567890123456781", id="negative"),
        pytest.param("100000000000000000000", "100000000000000000000", id="round"),
        pytest.param("15000000000000000", "15000000000000000", id="few_digits"),
        pytest.param("1E+15", "1000000000000000", id="exponent_below_floats_end"),
        pytest.param("", "", id="nothing"),
        pytest.param("NaN", "NaN", id="no_number"),
        pytest.param("1e999", "1e999", id="infinite"),
        pytest.param("abc", "abc", id="letters"),
    ],
)
def test_a_number_has_one_form(raw: str, text: str) -> None:
    assert number_text(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("1.23456789012346E+18", id="fifteen_digits_of_nineteen"),
        pytest.param("1.2345678901234E+18", id="the_last_was_nought"),
        pytest.param("1.2345678901234568E+18", id="as_a_float_is_spelled"),
        pytest.param("1.2345678901234567e+16", id="seventeen_digits"),
        pytest.param("1234567890123450000", id="without_exponent"),
        pytest.param("-1.23456789012346E+18", id="negative"),
        pytest.param("12345678901234567.0", id="with_point"),
        pytest.param("12345678901234567.5", id="with_fraction"),
        pytest.param("9.00719925474112E+15", id="just_beyond_floats"),
        pytest.param("1.23456789012346E+30", id="enormous"),
        pytest.param("1e+18", id="round_but_who_knows"),
        pytest.param("9100000000000000.0", id="round_float"),
    ],
)
def test_a_number_that_has_lost_digits_is_told_from_one_that_has_not(raw: str) -> None:
    with pytest.raises(Inexact):
        number_text(raw)


@given(st.integers(min_value=-(10**30), max_value=10**30))
def test_a_whole_number_keeps_all_its_digits_or_none(number: int) -> None:
    try:
        assert number_text(str(number)) == str(number)
    except Inexact:
        assert abs(number) >= 2**53


@given(st.integers(min_value=10**15, max_value=10**25), st.integers(min_value=10**15, max_value=10**25))
@example(2**53, 2**53 + 1)
@example(1_234_567_890_123_456, 1_234_567_890_123_457)
def test_two_numbers_never_become_one_in_fifteen_digits(one: int, other: int) -> None:
    texts = []
    for number in {one, other}:
        try:
            texts.append(number_text(f"{number:.14E}"))
        except Inexact:
            texts.append(f"inexact {number}")

    assert len(set(texts)) == len({one, other})


@pytest.mark.parametrize(
    ("serial", "has_date", "has_time", "text"),
    [
        pytest.param(45351, True, False, "2024-02-29", id="date"),
        pytest.param(45351.99, True, False, "2024-02-29", id="time_that_is_not_shown"),
        pytest.param(45351.5, True, True, "2024-02-29T12:00:00", id="both"),
        pytest.param(45351, True, True, "2024-02-29", id="midnight"),
        pytest.param(45351.5451388889, True, True, "2024-02-29T13:05:00", id="rounded_to_milliseconds"),
        pytest.param(0.5, False, True, "12:00:00", id="time"),
        pytest.param(45351.25, False, True, "06:00:00", id="date_that_is_not_shown"),
        pytest.param(0.75, True, True, "18:00:00", id="time_without_a_day"),
        pytest.param(1, True, False, "1900-01-01", id="first_day"),
        pytest.param(59, True, False, "1900-02-28", id="before_the_leap_day"),
        pytest.param(60, True, False, "1900-02-29", id="the_leap_day_that_never_was"),
        pytest.param(61, True, False, "1900-03-01", id="behind_the_leap_day"),
        pytest.param(2958465, True, False, "9999-12-31", id="last_day"),
        pytest.param(2958466, True, False, None, id="behind_the_last_day"),
        pytest.param(2958465.9999999999, True, False, None, id="rounded_beyond_the_last_day"),
        pytest.param(0, True, False, None, id="no_day"),
        pytest.param(-1, True, False, None, id="before_all_days"),
    ],
)
def test_a_serial_number_is_the_moment_a_person_sees(
    serial: float, has_date: bool, has_time: bool, text: str | None
) -> None:
    assert serial_text(serial, has_date=has_date, has_time=has_time) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(108_300, "30:05:00"), (59.6, "0:01:00"), (0, "0:00:00"), (-300, "-0:05:00"), (86_400 * 10, "240:00:00")],
)
def test_a_duration_may_exceed_a_day(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("plain", "plain"),
        ("a_x000D_b", "a\rb"),
        ("_x000a_", "\n"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x005F_", "_"),
        ("_x00G0_", "_x00G0_"),
        ("_x12_", "_x12_"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xFFFE__xFFFF_", "\ufffe\uffff"),
        ("_x0041__x0042_", "AB"),
    ],
)
def test_escapes_are_resolved_once(text: str, resolved: str) -> None:
    assert unescaped(text) == resolved


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2024-02-29T00:00:00.000Z", "2024-02-29"),
        ("2024-02-29T00:00", "2024-02-29"),
        ("2024-02-29T00:00:01", "2024-02-29T00:00:01"),
        ("2024-02-29", "2024-02-29"),
        ("13:05:00", "13:05:00"),
    ],
)
def test_midnight_is_left_out(text: str, whole: str) -> None:
    assert whole_date(text) == whole
