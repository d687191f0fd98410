"""Rows of delimited text: what is found wrong stands in its own row, and nothing is lost."""

import io
from pathlib import Path

import pytest

from chalicelib.formats.csv.dialect import CsvDialect
from chalicelib.formats.csv.row_widths import FULL_WIDTH
from chalicelib.formats.csv.rows import DelimitedRows
from chalicelib.formats.csv.text_lines import TextLines
from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.text import DecodedText
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.reading import codes, found, given, rows_of

SAMPLES = Path(__file__).parents[3] / "samples"


def test_rows_are_numbered_and_know_their_line() -> None:
    rows = rows_of('name,notes\nAda,"two\nlines"\n\nGrace,one\n')

    assert found(rows) == [(1, 2, []), (2, 5, [])]
    assert given(rows) == [["Ada", "two\nlines"], ["Grace", "one"]]


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        pytest.param("row_too_short.csv", [(1, 2, []), (2, 3, ["row_too_short"]), (3, 4, [])], id="short"),
        pytest.param("row_too_long.csv", [(1, 2, []), (2, 3, ["row_too_long"]), (3, 4, [])], id="long"),
        pytest.param("quote_never_closed.csv", [(1, 2, []), (2, 3, ["unclosed_quote"]), (3, 4, [])], id="unclosed"),
        pytest.param(
            "line_end_in_row.csv",
            [(1, 2, ["line_end_in_row"]), (2, 3, ["row_too_short"]), (3, 4, ["line_end_in_row"]), (4, 5, [])],
            id="line end",
        ),
        pytest.param("quote_inside_value.csv", [(1, 2, ["stray_quote"]), (2, 3, [])], id="stray"),
        pytest.param(
            "quote_closed_by_next_row.csv", [(1, 2, ["unclosed_quote"]), (2, 3, []), (3, 4, [])], id="borrowed"
        ),
        pytest.param("nul_in_cell.csv", [(1, 2, []), (2, 3, ["nul_character"]), (3, 4, [])], id="nul"),
        pytest.param("broken_utf8.csv", [(1, 2, []), (2, 3, ["undecodable_bytes"]), (3, 4, [])], id="bytes"),
    ],
)
def test_a_defect_is_found_in_its_own_row_and_nowhere_else(
    sample: str, expected: list[tuple[int, int, list[str]]]
) -> None:
    content = (SAMPLES / sample).read_bytes()

    rows = rows_of(content)

    assert found(rows) == expected


def test_undecodable_bytes_are_named_and_become_replacement_characters() -> None:
    rows = rows_of((SAMPLES / "broken_utf8.csv").read_bytes())

    assert rows[1].given == ["J\ufffdrg", "Köln"]
    assert rows[1].problems[0].message == "The row contains bytes that are not utf-8: \\xf6."
    assert rows[1].problems[0].field == "name"


def test_an_unclosed_quote_says_on_which_line_it_opens() -> None:
    rows = rows_of('a,b\n1,2\n3,"4\n5,6\n')

    assert rows[1].problems[0].message == "A quote opens on line 3 and never closes."
    assert rows[2].given == ["5", "6"]


def test_every_line_after_many_unclosed_quotes_is_accounted_for() -> None:
    content = "a,b\n" + 'x","\n' * 3_000

    rows = rows_of(content, limits=Limits(row_bytes=500))

    assert [row.line for row in rows] == list(range(2, 3_002))
    assert [row.number for row in rows] == list(range(1, 3_001))


@pytest.mark.parametrize(
    ("row_size", "expected"),
    [(999, []), (1_000, []), (1_001, ["row_too_large"]), (300_000, ["row_too_large"])],
)
def test_a_row_is_too_large_from_the_first_byte_over_the_limit(row_size: int, expected: list[str]) -> None:
    large = "x" * (row_size - 3) + ",y\n"

    rows = rows_of("a,b\n" + large + "1,2\n", limits=Limits(row_bytes=1_000))

    assert [codes(row.problems) for row in rows] == [expected, []]
    assert rows[1].given == ["1", "2"]


def test_the_size_of_a_row_is_counted_in_bytes_of_utf8() -> None:
    rows = rows_of("a,b\n" + "ö" * 499 + ",y\n" + "ö" * 498 + ",y\n", limits=Limits(row_bytes=1_000))

    assert [codes(row.problems) for row in rows] == [["row_too_large"], []]


