"""What no work object can hold becomes what it can, and nothing else is touched."""

from decimal import Decimal

import orjson
import pytest

from chalicelib.formats.json.values import storable
from tests.reading import codes, rows_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(2**64 - 1, 2**64 - 1, id="64_bits"),
        pytest.param(2**64, "18446744073709551616", id="beyond_64_bits"),
        pytest.param(-(2**63) - 1, "-9223372036854775809", id="beyond_64_bits_below"),
        pytest.param(True, True, id="boolean"),
        pytest.param("Zoë 😀", "Zoë 😀", id="text"),
        pytest.param("a\ud8adb", "a\ufffdb", id="lone_surrogate"),
        pytest.param({"\ud800": [None, ("\udfff", 1.5)]}, {"\ufffd": [None, ["\ufffd", 1.5]]}, id="nested"),
    ],
)
def test_a_value_becomes_one_that_can_be_stored(value: object, expected: object) -> None:
    assert storable(value) == expected
    assert type(storable(value)) is type(expected)
    orjson.dumps(storable(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("9007199254740993", 9007199254740993, id="beyond_double"),
        pytest.param("123456789012345678901234567890", 123456789012345678901234567890, id="beyond_64_bits"),
        pytest.param("0.1", Decimal("0.1"), id="decimal"),
        pytest.param("1.10", Decimal("1.10"), id="trailing_zero"),
        pytest.param(
            "3.14159265358979323846264338327950288", Decimal("3.14159265358979323846264338327950288"), id="pi"
        ),
        pytest.param("1e400", Decimal("1e400"), id="beyond_range"),
        pytest.param("-0", 0, id="minus_zero"),
        pytest.param('{"a":[1.5,{"b":2.50}]}', {"a": [Decimal("1.5"), {"b": Decimal("2.50")}]}, id="nested"),
        pytest.param('"\\ud800"', "\ud800", id="lone_surrogate"),
        pytest.param('"\\u0000"', "\0", id="escaped_nul"),
    ],
)
def test_values_survive_exactly(text: str, value: object) -> None:
    (row,) = rows_of('{"x":' + text + "}\n", format="ndjson")

    assert row.given == {"x": value}
    assert type(row.given["x"]) is type(value)
    assert row.problems == []


def test_a_number_of_ten_thousand_digits_survives() -> None:
    (row,) = rows_of('{"x":' + "7" * 10_000 + "}", format="ndjson")

    assert isinstance(row.given, dict)
    assert row.given["x"] == Decimal("7" * 10_000)


def test_brackets_inside_texts_are_no_depth() -> None:
    (row,) = rows_of('{"a":"' + "[{" * 100 + '"}', format="ndjson")

    assert row.problems == []


def test_extreme_depth_neither_crashes_nor_stalls() -> None:
    rows = rows_of('{"a":1}\n' + "[" * 200_000 + "\n" + '{"a":' * 100_000 + "\n")

    assert [codes(row.problems) for row in rows] == [[], ["invalid_json"], ["invalid_json"]]
