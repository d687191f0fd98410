"""Whole numbers and decimals as their readers return them."""

from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.rules.values import reader_of
from chalicelib.rules.values.unreadable import Unreadable

INTEGER = reader_of(Field(name="count", type=FieldType.INTEGER), DEFAULT_LIMITS)
PERCENT = reader_of(Field(name="percent", type=FieldType.INTEGER, minimum=0, maximum=100), DEFAULT_LIMITS)
DECIMAL = reader_of(Field(name="amount", type=FieldType.DECIMAL), DEFAULT_LIMITS)
PRICE = reader_of(Field(name="price", type=FieldType.DECIMAL, minimum=0), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("12", 12, id="digits"),
        pytest.param("-7", -7, id="negative"),
        pytest.param("+7", 7, id="plus"),
        pytest.param(" 007 ", 7, id="zeros-and-space"),
        pytest.param("12.0", 12, id="no-fraction"),
        pytest.param(12, 12, id="number"),
        pytest.param(12.0, 12, id="float-without-fraction"),
        pytest.param(Decimal("12.00"), 12, id="streamed-number"),
        pytest.param("9223372036854775807", 9223372036854775807, id="largest"),
    ],
)
def test_reads_whole_numbers(given: object, expected: int) -> None:
    assert INTEGER(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("1,234", ProblemCode.INVALID_INTEGER, id="comma"),
        pytest.param("12.5", ProblemCode.INVALID_INTEGER, id="fraction"),
        pytest.param(12.5, ProblemCode.INVALID_INTEGER, id="float"),
        pytest.param("1e3", ProblemCode.INVALID_INTEGER, id="exponent"),
        pytest.param("٣", ProblemCode.INVALID_INTEGER, id="other-digits"),
        pytest.param("1_000", ProblemCode.INVALID_INTEGER, id="underscore"),
        pytest.param("0x10", ProblemCode.INVALID_INTEGER, id="hexadecimal"),
        pytest.param(float("nan"), ProblemCode.INVALID_INTEGER, id="nan"),
        pytest.param("9" * 100_000, ProblemCode.INVALID_INTEGER, id="very-long"),
        pytest.param("9223372036854775808", ProblemCode.OUT_OF_RANGE, id="too-large"),
        pytest.param(2**70, ProblemCode.OUT_OF_RANGE, id="too-large-number"),
        pytest.param(True, ProblemCode.INVALID_TYPE, id="boolean"),
        pytest.param([1], ProblemCode.INVALID_TYPE, id="list"),
    ],
)
def test_refuses_other_whole_numbers(given: object, code: ProblemCode) -> None:
    with pytest.raises(Unreadable) as refusal:
        INTEGER(given)

    assert refusal.value.code is code


def test_a_declared_range_is_kept() -> None:
    assert PERCENT("100") == 100
    with pytest.raises(Unreadable) as refusal:
        PERCENT("101")

    assert refusal.value.facts == {"minimum": 0, "maximum": 100}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("1234.56", "1234.56", id="point"),
        pytest.param("1,234.56", "1234.56", id="groups"),
        pytest.param("1,234,567", "1234567", id="two-groups"),
        pytest.param("1234,56", "1234.56", id="decimal-comma"),
        pytest.param("1234,567", "1234.567", id="comma-that-cannot-group"),
        pytest.param("0,123", "0.123", id="comma-after-zero"),
        pytest.param("12.50", "12.5", id="zeros-at-the-end"),
        pytest.param("10.00", "10", id="no-fraction"),
        pytest.param("100", "100", id="zeros-that-count"),
        pytest.param(".5", "0.5", id="bare-point"),
        pytest.param("+1", "1", id="plus"),
        pytest.param("-0.0", "0", id="negative-zero"),
        pytest.param("007.10", "7.1", id="zeros-in-front"),
        pytest.param("1.5e3", "1500", id="exponent"),
        pytest.param("9" * 29 + ".123456789", "9" * 29 + ".123456789", id="38-digits"),
        pytest.param(12, "12", id="number"),
        pytest.param(0.1, "0.1", id="float"),
        pytest.param(1e22, "10000000000000000000000", id="large-float"),
        pytest.param(Decimal("4.50"), "4.5", id="streamed-number"),
    ],
)
def test_reads_decimals_in_their_one_form(given: object, expected: str) -> None:
    assert DECIMAL(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("1,234", id="thousand-or-fraction"),
        pytest.param("1.234,56", id="points-as-groups"),
        pytest.param("1,23,456.7", id="uneven-groups"),
        pytest.param("12 €", id="unit"),
        pytest.param("1 234", id="space"),
        pytest.param("NaN", id="nan"),
        pytest.param("inf", id="infinity"),
        pytest.param(float("inf"), id="infinite-float"),
        pytest.param("1e400", id="huge"),
        pytest.param("1e-400", id="tiny"),
        pytest.param("1" * 39, id="39-digits"),
        pytest.param("1.2.3", id="two-points"),
        pytest.param("", id="nothing"),
        pytest.param("1," * 50_000, id="very-long"),
    ],
)
def test_refuses_other_decimals(given: object) -> None:
    with pytest.raises(Unreadable) as refusal:
        DECIMAL(given)

    assert refusal.value.code is ProblemCode.INVALID_DECIMAL


def test_a_decimal_below_its_minimum_is_out_of_range() -> None:
    with pytest.raises(Unreadable) as refusal:
        PRICE("-0.01")

    assert refusal.value.code is ProblemCode.OUT_OF_RANGE


@settings(max_examples=200, deadline=None)
@for_all(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_a_decimal_keeps_its_value_and_reads_the_same_twice(number: Decimal) -> None:
    once = DECIMAL(format(number, "f"))

    assert Decimal(str(once)) == number
    assert DECIMAL(once) == once
