"""Where sources are split, and that reading them split by split is reading them through."""

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.formats import find_layout, open_split, open_table, split_source
from chalicelib.formats.encoding.choose import EVIDENCE_BYTES, Encoding
from chalicelib.formats.split import row_end
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Row

TINY = Limits(split_bytes=9)


def bounds(content: bytes, limits: Limits, **options: Any) -> list[tuple[int, int]]:
    """Where the splits begin and end; one split where the source is left whole."""
    reading = ReadingOptions(**options)
    layout = find_layout(io.BytesIO(content), reading, limits)
    splits = split_source(lambda start: io.BytesIO(content[start:]), len(content), layout, limits) if layout else None
    return list(pairwise([*splits.starts, len(content)])) if splits else [(0, len(content))]


def read_through(content: bytes, limits: Limits, **options: Any) -> list[Row]:
    return list(open_table(io.BytesIO(content), ReadingOptions(**options), limits).rows)


def is_refused(content: bytes, limits: Limits) -> bool:
    try:
        read_through(content, limits, format="csv")
    except Refused:
        return True
    return False


def read_in_splits(content: bytes, limits: Limits, **options: Any) -> list[Row]:
    """With numbers and lines as they are in the whole."""
    reading = ReadingOptions(**options)
    layout = find_layout(io.BytesIO(content), reading, limits)
    splits = split_source(lambda start: io.BytesIO(content[start:]), len(content), layout, limits) if layout else None
    if splits is None:
        return read_through(content, limits, **options)
    read: list[Row] = []
    lines = 0
    for split, start in enumerate(splits.starts):
        table = open_split(
            io.BytesIO(content[start : splits.end_of(split)]), splits.layout, limits, is_first=split == 0
        )
        read += list(_moved(table.rows, len(read), lines))
        lines += table.count_lines()
    return read


def _moved(rows: Iterator[Row], number: int, line: int) -> Iterator[Row]:
    for row in rows:
        problems = [
            replace(one, row_number=one.row_number + number, line=one.line and one.line + line) for one in row.problems
        ]
        yield Row(row.number + number, row.line + line, row.given, problems)


cells = st.sampled_from(
    [
        "",
        " ",
        "a",
        "two words",
        "x,y",
        'say "hi"',
        '"',
        "l\nl",
        "l\r\nl",
        "l\rl",
        "ö",
        "😀",
        "\ufeff",
        "\u00a0",
        "'",
        "\\",
    ]
) | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=6)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), max_size=25)


def written(rows: list[list[str]], line_end: str, quoting: int) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["id", "name", "note"], *rows])
    return buffer.getvalue()


@settings(max_examples=120, deadline=None)
@given(
    tables,
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["", "\ufeff", "\ufeff\ufeff", "sep=,\n", "\n \n"]),
    st.integers(1, 80),
)
def test_splits_of_csv_hold_the_rows_of_the_whole(
    rows: list[list[str]], line_end: str, quoting: int, before: str, split_bytes: int
) -> None:
    content = (before + written(rows, line_end, quoting)).encode()
    limits = Limits(split_bytes=split_bytes)
    assume(not is_refused(content, limits))

    assert read_in_splits(content, limits, format="csv") == read_through(content, limits, format="csv")


@settings(max_examples=500, deadline=None)
@given(
    st.text(st.sampled_from('a,";\n\r\t\\\'| \0é"\n,'), max_size=80), st.integers(1, 30), st.sampled_from([60, 1 << 20])
)
def test_splits_of_any_text_hold_the_rows_of_the_whole(text: str, split_bytes: int, row_bytes: int) -> None:
    content = f"id,name\n{text}\n1,2\n".encode()
    limits = Limits(split_bytes=split_bytes, row_bytes=row_bytes)
    assume(not is_refused(content, limits))

    assert read_in_splits(content, limits, format="csv") == read_through(content, limits, format="csv")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(b'a,"\x80\x81\xc3\xb6\xff\n\r'), max_size=12).map(bytes)
        | st.sampled_from([b"1,J\xf6rg", "2,Jörg".encode(), b'3,"\x80\n"']),
        max_size=20,
    ),
    st.integers(1, 40),
    st.sampled_from(["", "cp1252", "utf-8", "latin-1", "ascii", "shift_jis", "utf-16-le", "utf-16"]),
)
def test_splits_in_any_encoding_hold_the_rows_of_the_whole(lines: list[bytes], split_bytes: int, encoding: str) -> None:
    content = b"id,name\n" + b"\n".join(lines) + b"\n1,2\n"
    limits = Limits(split_bytes=split_bytes)
    options = {"format": "csv", **({"encoding": encoding} if encoding else {})}
    if encoding.startswith("utf-16"):
        content = content.decode("latin-1").encode("utf-16-le")

    assert outcome_of(read_in_splits, content, limits, options) == outcome_of(read_through, content, limits, options)


