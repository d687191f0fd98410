"""Rows of delimited text: what is read, what is found wrong, and that nothing is lost."""

import pytest

from chalicelib.errors import Refused
from tests.reading import codes, given, opened


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a,b\n1,2\n3,4\n", id="lf"),
        pytest.param("a,b\r\n1,2\r\n3,4\r\n", id="crlf"),
        pytest.param("a,b\r1,2\r3,4\r", id="cr"),
        pytest.param("a,b\r\n1,2\n3,4\r", id="mixed"),
        pytest.param("a,b\n1,2\n3,4", id="no_end"),
        pytest.param("\n\n  \na,b\n1,2\n\n3,4\n\n\n", id="blank_lines"),
        pytest.param("a,b\n,\n1,2\n , \n3,4\n,,,\n", id="rows_without_content"),
        pytest.param("sep=,\na,b\n1,2\n3,4\n", id="separator_line"),
        pytest.param('"sep=,"\na,b\n1,2\n3,4\n', id="quoted_separator_line"),
        pytest.param("a,b,,\n1,2,,\n3,4,,\n", id="empty_cells_at_the_end"),
        pytest.param("\ufeffa,b\n1,2\n3,4\n", id="byte_order_mark"),
        pytest.param('\ufeff\ufeff"a",b\n1,2\n3,4\n', id="two_byte_order_marks"),
    ],
)
def test_the_same_rows_come_out_however_lines_end_and_blanks_stand(content: str) -> None:
    table = opened(content)
    rows = list(table.rows)

    assert table.headers == ("a", "b")
    assert given(rows) == [["1", "2"], ["3", "4"]]
    assert [row.problems for row in rows] == [[], []]


def test_a_header_line_alone_has_no_rows() -> None:
    table = opened("name,email\n")

    assert table.headers == ("name", "email")
    assert list(table.rows) == []


def test_a_header_that_never_ends_is_refused() -> None:
    with pytest.raises(Refused, match=r"unreadable_header: .*A quote opens on line 1 and never closes"):
        opened('a,"b\n1,2\n')


@pytest.mark.parametrize(
    "header",
    [
        pytest.param('email,"na"me,city', id="text behind a quoted one"),
        pytest.param('email,name",city', id="only closed"),
        pytest.param('"email,name,city', id="never closed"),
        pytest.param('email "x, y",name', id="a moved delimiter"),
    ],
)
def test_a_header_whose_quotes_are_misplaced_is_refused(header: str) -> None:
    with pytest.raises(Refused, match="unreadable_header"):
        opened(f"{header}\na@x.org,Ann,Rome\nb@x.org,Bob,Oslo\n")


def test_a_quote_inside_a_header_is_a_part_of_it() -> None:
    assert opened('email,Screen 5" wide,city\na,b,c\n').headers == ("email", 'Screen 5" wide', "city")


def test_a_header_with_the_flaw_of_all_rows_is_read_and_the_rows_fail() -> None:
    table = opened('W",H"\n5",3"\n7",4"\n')

    assert table.headers == ('W"', 'H"')
    assert [codes(row.problems) for row in table.rows] == [["misplaced_quote"]] * 2
    assert given(opened('W",H"\n5",3"\n', quote="'").rows) == [['5"', '3"']]
