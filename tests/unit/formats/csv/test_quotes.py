"""Quotes: where they may stand, and what is read where they stand elsewhere."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.formats.csv.dialect import CsvDialect
from chalicelib.formats.csv.quotes import MisquotedRecord, QuoteRules, Quoting

PLAIN = QuoteRules(CsvDialect())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b\n", True, id="none"),
        pytest.param('"a","b"\n', True, id="around values"),
        pytest.param('"a\nb",c\n', True, id="around a line end"),
        pytest.param('"","",""\n', True, id="around nothing"),
        pytest.param('"say ""hi""",x\n', True, id="doubled"),
        pytest.param('"""a"""\n', True, id="doubled at both ends"),
        pytest.param('5" pipe,x\n', False, id="inside"),
        pytest.param('5" pipe,3" rod\n', False, id="inside twice"),
        pytest.param('a","b"\n', False, id="at the end"),
        pytest.param('"a"b,c\n', False, id="text behind"),
        pytest.param('a "b",c\n', False, id="text before"),
        pytest.param(' "a",b\n', False, id="a blank before"),
        pytest.param('"a\n', False, id="never closed"),
        pytest.param('""a"",b\n', False, id="doubled by mistake"),
    ],
)
def test_quotes_stand_around_values_or_doubled_inside(text: str, expected: bool) -> None:
    assert PLAIN.are_sound(text) is expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text(st.sampled_from('a,"\n;')), min_size=2, max_size=4), max_size=6), st.sampled_from(",;\t")
)
def test_whatever_a_writer_writes_is_sound(rows: list[list[str]], delimiter: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)

    assert QuoteRules(CsvDialect(delimiter)).are_sound(buffer.getvalue())


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        pytest.param(CsvDialect(escape="\\"), 'a,"x \\"y\\" z"\n', id="escaped"),
        pytest.param(CsvDialect(has_space_after_delimiter=True), 'a, "x, y"\n "b", c\n', id="blanks before"),
        pytest.param(CsvDialect(quote="'"), "a,'it''s',5\" x\n", id="another quote"),
    ],
)
def test_what_is_sound_depends_on_the_dialect(dialect: CsvDialect, text: str) -> None:
    assert QuoteRules(dialect).are_sound(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('5" pipe,x\n', MisquotedRecord(['5" pipe', "x"], Quoting.LITERAL, width=2), id="inches"),
        pytest.param(
            '"Ada "the first" L",x\n',
            MisquotedRecord(['Ada "the first" L', "x"], Quoting.UNDOUBLED, width=2),
            id="not doubled",
        ),
        pytest.param(
            '"a ""b"" "c"",x', MisquotedRecord(['a "b" "c"', "x"], Quoting.UNDOUBLED, width=2), id="some doubled"
        ),
        pytest.param('a","b"\n', MisquotedRecord(['a"', "b"], Quoting.BROKEN, width=2), id="only closed"),
        pytest.param('"Ann,ok\n', MisquotedRecord(["Ann,ok"], Quoting.BROKEN, True, 2), id="only opened"),
        pytest.param('"An"n",ok\n', MisquotedRecord(['Ann"', "ok"], Quoting.BROKEN, width=2), id="an odd one inside"),
        pytest.param('x"Paris, F",y', MisquotedRecord(['x"Paris', ' F"', "y"], Quoting.BROKEN, width=3), id="moved"),
        pytest.param('"a"x"b",c', MisquotedRecord(['a"x"b', "c"], Quoting.UNDOUBLED, width=2), id="two values in one"),
    ],
)
def test_a_misquoted_line_is_read_as_if_it_were_one_row(line: str, expected: MisquotedRecord) -> None:
    assert PLAIN.read_misquoted(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [('b",c\n', True), ('"\n', True), ('",c\n', True), ('b,"c"\n', False), ('"b",c\n', False), ("b,c\n", False)],
)
def test_a_quote_that_can_only_close_is_told_from_one_that_opens(line: str, expected: bool) -> None:
    assert PLAIN.begin_with_closing(line) is expected
