"""Whole numbers and decimals as their readers return them."""

from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import DecimalSign, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.model.rows import NumberText
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

INTEGER = reader_of(Field(name="count", type=FieldType.INTEGER), DEFAULT_LIMITS)

PERCENT = reader_of(Field(name="percent", type=FieldType.INTEGER, minimum=0, maximum=100), DEFAULT_LIMITS)

DECIMAL = reader_of(Field(name="amount", type=FieldType.DECIMAL), DEFAULT_LIMITS)

PRICE = reader_of(Field(name="price", type=FieldType.DECIMAL, minimum=0), DEFAULT_LIMITS)

SHARE = reader_of(Field(name="share", type=FieldType.DECIMAL, maximum=1), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("12", 12, id="digits"),
        pytest.param("-7", -7, id="negative"),
        pytest.param("+7", 7, id="plus"),
        pytest.param(" 007 ", 7, id="zeros-and-space"),
        pytest.param("12.0", 12, id="no-fraction"),
        pytest.param(NumberText(".0"), 0, id="nothing-but-a-fraction"),
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
        pytest.param("1,234", ProblemCode.AMBIGUOUS_NUMBER, id="comma"),
        pytest.param("12.000", ProblemCode.AMBIGUOUS_NUMBER, id="zeros-that-may-count"),
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
        pytest.param(10**100, ProblemCode.OUT_OF_RANGE, id="number-of-a-hundred-digits"),
        pytest.param(True, ProblemCode.INVALID_TYPE, id="boolean"),
        pytest.param([1], ProblemCode.INVALID_TYPE, id="list"),
    ],
)
def test_refuses_other_whole_numbers(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        INTEGER(given)

    assert refusal.value.code is code


def test_the_range_of_a_field_is_kept() -> None:
    assert (PERCENT("0"), PERCENT("100")) == (0, 100)
    with pytest.raises(InvalidValue) as refusal:
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
        pytest.param("1,234,56", id="uneven-groups"),
        pytest.param("1.23.456,7", id="indian-groups-with-points"),
        pytest.param("12 €", id="unit"),
        pytest.param("$5", id="currency-sign"),
        pytest.param("5 kg", id="measure"),
        pytest.param("50 %", id="percent"),
        pytest.param("1 2", id="two-numbers"),
        pytest.param("1 234'567", id="two-separators"),
        pytest.param("(-5)", id="negative-twice"),
        pytest.param("-5-", id="two-signs"),
        pytest.param("5.", id="bare-point-behind"),
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
    with pytest.raises(InvalidValue) as refusal:
        DECIMAL(given)

    assert refusal.value.code is ProblemCode.INVALID_DECIMAL


def test_a_decimal_may_be_at_the_end_of_its_range() -> None:
    assert (PRICE("0"), SHARE("1.0")) == ("0", "1")


@pytest.mark.parametrize(("read", "given"), [(PRICE, "-0.01"), (SHARE, "1.01")], ids=["below", "above"])
def test_a_decimal_beyond_its_range_is_refused(read: ValueReader, given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read(given)

    assert refusal.value.code is ProblemCode.OUT_OF_RANGE


@settings(max_examples=200, deadline=None)
@for_all(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_a_decimal_keeps_its_value_and_reads_the_same_twice(number: Decimal) -> None:
    once = decimal_as(DecimalSign.POINT)(format(number, "f"))

    assert Decimal(str(once)) == number
    assert decimal_as(DecimalSign.POINT)(once) == once


def decimal_as(way: DecimalSign | None) -> ValueReader:
    return reader_of(Field(name="amount", type=FieldType.DECIMAL), DEFAULT_LIMITS, Notation(decimal=way))


@pytest.mark.parametrize(
    ("given", "with_point", "with_comma"),
    [
        pytest.param("1,234", "1234", "1.234", id="comma-before-three"),
        pytest.param("3.000", "3", "3000", id="point-before-three"),
        pytest.param("12.500", "12.5", "12500", id="two-digits-before"),
        pytest.param("-999,999", "-999999", "-999.999", id="negative"),
        pytest.param("(1.234)", "-1.234", "-1234", id="brackets"),
        pytest.param("1.234-", "-1.234", "-1234", id="sign-behind"),
        pytest.param("\u22121,234", "-1234", "-1.234", id="minus-of-typesetters"),
        pytest.param("+1.234", "1.234", "1234", id="plus"),
        pytest.param(" 1.234 ", "1.234", "1234", id="space-around"),
        pytest.param("\u200e1.234", "1.234", "1234", id="direction-mark"),
        pytest.param("100,000", "100000", "100", id="zeros"),
    ],
)
def test_a_number_with_two_readings_is_refused_unless_its_notation_is_known(
    given: str, with_point: str, with_comma: str
) -> None:
    assert decimal_as(DecimalSign.POINT)(given) == with_point
    assert decimal_as(DecimalSign.COMMA)(given) == with_comma
    with pytest.raises(InvalidValue) as refusal:
        DECIMAL(given)

    assert refusal.value.code is ProblemCode.AMBIGUOUS_NUMBER
    assert refusal.value.facts == {"readings": f"{with_point} or {with_comma}"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("1.234,56", "1234.56", id="points-as-groups"),
        pytest.param("1.234.567", "1234567", id="two-groups"),
        pytest.param("1.234.567,00", "1234567", id="zeros-behind"),
        pytest.param("999,90", "999.9", id="two-behind-the-comma"),
        pytest.param("0,123", "0.123", id="three-behind-zero"),
        pytest.param(",5", "0.5", id="bare-comma"),
        pytest.param("1,5E+03", "1500", id="exponent"),
        pytest.param("1 234 567,89", "1234567.89", id="spaces"),
        pytest.param("1\xa0234,5", "1234.5", id="no-break-space"),
        pytest.param("1\u202f234,5", "1234.5", id="narrow-space"),
        pytest.param("1\u2009234,5", "1234.5", id="thin-space"),
        pytest.param("1'234,50", "1234.5", id="apostrophe"),
        pytest.param("1234567,891", "1234567.891", id="ungrouped"),
    ],
)
def test_a_number_with_a_decimal_comma_alone_is_read_so(given: str, expected: str) -> None:
    assert DECIMAL(given) == expected
    with pytest.raises(InvalidValue) as refusal:
        decimal_as(DecimalSign.POINT)(given)

    assert refusal.value.code is ProblemCode.NOTATION_DIFFERS


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("1,234.56", "1234.56", id="commas-as-groups"),
        pytest.param("12,34,567", "1234567", id="indian"),
        pytest.param("1,23,456.7", "123456.7", id="indian-with-fraction"),
        pytest.param("0.123", "0.123", id="three-behind-zero"),
        pytest.param("1234.567", "1234.567", id="ungrouped"),
        pytest.param("12.3456", "12.3456", id="four-behind"),
        pytest.param("1'234.50", "1234.5", id="apostrophe"),
        pytest.param("1\u2019234.50", "1234.5", id="curly-apostrophe"),
        pytest.param("1 234.567", "1234.567", id="space"),
        pytest.param("1.234e3", "1234", id="exponent"),
    ],
)
def test_a_number_with_a_decimal_point_alone_is_read_so(given: str, expected: str) -> None:
    assert DECIMAL(given) == expected
    with pytest.raises(InvalidValue) as refusal:
        decimal_as(DecimalSign.COMMA)(given)

    assert refusal.value.code is ProblemCode.NOTATION_DIFFERS


