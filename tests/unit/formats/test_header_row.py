"""Where the header stands when something stands above it."""

import pytest

from chalicelib.errors import Refused
from chalicelib.formats.header_row import find_header_row, totals_findings
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.reading import codes, given, opened

PEOPLE = "email,name,city\na@x.org,Ann,Rome\nb@x.org,Bob,Oslo\n"


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        pytest.param("Contacts of the northern region\nas of 2026-05-04,\n\n", 3, id="title and date"),
        pytest.param("Table 1\n", 1, id="table 1"),
        pytest.param("# exported by someone\n# on a Monday\n", 2, id="comments"),
        pytest.param("Customers,,\n", 1, id="title padded by a spreadsheet"),
        pytest.param("Report:,Customers\nDate:,2026-05-04\n", 2, id="names and values"),
        pytest.param('"Customers, all of them"\n', 1, id="quoted title"),
        pytest.param('Customers of "Acme"\n', 1, id="title with quotes"),
        pytest.param("\n\nCustomers\n\n\n", 5, id="blank lines"),
        pytest.param(",Contact,\n", 1, id="a heading over columns"),
        pytest.param("".join(f"note {n}\n" for n in range(19)), 19, id="as far as is looked"),
    ],
)
def test_the_header_is_found_below_what_is_no_table(above: str, lines: int) -> None:
    table = opened(above + PEOPLE)

    assert table.headers == ("email", "name", "city")
    assert given(table.rows) == [["a@x.org", "Ann", "Rome"], ["b@x.org", "Bob", "Oslo"]]
    assert codes(table.findings) == ["header_row_found"]
    assert table.findings[0].facts["header_line"] == lines + 1


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("nom,ville,depuis\nAnn,Rome,2020\nBob,Oslo,2021\n", id="unknown names"),
        pytest.param("a,b\n1,2\n3,4\n", id="short names"),
        pytest.param("email,name,,\na@x.org,Ann,x,y\n", id="fewer headers than cells"),
        pytest.param("name\nemail,phone\n", id="a row of words that are names of fields, below one that is not wider"),
        pytest.param("2023,2024,2025\n1,2,3\n", id="years"),
        pytest.param("x\nAnn,Rome\nBob,Oslo\n", id="nothing tells the second line from those below"),
    ],
)
def test_the_first_row_is_the_header_unless_another_is_proven(content: str) -> None:
    first = content.partition("\n")[0]

    table = opened(content)

    assert ",".join(table.headers) in (first, "email,name,,", "email,phone")


def test_unknown_labels_above_numbers_are_a_header() -> None:
    table = opened("Pumps in stock\n\nModel,Shelf,Left\nA-1,north,12\nB-2,south,7\nC-3,south,0\n")

    assert table.headers == ("Model", "Shelf", "Left")


def test_lines_are_those_of_the_file() -> None:
    table = opened("Customers\n\n" + PEOPLE)

    assert [row.line for row in table.rows] == [4, 5]


@pytest.mark.parametrize(
    ("line", "headers"), [(1, ("Customers",)), (3, ("email", "name", "city")), (4, ("a@x.org", "Ann", "Rome"))]
)
def test_the_header_may_be_stated(line: int, headers: tuple[str, ...]) -> None:
    assert opened("Customers\n\n" + PEOPLE, header_row=line).headers == headers


@pytest.mark.parametrize("line", [2, 99])
def test_a_stated_line_without_content_is_refused(line: int) -> None:
    with pytest.raises(Refused, match=f"No row with content begins on line {line}"):
        opened("Customers\n\n" + PEOPLE, header_row=line)


def test_the_search_is_bounded() -> None:
    assert opened("Customers\nof the north\n" + PEOPLE, limits=Limits(header_search_rows=2)).headers == ("Customers",)


def test_a_header_broken_by_a_line_end_is_refused() -> None:
    with pytest.raises(Refused, match="unreadable_header: The header on line 1 seems to be cut by a line end"):
        opened("email,na\nme,city\na@x.org,Ann,Rome\nb@x.org,Bob,Oslo\n")


def test_a_second_header_is_told() -> None:
    table = opened("name,email\nFull name,E-mail\nAnn,a@x.org\n")

    assert [one.message for one in table.findings] == [
        "The row below the header looks like another header and was read as a row: Full name, E-mail."
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["Total", "", "12"], ["totals_row"]),
        (["", "Grand Total:", "7"], ["totals_row"]),
        (["Summe", "3"], ["totals_row"]),
        (["ИТОГО", "3"], ["totals_row"]),
        (["Total", "total@x.org"], []),
        (["Totally Ltd", "3"], []),
        (["Ann", "total"], []),
        (["", ""], []),
    ],
)
def test_a_sum_below_the_rows_is_told(row: list[str], expected: list[str]) -> None:
    assert codes(totals_findings(row)) == expected


def test_names_of_fields_win_over_looks() -> None:
    rows = [["Report"], ["Kind", "Count"], ["name", "email", "phone"], ["Ann", "a@x.org", "1"]]

    assert find_header_row(rows, DEFAULT_LIMITS) == 2