def outcome_of(
    read: Callable[..., list[Row]], content: bytes, limits: Limits, options: Mapping[str, str]
) -> list[Row] | str:
    """The rows, or why there are none."""
    try:
        return read(content, limits, **options)
    except Refused as refusal:
        return refusal.message


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), cells, max_size=3).map(lambda row: orjson.dumps(row).decode())
        | st.sampled_from(["", " ", "nonsense", "[1]", '{"a":', '{"n": 1.50}', '{"a": "' + "x" * 90 + '"}']),
        max_size=25,
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
    st.integers(1, 60),
)
def test_splits_of_ndjson_hold_the_rows_of_the_whole(lines: list[str], end: str, before: str, split_bytes: int) -> None:
    content = (before + end.join(['{"a": 1}', *lines, '{"z": 2}'])).encode()
    limits = Limits(split_bytes=split_bytes, row_bytes=80)

    assert read_in_splits(content, limits, format="ndjson") == read_through(content, limits, format="ndjson")


@pytest.mark.parametrize(
    ("content", "split_contents"),
    [
        pytest.param(b"a,b\n1,2\n3,4\n", [b"a,b\n", b"1,2\n", b"3,4\n"], id="lines"),
        pytest.param(b'a,b\n"1\n1\n1\n1",2\n3,4\n', [b"a,b\n", b'"1\n1\n1\n1",2\n', b"3,4\n"], id="quoted lines"),
        pytest.param(b'a,b\n1,"x""\n""y"\n3,4\n', [b"a,b\n", b'1,"x""\n""y"\n', b"3,4\n"], id="doubled quotes"),
        pytest.param(b"a,b\r1,2\r3,4\r", [b"a,b\r", b"1,2\r", b"3,4\r"], id="carriage returns"),
        pytest.param(b"a,b\r\n1,2\r\n3,4", [b"a,b\r\n", b"1,2\r\n", b"3,4"], id="carriage returns and line feeds"),
        pytest.param(b'\xef\xbb\xbf"a",b\n1,2\n', [b'\xef\xbb\xbf"a",b\n', b"1,2\n"], id="a byte order mark"),
        pytest.param(b"sep=,\n\na,b\n1,2\n", [b"sep=,\n\na,b\n", b"1,2\n"], id="lines before the header"),
    ],
)
def test_a_split_ends_with_a_row_and_the_first_holds_the_header(content: bytes, split_contents: list[bytes]) -> None:
    splits = bounds(content, Limits(split_bytes=4))

    assert [content[start:end] for start, end in splits] == split_contents


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('a,b\n1,5" pipe\n' + "1,2\n" * 9, id="a quote inside an unquoted value"),
        pytest.param('a,b\n1,"x\\"y"\n' + "1,2\n" * 9, id="a quote escaped by a backslash"),
        pytest.param('a, b\n1, "x, y"\n' + '1, "2"\n' * 9, id="a blank before a quote"),
        pytest.param("a,b\n1,'x,y'\n" + "1,'2'\n" * 9, id="other quotes"),
        pytest.param('a,b\n1,"2\n' + "1,2\n" * 9, id="a quote that never closes"),
        pytest.param("[\n" + '{"a": 1},\n' * 9 + '{"a": 2}]', id="a JSON document"),
    ],
)
def test_what_rfc_4180_does_not_explain_is_read_in_one_go(content: str) -> None:
    assert len(bounds(content.encode(), TINY)) == 1


def test_no_split_begins_next_to_a_line_with_a_single_cell() -> None:
    """It may be a part of its neighbour, which has to be read together with it."""
    content = b"a,b\n1,2\n3\n4\n5,6\n"

    splits = bounds(content, Limits(split_bytes=4))

    assert [content[start:end] for start, end in splits] == [b"a,b\n", b"1,2\n3\n4\n5,6\n"]
    assert read_in_splits(content, TINY) == read_through(content, TINY)


def test_no_split_begins_with_a_line_that_an_unpaired_quote_makes_a_fragment() -> None:
    content = b'e,n,p,t\nu1,Ann,1,n\nu2,Ann,2,n\nu3,Ann,3"\n,n\nu4,Ann,4,n\n'

    for split_bytes in range(1, 60):
        limits = Limits(split_bytes=split_bytes)
        assert read_in_splits(content, limits, format="csv") == read_through(content, limits, format="csv")


def test_utf_16_is_read_in_one_go() -> None:
    content = ("a,b\n" + "1,2\n" * 9).encode("utf-16")

    assert len(bounds(content, TINY)) == 1


PLAIN_ROWS = (b"1," + b"A plain name that says nothing of its encoding. " * 80 + b"\n") * 4_500
"""More than is looked at of a beginning, or of an end."""


