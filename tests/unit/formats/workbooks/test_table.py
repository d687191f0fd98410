"""Which sheet is read, where its table begins, and what is told of merged cells; the same for all workbooks."""

import io

import pytest
from openpyxl import Workbook

from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from tests.other_workbooks import ods, ods_parts, ods_table, ods_text, xls, xlsb
from tests.reading import codes, found, given, opened, refusal_of, rows_of
from tests.workbooks import packed, workbook

PEOPLE: list[list[object]] = [["name", "age"], ["Ada", 36], ["Alan", 41]]


def test_the_first_sheet_with_content_is_read_and_others_are_mentioned() -> None:
    content = workbook({"Empty": [], "One": [["a"], [1]], "Two": [["b"], [2]]})

    table = opened(content)

    assert (table.sheet, table.headers) == ("One", ("a",))
    assert [problem.message for problem in table.findings] == ["The workbook has 2 sheets; 'One' was read."]


def test_empty_sheets_are_not_worth_mentioning() -> None:
    assert opened(workbook({"One": [["a"], [1]], "Sheet2": []})).findings == ()


def test_a_sheet_is_read_by_its_name() -> None:
    table = opened(workbook({"One": [["a"], [1]], "Two": [["b"], [2]]}), sheet="Two")

    assert (table.headers, given(table.rows), table.findings) == (("b",), [["2"]], ())


def test_an_unknown_sheet_is_refused_with_the_names_there_are() -> None:
    refusal = refusal_of(workbook({"One": [["a"]], "Two": [["b"]]}), ReadingOptions(sheet="Three"))

    assert (refusal.code, refusal.param) == ("sheet_not_found", "sheet")
    assert "It has: 'One', 'Two'." in refusal.message


@pytest.mark.parametrize(
    ("sheets", "chosen"),
    [
        pytest.param({"Cover": [["Report 2024"]], "Data": PEOPLE}, "Data", id="one cell"),
        pytest.param({"Cover": [["Report"], [], ["by Acme"], ["2024"]], "Data": PEOPLE}, "Data", id="a few lines"),
        pytest.param({"Cover": [[None, None, "Report"]], "Data": PEOPLE}, "Data", id="one cell further right"),
        pytest.param({"Cover": [["Version", "2"]], "Data": PEOPLE}, "Data", id="one row"),
        pytest.param({"Empty": [], "Cover": [["Report"]], "Data": PEOPLE}, "Data", id="behind two"),
        pytest.param({"Data": PEOPLE, "Notes": [["Report"]]}, "Data", id="notes behind"),
        pytest.param({"Data": PEOPLE, "More": PEOPLE}, "Data", id="the first of two tables"),
        pytest.param({"Cover": [["Report"]], "Notes": [["a"], ["b"]]}, "Notes", id="a short list before nothing"),
        pytest.param(
            {"Cover": [["Report"]], "Mails": [["email"], *([f"a{n}@x.org"] for n in range(9))]}, "Mails", id="a list"
        ),
        pytest.param(
            {"Mails": [["email"], *([f"a{n}@x.org"] for n in range(9))], "Data": PEOPLE}, "Mails", id="a list first"
        ),
        pytest.param({"Headers": [["name", "age"]], "Cover": [["x"]]}, "Headers", id="headers alone"),
        pytest.param({"Cover": [["Report"]], "Sheet2": []}, "Cover", id="nothing better"),
    ],
)
def test_a_cover_is_not_taken_before_a_table(sheets: dict[str, list[list[object]]], chosen: str) -> None:
    table = opened(workbook(sheets))

    assert table.sheet == chosen
    assert codes(table.findings)[:1] == ["more_sheets"] * (sum(map(bool, sheets.values())) > 1)


def test_hidden_sheets_are_read_only_where_no_other_is_a_table() -> None:
    book = Workbook()
    book.active.title = "Hidden"
    book.active.append(["old", "table"])
    book.active.append(["1", "2"])
    book.create_sheet("Shown")
    for row in PEOPLE:
        book["Shown"].append(row)
    book["Hidden"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)

    assert opened(buffer.getvalue()).sheet == "Shown"
    assert opened(buffer.getvalue(), sheet="Hidden").headers == ("old", "table")


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        pytest.param(xls({"Cover": [["Report"]], "S": PEOPLE}), "xls", id="xls"),
        pytest.param(xlsb({"Cover": [["Report"]], "S": PEOPLE}), "xlsb", id="xlsb"),
        pytest.param(workbook({"Cover": [["Report"]], "S": PEOPLE}), "xlsx", id="xlsx"),
        pytest.param(
            ods(
                ods_table([[ods_text("Report")]], "Cover")
                + ods_table([[ods_text(str(cell)) for cell in row] for row in PEOPLE])
            ),
            "ods",
            id="ods",
        ),
    ],
)
def test_every_format_is_read_alike(content: bytes, format_: str) -> None:
    table = opened(content, filename=f"people.{format_}")

    assert (table.format, table.sheet, table.headers) == (format_, "S", ("name", "age"))
    assert codes(table.findings) == ["more_sheets"]
    assert given(table.rows) == [["Ada", "36"], ["Alan", "41"]]
    assert opened(content, sheet="Cover").headers == ("Report",)
    assert refusal_of(content, ReadingOptions(sheet="None")).code == "sheet_not_found"
    assert opened(content, format=format_).format == format_
    assert refusal_of(content, ReadingOptions(format="csv")).code == "unreadable_format"


