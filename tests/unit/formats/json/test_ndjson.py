"""NDJSON: each line judged by itself, values exact."""

import codecs

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


def test_a_byte_order_mark_in_front_of_a_later_line_is_no_part_of_it() -> None:
    assert given(rows_of('{"a":1}\n\ufeff{"a":2}\n')) == [{"a": 1}, {"a": 2}]