@pytest.mark.parametrize("way", [None, *DecimalSign])
def test_what_is_no_number_is_none_in_any_notation(way: DecimalSign | None) -> None:
    with pytest.raises(InvalidValue) as refusal:
        decimal_as(way)("banana")

    assert refusal.value.code is ProblemCode.INVALID_DECIMAL


@pytest.mark.parametrize("way", [None, *DecimalSign])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1234", "1234"),
        ("1 234", "1234"),
        ("1'234'567", "1234567"),
        ("1\xa0234", "1234"),
        ("-5", "-5"),
        ("5-", "-5"),
        ("(5)", "-5"),
        ("\u22125", "-5"),
        (1.234, "1.234"),
        (Decimal("1.234"), "1.234"),
        (NumberText("1.234"), "1.234"),
        (NumberText("1e3"), "1000"),
        (7, "7"),
    ],
)
def test_numbers_with_one_meaning_mean_it_in_every_notation(
    way: DecimalSign | None, given: object, expected: str
) -> None:
    assert decimal_as(way)(given) == expected


def outcome_of(read: ValueReader, given: str) -> object:
    """The number that is read, or why it is refused."""
    try:
        return Decimal(str(read(given)))
    except InvalidValue as refusal:
        return refusal.code


digits = st.integers(min_value=0, max_value=10**15)

fractions = st.text("0123456789", max_size=6)


@settings(max_examples=300, deadline=None)
@for_all(whole=digits, fraction=fractions, group=st.sampled_from(["", ",", " ", "'", "\xa0", "\u202f"]))
def test_a_number_is_never_off_by_a_factor_of_a_thousand(whole: int, fraction: str, group: str) -> None:
    number = Decimal(f"{whole}.{fraction or 0}")
    text = f"{whole:,}".replace(",", group) + (f".{fraction}" if fraction else "")
    swapped = text.translate(str.maketrans(".,", ",."))

    for spelled, way in ((text, DecimalSign.POINT), (swapped, DecimalSign.COMMA)):
        assert Decimal(str(decimal_as(way)(spelled))) == number
        assert outcome_of(DECIMAL, spelled) in (number, ProblemCode.AMBIGUOUS_NUMBER)
