"""How numbers are written."""

from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import DecimalSign, Notation
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.number_notations import find_plain, readings_of, unmistakable
from chalicelib.schema.types.value_reader import ValueReader

DECIMAL = reader_of(Field(name="amount", type=FieldType.DECIMAL), DEFAULT_LIMITS)


def decimal_as(way: DecimalSign | None) -> ValueReader:
    return reader_of(Field(name="amount", type=FieldType.DECIMAL), DEFAULT_LIMITS, Notation(decimal=way))


@settings(max_examples=200, deadline=None)
@for_all(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=3))
def test_what_an_export_writes_has_one_reading(number: Decimal) -> None:
    canonical = decimal_as(DecimalSign.POINT)(format(number, "f"))

    assert DECIMAL(unmistakable(canonical)) == canonical


@pytest.mark.parametrize(
    ("given", "point", "comma"),
    [
        pytest.param("1,234", "1234", "1.234", id="comma"),
        pytest.param("1.234", "1.234", "1234", id="point"),
        pytest.param("(1 234)", "-1234", "-1234", id="either way"),
        pytest.param("12,34,567", "1234567", None, id="indian"),
        pytest.param("1.234.567,5", None, "1234567.5", id="comma only"),
        pytest.param("-.5", "-0.5", None, id="no digit before the point"),
        pytest.param(",25", None, "0.25", id="no digit before the comma"),
        pytest.param("5 kg", None, None, id="unit"),
        pytest.param("", None, None, id="empty"),
        pytest.param("(55", None, None, id="bracket without its other"),
        pytest.param("1" * 64, "1" * 64, "1" * 64, id="longest"),
        pytest.param("1" * 65, None, None, id="too long"),
    ],
)
def test_a_text_has_a_reading_by_each_sign_that_allows_it(given: str, point: str | None, comma: str | None) -> None:
    readings = readings_of(given)

    assert (readings.get(DecimalSign.POINT), readings.get(DecimalSign.COMMA)) == (point, comma)


@pytest.mark.parametrize(
    ("given", "plain"),
    [("1E5", "1e5"), (".5", ".5"), ("nan", ""), ("1,5", ""), ("5-", ""), ("1" * 64, "1" * 64), ("1" * 65, "")],
)
def test_a_program_writes_numbers_in_one_way(given: str, plain: str) -> None:
    assert find_plain(given) == plain


def test_only_what_looks_like_thousands_gets_a_zero() -> None:
    assert [unmistakable(one) for one in ("1.234", "1.23", "0.234", 5, None)] == ["1.2340", "1.23", "0.234", 5, None]
