"""NDJSON: each line judged by itself, values exact."""

import codecs
from decimal import Decimal

import pytest

from chalicelib.model.limits import Limits
from tests.reading import codes, found, given, opened, opened_bytewise, rows_of

TWO = '{"name":"Ada"}\n{"name":"Grace"}\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TWO.encode(), id="lf"),
        pytest.param(TWO.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(TWO.strip().encode(), id="no_end"),
        pytest.param(("\n" + TWO.replace("\n", "\n \n")).encode(), id="blank_lines"),
        pytest.param(codecs.BOM_UTF8 + TWO.encode(), id="marked"),
        pytest.param(TWO.encode("utf-16"), id="utf16"),
        pytest.param(TWO.encode("utf-32-be"), id="utf32be_without_mark"),
    ],
)
def test_each_line_is_a_row(content: bytes) -> None:
    table = opened(content)
    rows = list(table.rows)

    assert (table.format, table.headers) == ("ndjson", ())
    assert given(rows) == [{"name": "Ada"}, {"name": "Grace"}]
    assert [row.problems for row in rows] == [[], []]


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


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        pytest.param('{"a":NaN}', "invalid_json", "Not valid JSON: NaN is no JSON value.", id="nan"),
        pytest.param('{"a":-Infinity}', "invalid_json", "Not valid JSON: -Infinity is no JSON value.", id="infinity"),
        pytest.param('{"a":1', "invalid_json", "Not valid JSON: expecting ',' delimiter at character 7.", id="cut"),
        pytest.param("[1,2]", "not_an_object", "Expected an object, found a list.", id="list"),
        pytest.param("12", "not_an_object", "Expected an object, found a number.", id="number"),
        pytest.param("null", "not_an_object", "Expected an object, found null.", id="null"),
        pytest.param(
            '{"a":' * 70 + "1" + "}" * 70, "invalid_json", "Not valid JSON: nested deeper than 64 levels.", id="deep"
        ),
    ],
)
def test_a_bad_line_fails_alone(line: str, code: str, message: str) -> None:
    rows = rows_of('{"a":1}\n' + line + '\n{"a":3}\n')

    assert found(rows) == [(1, 1, []), (2, 2, [code]), (3, 3, [])]
    assert rows[1].problems[0].message == message
    assert rows[1].given == [line]


def test_brackets_inside_texts_are_no_depth() -> None:
    (row,) = rows_of('{"a":"' + "[{" * 100 + '"}', format="ndjson")

    assert row.problems == []


def test_extreme_depth_neither_crashes_nor_stalls() -> None:
    rows = rows_of('{"a":1}\n' + "[" * 200_000 + "\n" + '{"a":' * 100_000 + "\n")

    assert [codes(row.problems) for row in rows] == [[], ["invalid_json"], ["invalid_json"]]


def test_bytes_that_are_not_utf8_fail_their_line() -> None:
    rows = rows_of(b'{"a":"J\xf6rg"}\n{"a":"Ada"}\n')

    assert [codes(row.problems) for row in rows] == [["undecodable_bytes"], []]


@pytest.mark.parametrize("size", [999, 1_000, 1_001, 400_000])
def test_a_line_is_too_large_from_the_first_byte_over_the_limit(size: int) -> None:
    line = '{"a":"' + "x" * (size - 8) + '"}'

    rows = rows_of(f'{{"a":1}}\n{line}\n{{"a":1}}\n', limits=Limits(row_bytes=1_000))

    assert [codes(row.problems) for row in rows] == [[], ["row_too_large"] if size > 1_000 else [], []]


@pytest.mark.parametrize("most", [1, 3, 1_000])
def test_the_network_may_cut_anywhere(most: int) -> None:
    content = '{"a":"Jörg"}\r\n{"a":"Zoë"}'.encode()

    assert given(opened_bytewise(content, most=most).rows) == [{"a": "Jörg"}, {"a": "Zoë"}]
