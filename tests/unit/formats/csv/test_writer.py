"""Records as CSV, and back."""

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.formats.csv.writer import DelimitedLines, to_csv, to_text
from chalicelib.formats.formulas import safe_cells
from chalicelib.formats.write import render
from chalicelib.model.rows import Value
from chalicelib.model.write_options import Formulas, Rendering


def written(columns: list[str], records: Iterable[dict[str, Value]]) -> str:
    return b"".join(render(records, columns, Rendering(formulas=Formulas.RAW))).decode()


def test_lines_end_as_rfc_4180_has_it() -> None:
    text = written(["name", "notes"], [{"name": "Ann", "notes": 'a "b",\nc'}, {"notes": "d"}])

    assert text == 'name,notes\r\nAnn,"a ""b"",\nc"\r\n,d\r\n'


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=5), min_size=2, max_size=2)
    )
)
@settings(max_examples=100, deadline=None)
def test_texts_survive_writing_and_reading(rows: list[list[str]]) -> None:
    text = written(["a", "b"], ({"a": a, "b": b} for a, b in rows))

    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows


_FORMULAS = (
    "=1+1",
    " =1",
    "\u00a0@x",
    "\uff1d1",
    "+",
    "'=1\t",
    "''=1\t\t",
    "\ufeff+x",
    "+4915112345678\x01x",
    "\x01=1",
)
_OTHERS = (
    "",
    "+4915112345678",
    "-5,0",
    "a,b",
    'say "no"',
    "two\nlines",
    "\r",
    "\x1f",
    "\0",
    "plain",
    "(1)",
    "'tis\t",
    "\ud800",
)
odd = st.sampled_from((*_FORMULAS, *_OTHERS))
cells = odd | st.text(st.sampled_from("aZ09 =+-@'\t\r\n\",;\x01\0.\uff1d\u0661é"), max_size=6)
tables = st.integers(0, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
ragged = st.lists(st.lists(cells, max_size=4), max_size=8)


def row_by_row(rows: list[list[str]]) -> bytes:
    return b"".join(DelimitedLines(Rendering()).each_chunk(safe_cells(row, Formulas.DISARM) for row in rows))


@settings(max_examples=400)
@given(tables | ragged)
@example([])
@example([[""], [""]])
@example([["+1\x01", "a"], ["b", "c"]])
def test_a_block_is_written_as_its_rows_are(rows: list[list[str]]) -> None:
    many = rows * 16

    assert to_text(to_csv(many)) == row_by_row(many)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        pytest.param([["a", "b"], ["1", "2"]], "a,b\r\n1,2\r\n", id="plain"),
        pytest.param([["a,b", 'c"d'], ["e\nf", "g\rh"]], '"a,b","c""d"\r\n"e\nf","g\rh"\r\n', id="quoted"),
        pytest.param([["=1+1", "-5"], ["x", "+1a"]], "'=1+1\t,-5\r\nx,'+1a\t\r\n", id="disarmed"),
        pytest.param([["=a,b", "c"]], '"\'=a,b\t",c\r\n', id="disarmed and quoted"),
        pytest.param([[""]], '""\r\n', id="an empty line would be no row"),
        pytest.param([["a", "b"], ["c"]], "a,b\r\nc\r\n", id="of several lengths"),
    ],
)
def test_cells_stand_between_commas(rows: list[list[str]], text: str) -> None:
    assert to_text(to_csv(rows)).decode() == text
    assert to_text(to_csv(rows * 16)).decode() == text * 16
