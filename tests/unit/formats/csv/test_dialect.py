"""Which delimiter, quote and escape a text has, and that the caller's word counts more."""

import pytest

from chalicelib.formats import Format
from chalicelib.model.reading_options import ReadingOptions
from tests.reading import codes, given, opened, refusal_of

WIDE = [["1", "x, y"], ["2", "z"]]


@pytest.mark.parametrize(
    ("content", "delimiter", "expected"),
    [
        pytest.param('id,name\n1,"x, y"\n2,z\n', ",", WIDE, id="comma"),
        pytest.param("id;name\n1;x, y\n2;z\n", ";", WIDE, id="semicolon_with_commas_inside"),
        pytest.param("id\tname\n1\tx, y\n2\tz\n", "\t", WIDE, id="tab"),
        pytest.param("id|name\n1|x, y\n2|z\n", "|", WIDE, id="pipe"),
        pytest.param("id,name\n1,'x, y'\n2,z\n", ",", WIDE, id="single_quotes"),
        pytest.param('"id", "name"\n"1", "x, y"\n"2", "z"\n', ",", WIDE, id="space_before_quotes"),
        pytest.param("sep=;\nid;name\n1;x, y\n2;z\n", ";", WIDE, id="stated_by_excel"),
        pytest.param("id,\t\tname\n1,\t\tx\n", ",", [["1", "\t\tx"]], id="tabs_for_looks"),
        pytest.param("id;amount\n1;2,50\n3;4,75\n", ";", [["1", "2,50"], ["3", "4,75"]], id="decimal_commas"),
        pytest.param('id,said\n1,"a \\"b\\", c"\n', ",", [["1", 'a "b", c']], id="backslash_escapes"),
        pytest.param('id,path\n1,"C:\\dir\\"\n2,"x"\n', ",", [["1", "C:\\dir\\"], ["2", "x"]], id="backslash_as_such"),
        pytest.param("id,name\n1,O'Hara\n2,'t Hooft\n", ",", [["1", "O'Hara"], ["2", "'t Hooft"]], id="apostrophes"),
        pytest.param("name\nAda\nGrace\n", ",", [["Ada"], ["Grace"]], id="one_column"),
    ],
)
def test_the_dialect_is_detected(content: str, delimiter: str, expected: list[list[str]]) -> None:
    table = opened(content)

    assert table.delimiter == delimiter
    assert given(table.rows) == expected
    assert table.findings == ()


def test_tabs_make_a_tsv() -> None:
    assert opened("a\tb\n1\t2\n").format is Format.TSV
    assert opened("a,b\n1,2\n").format is Format.CSV


def test_the_callers_delimiter_and_quote_are_obeyed() -> None:
    table = opened("a,b;c\n1,^x;y^;2\n", delimiter=";", quote="^")

    assert table.headers == ("a,b", "c")
    assert codes(next(table.rows).problems) == ["misplaced_quote"]
    assert (table.delimiter, table.quote) == (";", "^")


@pytest.mark.parametrize(
    ("options", "param"),
    [
        pytest.param(ReadingOptions(delimiter=""), "delimiter", id="no_delimiter"),
        pytest.param(ReadingOptions(delimiter="::"), "delimiter", id="two_characters"),
        pytest.param(ReadingOptions(delimiter="\n"), "delimiter", id="line_end"),
        pytest.param(ReadingOptions(quote="''"), "quote", id="two_quotes"),
        pytest.param(ReadingOptions(delimiter="'", quote="'"), "quote", id="the_same"),
        pytest.param(ReadingOptions(format="parquet"), "format", id="unknown_format"),
    ],
)
def test_unusable_options_are_refused(options: ReadingOptions, param: str) -> None:
    refusal = refusal_of(b"a,b\n1,2\n", options)

    assert (refusal.code, refusal.param) == ("invalid_option", param)