def ended_by(last_rows: bytes, *, encoding: str = "") -> list[Row]:
    """The last rows of a source whose beginning, as far as it is looked at, is ASCII, read in splits."""
    content = b"id,name\n" + PLAIN_ROWS + last_rows
    assert content[:EVIDENCE_BYTES].isascii()
    assert len(content) > EVIDENCE_BYTES
    options = {"encoding": encoding} if encoding else {}
    rows = read_in_splits(content, Limits(split_bytes=4 << 20), **options)
    return rows[4_500:]


@pytest.mark.parametrize(
    ("last", "encoding", "names"),
    [
        pytest.param("2,Jörg Müller\n3,Zoë Größe\n".encode("cp1252"), "", ["Jörg Müller", "Zoë Größe"], id="western"),
        pytest.param(
            "2,Иван Петров\n3,Анна Смирнова\n".encode("cp1251"), "", ["Иван Петров", "Анна Смирнова"], id="cyrillic"
        ),
        pytest.param("2,Jörg Müller\n3,Zoë Größe\n".encode(), "", ["Jörg Müller", "Zoë Größe"], id="utf8"),
        pytest.param("2,Jörg\n".encode("cp1252"), "cp1252", ["Jörg"], id="stated"),
    ],
)
def test_an_encoding_that_only_the_end_of_a_large_source_shows_is_that_of_all_splits(
    last: bytes, encoding: str, names: list[str]
) -> None:
    rows = ended_by(last, encoding=encoding)

    assert [list(row.given)[1] for row in rows] == names
    assert not any(row.problems for row in rows)


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("2,Tomljanović\n".encode("cp1250"), id="uncertain at the end"),
        pytest.param("2,Jörg Müller\n3,Zoë Größe\n".encode("cp1252") + PLAIN_ROWS, id="neither begin nor end show it"),
        pytest.param("2,鈴木太郎です\n".encode("cp932"), id="nothing that can be split"),
    ],
)
def test_rows_whose_encoding_nothing_proves_fail(last: bytes) -> None:
    failed = [row for row in ended_by(last) if row.problems]

    assert failed
    assert {problem.code.value for row in failed for problem in row.problems} == {"undecodable_bytes"}


def test_an_encoding_guessed_by_the_end_is_told_once() -> None:
    content = b"id,name\n" + PLAIN_ROWS
    content += "2,Jörg Müller\n3,Zoë Größe\n".encode("cp1252")
    layout = find_layout(io.BytesIO(content), ReadingOptions(), Limits())

    assert layout is not None

    splits = split_source(lambda start: io.BytesIO(content[start:]), len(content), layout, Limits())

    assert splits is not None
    assert splits.layout.encoding == Encoding("cp1252", is_guessed=True)
    assert [one.message for one in splits.layout.findings] == ["The encoding was guessed as cp1252."]


def test_behind_an_unpaired_quote_nothing_is_split_any_more() -> None:
    good, bad = b"1,2\n" * 100, b'1,5" pipe\n'

    splits = bounds(b"a,b\n" + good + bad + good, Limits(split_bytes=100))

    assert len(splits) == 5
    assert splits[-1] == (400, 814)


def test_a_row_too_large_to_be_read_lies_in_the_last_split() -> None:
    small, large = b"1,2\n" * 100, b'1,"' + b"x\n" * 600 + b'"\n'
    content = b"a,b\n" + small + large + small
    limits = Limits(split_bytes=100, row_bytes=1_000)

    splits = bounds(content, limits)

    assert splits == [(0, 164), (164, 332), (332, 2009)]
    assert read_in_splits(content, limits) == read_through(content, limits)


def test_splits_of_a_large_random_file_hold_the_rows_of_the_whole() -> None:
    dice = random.Random(4)
    values = ["", "x", "ä" * 30, 'with "quotes"', "line\nline", "a,b", " ", "\r\n", "1" * 500]
    rows = [[dice.choice(values) for _ in range(dice.choice([3, 3, 3, 3, 2, 4]))] for _ in range(20_000)]
    content = written(rows, "\r\n", csv.QUOTE_MINIMAL).encode()
    limits = Limits(split_bytes=100_000)

    assert len(bounds(content, limits)) > 15
    assert read_in_splits(content, limits) == read_through(content, limits)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"", 0),
        (b"a,b", 0),
        (b"a\nb", 2),
        (b'"a\nb"\nc', 6),
        (b'"a\nb', 0),
        (b'x\n"a\n","b\n', 2),
        (b"a\rb\r", 2),
        (b"a\r\nb\r\n", 6),
    ],
)
def test_a_row_ends_at_a_line_end_outside_quotes(data: bytes, end: int) -> None:
    assert row_end(data) == end
