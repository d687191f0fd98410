"""Whatever csv.writer writes comes back as it was, however it is encoded, packed and cut."""

import csv
import gzip
import io
from typing import Literal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.formats import open_table
from chalicelib.formats.csv.dialect import CsvDialect
from chalicelib.formats.csv.row_widths import RowWidths
from chalicelib.formats.csv.rows import DelimitedRows
from chalicelib.formats.csv.text_lines import TextLines
from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.text import DecodedText
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Row
from tests.reading import opened, opened_bytewise

cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=12
) | st.sampled_from(["", " ", '"', '""', "a,b", "x\ny", "x\r\ny", "\r", "'", "\\", '\\"', "=1+1", "ö", "😀"])
rows_of_three = st.lists(st.tuples(cells, cells, cells), max_size=8)


def written(rows: list[tuple[str, str, str]], line_end: str, delimiter: str = ",") -> bytes:
    buffer = io.StringIO(newline="")
    quoting: Literal[0, 1] = (
        csv.QUOTE_MINIMAL if line_end == "\r\n" else csv.QUOTE_ALL
    )  # else the writer leaves a lone CR unquoted
    writer = csv.writer(buffer, lineterminator=line_end, delimiter=delimiter, quoting=quoting)
    writer.writerow(["id", "name", "note"])
    writer.writerows(rows)
    return buffer.getvalue().encode()


def filled(rows: list[tuple[str, str, str]]) -> list[list[str]]:
    """Rows without content are no rows."""
    return [list(row) for row in rows if any(cell.strip() for cell in row)]


@settings(max_examples=150, deadline=None)
@given(rows_of_three, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([1, 2, 7, 100_000]))
def test_rows_come_back_however_the_stream_is_cut(rows: list[tuple[str, str, str]], line_end: str, most: int) -> None:
    content = written(rows, line_end)

    table = opened_bytewise(b"\xef\xbb\xbf" + content, most=most)
    read = list(table.rows)

    assert [list(row.given) for row in read] == filled(rows)
    assert [row.number for row in read] == list(range(1, len(read) + 1))
    assert not any(row.problems for row in read)


@settings(max_examples=60, deadline=None)
@given(rows_of_three, st.sampled_from([",", ";", "\t", "|"]), st.booleans())
def test_rows_come_back_with_a_stated_delimiter(rows: list[tuple[str, str, str]], delimiter: str, packed: bool) -> None:
    content = written(rows, "\r\n", delimiter)
    stream = io.BytesIO(gzip.compress(content) if packed else content)

    table = open_table(stream, ReadingOptions(delimiter=delimiter, quote='"'), DEFAULT_LIMITS)

    assert [list(row.given) for row in table.rows] == filled(rows)


@settings(max_examples=60, deadline=None)
@given(rows_of_three)
def test_lines_are_those_of_the_file(rows: list[tuple[str, str, str]]) -> None:
    content = written(rows, "\n").decode()

    read = list(opened(content).rows)

    expected = [line for line, row in _starts(rows) if any(cell.strip() for cell in row)]
    assert [row.line for row in read] == expected


def _starts(rows: list[tuple[str, str, str]]) -> list[tuple[int, tuple[str, str, str]]]:
    line, starts = 2, []
    for row in rows:
        starts.append((line, row))
        line += 1 + sum(cell.replace("\r\n", "\n").count("\n") + cell.replace("\r\n", "").count("\r") for cell in row)
    return starts


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab,,\"\n\n\r '=\t\0é"), max_size=80), st.sampled_from([1, 2, 3, 5]))
def test_rows_do_not_depend_on_how_many_lines_are_read_at_once(text: str, few: int) -> None:
    assert read_at_once(text, few) == read_at_once(text, 1_000)


def read_at_once(content: str, lines: int) -> list[Row]:
    text = DecodedText(io.BytesIO(content.encode()), Encoding("utf-8"))
    reader = DelimitedRows(TextLines(text, DEFAULT_LIMITS.row_bytes), text, CsvDialect(","), DEFAULT_LIMITS)
    reader.begin(("id", "name"), RowWidths())
    return [row for block in reader.each_block(lines) for row in block.each_row()]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("a,\";\n\r\t\\'| \0é"), max_size=60))
def test_no_text_crashes_the_reader_or_leaves_gaps(text: str) -> None:
    assume(text.count("\0") <= 8)  # more of them are binary data
    content = f"id,name\n{text}\n"

    read = list(opened(content, format="csv", encoding="utf-8", header_row=1).rows)

    assert [row.number for row in read] == list(range(1, len(read) + 1))
    assert [row.line for row in read] == sorted({row.line for row in read})
