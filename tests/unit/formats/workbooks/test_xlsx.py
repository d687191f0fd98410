"""XLSX: rows, sheets, formulas, errors, texts, numbers beyond what spreadsheets hold."""

import pytest

from chalicelib.model.limits import Limits
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


def test_zero_is_no_result_where_the_workbook_was_left_to_be_calculated() -> None:
    data = (
        HEADER
        + '<row r="2"><c r="A2"><f>B2*2</f><v>0</v></c><c r="B2"><v>0</v></c></row>'
        + '<row r="3"><c r="A3"><f>B3*2</f><v>8</v></c><c r="B3"><v>4</v></c></row>'
    )

    rows = rows_of(styled(data, [], properties='<calcPr calcId="124519" fullCalcOnLoad="1"/>'))

    assert found(rows) == [(1, 2, ["formula_not_computed"]), (2, 3, [])]


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


@pytest.mark.parametrize("extension", ["xlsm", "xltx", "xltm"])
def test_workbooks_with_macros_and_templates_are_opened(extension: str) -> None:
    table = opened(workbook({"S": [["a"], [1]]}), filename=f"people.{extension}")

    assert (table.format, table.findings, given(table.rows)) == ("xlsx", (), [["1"]])


def test_parts_in_utf_16_are_read() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2" t="str"><v>ä</v></c></row>')
    name = "xl/worksheets/sheet1.xml"
    entries[name] = entries[name].decode().encode("utf-16")

    assert given(rows_of(packed(entries.items()))) == [["ä", ""]]


SMALL = Limits(workbook_expanded_bytes=1_000_000)


def test_shared_texts_are_counted() -> None:
    assert refusal_of(packed(parts("<row/>", ["x"] * 40_000).items()), limits=SMALL).code == "expansion_refused"