def test_a_value_of_many_lines_is_measured_as_one_row() -> None:
    value = '"' + "line\n" * 300 + '"'

    rows = rows_of(f"a,b\n{value},2\n3,4\n", limits=Limits(row_bytes=1_000))

    assert codes(rows[0].problems) == ["row_too_large"]
    assert given(rows)[-1] == ["3", "4"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            'e,n,c\na,"Ann,ok\nb,Bob,ok\nc,"Cid,ok\nd,Dot,ok\n',
            [(2, ["unclosed_quote"]), (3, []), (4, ["unclosed_quote"]), (5, [])],
            id="two quotes that never close",
        ),
        pytest.param(
            'e,n,c\na,"Ann,ok\nb,Bob,ok\nc,Cid,ok"\nd,Dot,ok\n',
            [(2, ["unclosed_quote"]), (3, ["misplaced_quote"]), (4, ["misplaced_quote"]), (5, [])],
            id="two quotes that hold rows together",
        ),
        pytest.param(
            'e,n\na,"Ann\nb,Bob\nc,Cid\nd,Dot"\ne,Eve\n',
            [(2, ["unclosed_quote"]), *((line, ["misplaced_quote"]) for line in (3, 4, 5)), (6, [])],
            id="rows within a value of full width",
        ),
        pytest.param('e,n\na,"1\nb, and\n2"\nc,Cid\n', [(2, []), (5, [])], id="a single line that looks like a row"),
        pytest.param(
            'e,n,c,t\na,Ann,Rome,x\nb,"Bob Roe,Paris,"a, b"\n',
            [(2, []), (3, ["misplaced_quote"])],
            id="moved delimiter",
        ),
        pytest.param('e,n\n1,5" pipe\n2,x\n', [(2, []), (3, [])], id="a quote inside a value"),
        pytest.param('e,n\n1,5" pipe,x\n', [(2, ["misplaced_quote"])], id="a quote inside a value of a row too long"),
        pytest.param('e,n\n1,Paris"\n2,x\n', [(2, ["misplaced_quote"]), (3, [])], id="a quote that only closes"),
        pytest.param('e,n\nx"Paris, F"\n', [(2, ["misplaced_quote"])], id="a lost delimiter before a quoted one"),
        pytest.param('e,n\na,"Ann\n"\n"b",Bob\n', [(2, []), (4, [])], id="a value that ends with a line end"),
        pytest.param(
            'e,n\na,"Ann\n"\nb",Bob\nc,Cid\n',
            [(2, ["unclosed_quote"]), (3, []), (5, [])],
            id="a value that was closed by the quote that opens the next row",
        ),
        pytest.param('e,n\n"a\nb"\nc,Cid\n', [(2, ["row_too_short"]), (4, ["line_end_in_row"])], id="one cell"),
        pytest.param("e,n\na,b\n\nx\n\nc,d\n", [(2, []), (4, ["row_too_short"]), (6, [])], id="a note between blanks"),
        pytest.param("n,e,c\nAnn,a,Oslo\nBob;b;Rome\n", [(2, []), (3, ["row_too_short"])], id="other delimiters"),
        pytest.param("e,n,c,t\nb,Bob,,Paris,\n", [(2, ["row_too_long"])], id="a delimiter too many"),
        pytest.param("e,n,,\na,Ann,x,y\n", [(2, [])], id="columns without a header"),
    ],
)
def test_a_row_whose_cells_may_stand_under_other_headers_fails(
    content: str, expected: list[tuple[int, list[str]]]
) -> None:
    rows = rows_of(content)

    assert [(row.line, codes(row.problems)) for row in rows] == expected


@pytest.mark.parametrize("record", ['"\n', 'a,"x\ny\nz"\n', 'a,"b,c\nd,e,"\nf",g,h\n', 'a,b,"x\n1,2,3\n4,5,6\nz"\n'])
def test_suspect_records_do_not_make_the_reader_look_far_ahead_each_time(record: str) -> None:
    content = record * (32_000 // len(record))
    text = DecodedText(io.BytesIO(content.encode()), Encoding("utf-8"))
    lines = CountedLines(text, DEFAULT_LIMITS.row_bytes)
    reader = DelimitedRows(lines, text, CsvDialect(","), DEFAULT_LIMITS)
    reader.begin(("e", "n", "t"), FULL_WIDTH)

    for _ in reader.each_block():
        pass

    assert reader.count_lines() == content.count("\n")
    assert lines.looked_at < 300 * len(content)


class CountedLines(TextLines):
    """Counts the characters that were looked at ahead."""

    looked_at = 0

    def peek(self, characters: int) -> list[str]:
        found = super().peek(characters)
        self.looked_at += sum(map(len, found))
        return found
