"""What programs leave in text files: end marks, guards, byte order marks of other files, and other quotes."""

import pytest

from tests.reading import codes, found, given, opened, opened_bytewise, refusal_of, rows_of

TWO = [["1", "x"], ["2", "y"]]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a,b\n1,x\n2,y\n\x1a", id="behind_a_line"),
        pytest.param("a,b\n1,x\n2,y\x1a", id="behind_a_cell"),
        pytest.param("a,b\r\n1,x\r\n2,y\r\n\x1a\r\n", id="before_a_line_end"),
        pytest.param("a,b\n1,x\n2,y\n" + "\x1a" * 128, id="filled_up"),
        pytest.param('a,b\n1,x\n2,"y"\x1a', id="behind_a_quote"),
        pytest.param("a\tb\n1\tx\n2\ty\n\x1a", id="tsv"),
    ],
)
@pytest.mark.parametrize("most", [1, 7, 4096])
def test_an_end_mark_at_the_end_is_ignored(content: str, most: int) -> None:
    assert given(opened_bytewise(content.encode(), most=most).rows) == TWO


def test_an_end_mark_at_the_end_is_ignored_in_utf_16_and_ndjson() -> None:
    assert given(rows_of("a,b\n1,x\n2,y\n\x1a".encode("utf-16"))) == TWO
    assert given(rows_of('{"a":1}\n{"a":2}\n\x1a')) == [{"a": 1}, {"a": 2}]


def test_an_end_mark_before_other_lines_stays_where_it_is() -> None:
    assert given(rows_of("a,b\n1,x\x1a\n2,y\n")) == [["1", "x\x1a"], ["2", "y"]]


def test_nothing_but_an_end_mark_is_an_empty_source() -> None:
    assert refusal_of(b"\x1a").code == "empty_source"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param('="00123"', "00123", id="unquoted"),
        pytest.param('"=""00123"""', "00123", id="quoted"),
        pytest.param('=""', "", id="nothing"),
        pytest.param('"="""""', "", id="nothing_quoted"),
        pytest.param('="a b"', "a b", id="blank_inside"),
        pytest.param('="x,y"', "x,y", id="delimiter_inside"),
        pytest.param('"=""x,y"""', "x,y", id="delimiter_inside_quoted"),
        pytest.param('="+49 151"', "+49 151", id="phone"),
        pytest.param('="=1+1"', "=1+1", id="formula_inside"),
        pytest.param('"=""a""&""b"""', '="a"&"b"', id="another_formula"),
        pytest.param('"=""a"" "', '="a" ', id="more_behind"),
        pytest.param("=00123", "=00123", id="no_quotes"),
        pytest.param('"= ""1"""', '= "1"', id="a_blank_behind_the_sign"),
        pytest.param('"\'=""1""\t"', '="1"', id="disarmed"),
        pytest.param('"<a href=""x"">y</a>"', '<a href="x">y</a>', id="markup"),
    ],
)
@pytest.mark.parametrize("most", [1, 4096])
def test_the_guard_of_a_text_is_taken_off(cell: str, expected: str, most: int) -> None:
    table = opened_bytewise(f"id,name,c\n1,{cell},x\n{cell},b,x\n".encode(), most=most)
    rows = list(table.rows)

    assert given(rows) == [["1", expected, "x"], [expected, "b", "x"]]
    assert [codes(row.problems) for row in rows] == [[], []]


def test_guards_are_taken_off_headers_and_in_tsv() -> None:
    table = opened('="id"\t="name"\n="01"\t="Ann"\n="02"\t"=""Bob"""\n')

    assert table.headers == ("id", "name")
    assert given(table.rows) == [["01", "Ann"], ["02", "Bob"]]


@pytest.mark.parametrize("cell", ['="00123', '=00123"', '="a"b"', '="a"b', '=" "" "'])
def test_half_a_guard_is_not_read_as_one(cell: str) -> None:
    rows = rows_of(f"id,name\n1,{cell}\n2,b\n")

    assert [codes(row.problems) for row in rows if row.problems] in ([["misplaced_quote"]], [["unclosed_quote"]], [])
    assert given([row for row in rows if not row.problems]) in ([["2", "b"]], [["1", cell], ["2", "b"]])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("a,b\n1,x\n\ufeffa,b\n2,y\n", [[], ["header_repeated"], []], id="marked"),
        pytest.param("a,b\n1,x\na,b\n2,y\n", [[], ["header_repeated"], []], id="plain"),
        pytest.param('a,b\r\n1,x\r\n\ufeff"a","b"\r\n2,y\r\n', [[], ["header_repeated"], []], id="quoted"),
        pytest.param("a,b\n1,x\n a , b\n2,y\n", [[], ["header_repeated"], []], id="with_blanks"),
        pytest.param("a,b,,\n1,x,,\na,b,,\n2,y,,\n", [[], ["header_repeated"], []], id="empty_cells_at_the_end"),
        pytest.param("a,b\n1,x\na,c\n2,y\n", [[], [], []], id="another_row"),
        pytest.param("a,b\n1,x\n\ufeff2,y\n", [[], []], id="only_a_mark"),
        pytest.param('a,b\n1,x\n\ufeff"2",y\n', [[], []], id="a_mark_before_a_quote"),
        pytest.param("a\n1\na\n2\n", [[], [], []], id="a_single_column"),
    ],
)
@pytest.mark.parametrize("most", [1, 4096])
def test_files_that_were_put_together_are_read_and_their_headers_fail(
    content: str, expected: list[list[str]], most: int
) -> None:
    rows = list(opened_bytewise(content.encode(), most=most).rows)

    assert [codes(row.problems) for row in rows] == expected
    assert not any("\ufeff" in str(row.given) for row in rows)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("'a','b'\n'say \"hi\"','x'\n'2','y'\n", [['say "hi"', "x"], ["2", "y"]], id="a_text"),
        pytest.param("'a','b'\n'5\" pipe, long','x'\n'2','y'\n", [['5" pipe, long', "x"], ["2", "y"]], id="delimiter"),
        pytest.param("'a';'b'\n'\"q\"';'x'\n'it''s';'y'\n", [['"q"', "x"], ["it's", "y"]], id="semicolons"),
        pytest.param("'a'\n'say \"hi\"'\n", [['say "hi"']], id="one_column"),
        pytest.param("a,b\n'say \"hi\"',x\n", [["'say \"hi\"'", "x"]], id="not_all_lines"),
        pytest.param('a,b\n"it\'s","x"\n', [["it's", "x"]], id="double_quotes_around"),
    ],
)
def test_single_quotes_may_hold_double_ones(content: str, expected: list[list[str]]) -> None:
    assert given(rows_of(content)) == expected


def test_nul_characters_in_headers_are_told() -> None:
    table = opened("na\0me,ema\0il,c\n1,2,3\n")

    assert table.headers == ("name", "email", "c")
    assert [(one.code.value, one.value) for one in table.findings] == [("header_nul", "name"), ("header_nul", "email")]
    assert found(table.rows) == [(1, 2, [])]