@pytest.mark.parametrize("name", ["people.csv", "people.xls", "people.xlsb", "people.ods", "people.json"])
def test_a_name_that_misleads_is_told(name: str) -> None:
    assert codes(opened(workbook({"S": PEOPLE}), filename=name).findings) == ["extension_misleads"]


def test_cells_left_of_the_table_are_no_column() -> None:
    rows = rows_of(workbook({"S": [[None, None, "a", "b"], [None, None, 1, 2], [None, None, None, 3]]}))

    assert given(rows) == [["1", "2"], ["", "3"]]


def test_a_column_without_a_header_before_the_others_stays() -> None:
    table = opened(workbook({"S": [[None, "a"], [0, 1], [1, 2]]}))

    assert (table.headers, codes(table.findings), given(table.rows)) == (
        ("", "a"),
        ["header_empty"],
        [["0", "1"], ["1", "2"]],
    )


def test_a_cell_that_turns_up_left_of_the_table_fails_its_row() -> None:
    rows = rows_of(
        workbook({"S": [[None, "a", "b"], *([None, 1, 2] for _ in range(120)), ["stray", 3, 4], [None, 5, 6]]})
    )

    assert found(rows)[119:] == [(120, 121, []), (121, 122, ["row_too_long"]), (122, 123, [])]


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        pytest.param([], None, id="none"),
        pytest.param(["A3:A4"], "A3:A4", id="down"),
        pytest.param(["A3:B3"], "A3:B3", id="across"),
        pytest.param(["A2:B2"], "A2:B2", id="in the header"),
        pytest.param(["A3:A4", "B3:B5"], "A3:A4, B3:B5", id="two"),
        pytest.param(
            [f"A{row}:A{row + 1}" for row in range(3, 17, 2)],
            "A3:A4, A5:A6, A7:A8, A9:A10, A11:A12 and 2 more",
            id="seven",
        ),
    ],
)
def test_merged_cells_are_told(ranges: list[str], told: str | None) -> None:
    book = Workbook()
    for row in range(2, 20):
        book.active.append(["a", "b"]) if row == 2 else book.active.append([row, row])
    book.active.insert_rows(1)
    for one in ranges:
        book.active.merge_cells(one)
    buffer = io.BytesIO()
    book.save(buffer)

    findings = [one.value for one in opened(buffer.getvalue()).findings if one.code == "merged_cells"]

    assert findings == ([told] if told else [])


def test_merged_cells_above_the_header_are_no_matter() -> None:
    rows = (
        "<table:table-row><table:table-cell/></table:table-row>"
        '<table:table-row><table:table-cell table:number-columns-spanned="2"/></table:table-row>'
        f"<table:table-row>{ods_text('a')}{ods_text('b')}</table:table-row>"
    )

    assert opened(packed(ods_parts(f'<table:table table:name="S">{rows}</table:table>'))).findings == ()


TITLED: list[list[object]] = [
    ["Contacts of the north"],
    [],
    ["as of", "May"],
    [None, "name", "email", "age"],
    [None, "Ada", "ada@x.org", 36],
    [None, "Alan", "alan@x.org", 41],
]


def test_titles_above_the_header_are_passed_over_and_told() -> None:
    table = opened(workbook({"People": TITLED}))

    assert table.headers == ("name", "email", "age")
    assert given(table.rows) == [["Ada", "ada@x.org", "36"], ["Alan", "alan@x.org", "41"]]
    assert [one.message for one in table.findings] == ["Line 4 was taken for the header; not read: 2 lines above it."]


@pytest.mark.parametrize(("row", "headers"), [(3, ("as of", "May")), (4, ("name", "email", "age"))])
def test_the_row_of_the_header_may_be_stated(row: int, headers: tuple[str, ...]) -> None:
    table = opened(workbook({"People": TITLED}), header_row=row)

    assert table.headers[: len(headers)] == headers


def test_a_row_without_content_is_no_header() -> None:
    refusal = refusal_of(workbook({"People": TITLED}), ReadingOptions(header_row=2))

    assert (refusal.code, refusal.param) == ("invalid_option", "header_row")


def test_the_number_of_sheets_looked_at_is_limited() -> None:
    content = workbook({"One": [["cover"]], "Two": [["cover"]], "Three": [["a", "b"], [1, 2]]})

    assert opened(content, limits=Limits(workbook_sheets=2)).sheet == "One"
    assert opened(content, limits=Limits(workbook_sheets=3)).sheet == "Three"
    assert opened(content, limits=Limits(workbook_sheets=2), sheet="Three").headers == ("a", "b")
