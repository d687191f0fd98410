"""XLSX: rows, sheets, formulas, errors, texts, numbers beyond what spreadsheets hold."""

import pytest

from tests.reading import codes, found, given, opened, opened_bytewise, refusal_of, rows_of
from tests.workbooks import packed, parts, styled, workbook

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'


def test_rows_have_the_numbers_and_lines_of_the_sheet() -> None:
    content = workbook({"People": [[], [None, "name", "age"], [None, "Ada", 36], [], [None, "Alan", 41.5]]})

    table = opened(content, filename="people.xlsx")
    rows = list(table.rows)

    assert (table.format, table.sheet, table.headers) == ("xlsx", "People", ("name", "age"))
    assert table.findings == ()
    assert given(rows) == [["Ada", "36"], ["Alan", "41.5"]]
    assert found(rows) == [(1, 3, []), (2, 5, [])]


def test_the_stream_is_only_read_forwards() -> None:
    content = workbook({"S": [["a", "b"], [1, 2]]})

    assert given(opened_bytewise(content, most=1_000).rows) == [["1", "2"]]


def test_cells_right_of_the_headers_are_a_column_without_one() -> None:
    table = opened(workbook({"S": [["a", "b"], [1], [1, 2, 3], [1, 2]]}))

    assert (table.headers, codes(table.findings)) == (("a", "b", ""), ["header_empty"])
    assert given(table.rows) == [["1", "", ""], ["1", "2", "3"], ["1", "2", ""]]


def test_a_cell_far_below_that_has_no_header_fails_its_row() -> None:
    rows = rows_of(workbook({"S": [["a", "b"], *([1, 2] for _ in range(120)), [1, 2, 3]]}))

    assert found(rows)[119:] == [(120, 121, []), (121, 122, ["row_too_long"])]


def test_a_workbook_without_content_is_a_table_without_headers() -> None:
    table = opened(workbook({"S": []}))

    assert (table.headers, list(table.rows), codes(table.findings)) == ((), [], ["empty_source"])


def test_formulas_give_the_values_they_had() -> None:
    data = HEADER + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"x"</f><v>x</v></c></row>'

    assert given(rows_of(packed(parts(data).items()))) == [["2", "x"]]


def test_error_cells_fail_their_row() -> None:
    data = (
        HEADER
        + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        + '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><v>4</v></c></row>'
    )

    rows = rows_of(packed(parts(data).items()))

    assert found(rows) == [(1, 2, ["cell_error"]), (2, 3, [])]
    assert given(rows) == [["1", "#DIV/0!"], ["3", "4"]]
    assert (rows[0].problems[0].field, rows[0].problems[0].message) == ("b", "The cell holds the error #DIV/0!.")


def test_a_wrong_dimension_loses_no_rows() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>')
    name = "xl/worksheets/sheet1.xml"
    entries[name] = entries[name].replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>')

    assert given(rows_of(packed(entries.items()))) == [["1", ""], ["2", ""]]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('<c r="A2"><f>1+1</f></c>', id="no value"),
        pytest.param('<c r="A2"><f>1+1</f><v></v></c>', id="an empty value"),
        pytest.param('<c r="A2"><f>1+1</f><v/></c>', id="an empty tag"),
        pytest.param('<c r="A2"><f/></c>', id="an empty formula"),
        pytest.param('<c r="A2" t="str"><f>"x"</f></c>', id="a text"),
        pytest.param('<c r="A2" t="b"><f>1=1</f><v></v></c>', id="a boolean"),
        pytest.param('<c r="A2" t="e"><f>1/0</f></c>', id="an error"),
        pytest.param('<c r="A2"><f t="shared" si="0"/></c>', id="shared"),
        pytest.param('<c r="A2"><f t="array" ref="A2:A3">B2:B3</f></c>', id="an array"),
        pytest.param('<c r="A2" s="1"><f>TODAY()</f><v/></c>', id="a date"),
    ],
)
def test_a_formula_without_its_result_fails_its_row(row: str) -> None:
    rows = rows_of(styled(HEADER + f'<row r="2">{row}<c r="B2"><v>5</v></c></row>', ["yyyy-mm-dd"]))

    assert found(rows) == [(1, 2, ["formula_not_computed"])]
    assert (rows[0].problems[0].field, given(rows)) == ("a", [["", "5"]])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param('<c r="A2"><f>1+1</f><v>2</v></c>', "2", id="a number"),
        pytest.param('<c r="A2"><f>1-1</f><v>0</v></c>', "0", id="nought"),
        pytest.param('<c r="A2" t="str"><f>""</f><v></v></c>', "", id="an empty text"),
        pytest.param('<c r="A2" t="str"><f>"x"</f><v>x</v></c>', "x", id="a text"),
        pytest.param('<c r="A2" t="b"><f>1=1</f><v>1</v></c>', "true", id="a boolean"),
        pytest.param('<c r="A2"><v>0</v></c>', "0", id="no formula"),
    ],
)
def test_a_formula_gives_the_result_it_had(cell: str, text: str) -> None:
    rows = rows_of(packed(parts(HEADER + f'<row r="2">{cell}<c r="B2"><v>5</v></c></row>').items()))

    assert (given(rows), found(rows)) == ([[text, "5"]], [(1, 2, [])])


def test_nought_is_no_result_where_the_workbook_was_left_to_be_calculated() -> None:
    data = (
        HEADER
        + '<row r="2"><c r="A2"><f>B2*2</f><v>0</v></c><c r="B2"><v>0</v></c></row>'
        + '<row r="3"><c r="A3"><f>B3*2</f><v>8</v></c><c r="B3"><v>4</v></c></row>'
    )

    rows = rows_of(styled(data, [], properties='<calcPr calcId="124519" fullCalcOnLoad="1"/>'))

    assert found(rows) == [(1, 2, ["formula_not_computed"]), (2, 3, [])]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param('<c r="A2" t="inlineStr"><is><t>x</t></is></c>', "x", id="inline"),
        pytest.param('<c r="A2" t="inlineStr"><is><r><t>x</t></r><r><rPr/><t>y</t></r></is></c>', "xy", id="rich"),
        pytest.param('<c r="A2" t="inlineStr"><is><t> x </t></is></c>', " x ", id="spaces"),
        pytest.param('<c r="A2" t="inlineStr"><is><t><![CDATA[<x>]]></t></is></c>', "<x>", id="cdata"),
        pytest.param('<c r="A2" t="inlineStr"><v>x</v></c>', "x", id="inline as value"),
        pytest.param('<c r="A2" t="str"><v>x_x000D_y</v></c>', "x\ry", id="escape"),
        pytest.param('<c r="A2" t="str"><v>_x005F_x000D_</v></c>', "_x000D_", id="escaped escape"),
        pytest.param('<c r="A2" t="str"><v>_xD83D__xDE00_</v></c>', "\U0001f600", id="pair of surrogates"),
        pytest.param('<c r="A2" t="str"><v>a_xb</v></c>', "a_xb", id="no escape"),
        pytest.param('<c r="A2" t="s"><v>0</v></c>', "shared", id="shared"),
        pytest.param('<c r="A2" t="s"><v>1</v></c>', "東京", id="shared with pronunciation"),
        pytest.param(
            '<c r="A2" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>とう</t></rPh></is></c>',
            "東",
            id="pronunciation",
        ),
        pytest.param('<c r="A2" t="b"><v>1</v></c>', "true", id="true"),
        pytest.param('<c r="A2" t="b"><v>0</v></c>', "false", id="false"),
        pytest.param('<c r="A2" t="d"><v>2024-02-29T00:00:00.000Z</v></c>', "2024-02-29", id="date in words"),
        pytest.param('<c r="A2" t="d"><v>2024-02-29T13:05:00</v></c>', "2024-02-29T13:05:00", id="time in words"),
        pytest.param('<x:c xmlns:x="urn:x" r="A2" t="str"><x:v>p</x:v></x:c>', "p", id="prefixed"),
        pytest.param('<c t="str"><v>by order</v></c>', "by order", id="without a place"),
        pytest.param('<c r="A2"><v>1234567890123456781</v></c>', "1234567890123456781", id="nineteen digits"),
    ],
)
def test_cells_are_read_in_all_ways_they_are_written(cell: str, text: str) -> None:
    texts = ["shared", '東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><t>']
    entries = parts(HEADER + f'<row r="2">{cell}<c r="B2"><v>5</v></c></row>', texts)

    assert given(rows_of(packed(entries.items()))) == [[text, "5"]]


def test_ids_of_nineteen_digits_stay_two() -> None:
    data = (
        HEADER
        + '<row r="2"><c r="A2"><v>1234567890123456781</v></c><c r="B2"><v>1</v></c></row>'
        + '<row r="3"><c r="A3"><v>1234567890123456789</v></c><c r="B3"><v>2</v></c></row>'
        + '<row r="4"><c r="A4"><v>1.23456789012346E+18</v></c><c r="B4"><v>3</v></c></row>'
    )

    rows = rows_of(packed(parts(data).items()))

    assert [row.given[0] for row in rows[:2]] == ["1234567890123456781", "1234567890123456789"]  # type: ignore[index]
    assert found(rows) == [(1, 2, []), (2, 3, []), (3, 4, ["inexact_number"])]


def test_number_formats_are_applied_cell_by_cell() -> None:
    data = HEADER + (
        '<row r="2"><c r="A2" s="1"><v>7</v></c><c r="B2" s="2"><v>45351</v></c></row>'
        '<row r="3"><c r="A3"><v>7</v></c><c r="B3" s="3"><v>0.5</v></c></row>'
        '<row r="4"><c r="A4" s="99"><v>7</v></c><c r="B4" s=""><v>8</v></c></row>'
    )

    assert given(rows_of(styled(data, ["00000", "dd/mm/yyyy", "0%"]))) == [
        ["00007", "2024-02-29"],
        ["7", "50%"],
        ["7", "8"],
    ]


def test_dates_may_count_from_1904() -> None:
    data = HEADER + '<row r="2"><c r="A2" s="1"><v>43889</v></c><c r="B2" s="1"><v>0</v></c></row>'

    rows = rows_of(styled(data, ["yyyy-mm-dd"], properties='<workbookPr date1904="1"/>'))

    assert given(rows) == [["2024-02-29", "1904-01-01"]]


def test_a_currency_is_no_part_of_a_number_which_is_told_once() -> None:
    data = HEADER + "".join(
        f'<row r="{row}"><c r="A{row}" s="1"><v>{row}.5</v></c><c r="B{row}"><v>1</v></c></row>' for row in (2, 3)
    )

    rows = rows_of(styled(data, ['#,##0.00 "EUR"']))

    assert (given(rows), found(rows)) == ([["2.5", "1"], ["3.5", "1"]], [(1, 2, ["shown_otherwise"]), (2, 3, [])])
    assert rows[0].problems[0].message.startswith("The workbook shows '2.5 EUR'; '2.5' was read.")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param('<row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c></row>', [["1", "2"]], id="out of order"),
        pytest.param(
            '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>',
            [["1", "2"]],
            id="in two tags",
        ),
        pytest.param(
            "<row><c><v>1</v></c><c/></row><row><c/><c><v>2</v></c></row>", [["1", ""], ["", "2"]], id="by order"
        ),
        pytest.param('<row><c r="A7"><v>1</v></c><c r="B7"><v>2</v></c></row>', [["1", "2"]], id="place of the cell"),
        pytest.param('<row r="2"><c r="a2"><v>1</v></c><c r="b2"><v>2</v></c></row>', [["1", "2"]], id="small letters"),
    ],
)
def test_cells_stand_where_they_say(data: str, expected: list[list[str]]) -> None:
    assert given(rows_of(packed(parts(HEADER + data).items()))) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param('<row r="9"><c r="A9"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>', id="rows"),
        pytest.param('<row r="2"><c r="XFE2"><v>1</v></c></row>', id="behind the last column"),
        pytest.param('<row r="2"><c r="2"><v>1</v></c></row>', id="no column"),
        pytest.param('<row r="2"><c r="A2" t="s"><v>5</v></c></row>', id="a text that is not there"),
        pytest.param('<row r="2"><c r="A2"><v>1</c></row>', id="not well-formed"),
    ],
)
def test_what_spreadsheet_programs_would_not_open_is_damaged(data: str) -> None:
    assert refusal_of(packed(parts(HEADER + data).items())).code == "damaged_workbook"


@pytest.mark.parametrize("extension", ["xlsm", "xltx", "xltm"])
def test_workbooks_with_macros_and_templates_are_opened(extension: str) -> None:
    table = opened(workbook({"S": [["a"], [1]]}), filename=f"people.{extension}")

    assert (table.format, table.findings, given(table.rows)) == ("xlsx", (), [["1"]])


def test_sheets_of_macros_have_cells_too() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>')
    relations = "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    old = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    entries[relations] = entries[relations].replace(old, kind)

    assert given(rows_of(packed(entries.items()))) == [["1", ""]]


def test_a_package_that_lost_its_relations_is_opened() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>')
    del entries["_rels/.rels"], entries["[Content_Types].xml"]

    assert given(rows_of(packed(entries.items()))) == [["1", ""]]


def test_parts_in_utf_16_are_read() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2" t="str"><v>ä</v></c></row>')
    name = "xl/worksheets/sheet1.xml"
    entries[name] = entries[name].decode().encode("utf-16")

    assert given(rows_of(packed(entries.items()))) == [["ä", ""]]
