"""XLSX: cells as texts, sheets, errors."""

from datetime import date, datetime, time, timedelta

import pytest

from chalicelib.formats.cell_text import text_of
from chalicelib.model.imports import ReadingOptions
from tests.reading import codes, found, given, opened, opened_bytewise, refusal_of, rows_of
from tests.workbooks import packed, parts, workbook

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("00123", "00123", id="text_of_digits"),
        pytest.param(1.0, "1", id="whole"),
        pytest.param(-0.0, "0", id="minus_zero"),
        pytest.param(1.5, "1.5", id="fraction"),
        pytest.param(0.1 + 0.2, "0.3", id="fifteen_digits"),
        pytest.param(9007199254740991.0, "9007199254740991", id="largest_exact"),
        pytest.param(1e21, "1000000000000000000000", id="no_exponent"),
        pytest.param(0.00000012, "0.00000012", id="small"),
        pytest.param(True, "true", id="true"),
        pytest.param(False, "false", id="false"),
        pytest.param(date(2024, 2, 29), "2024-02-29", id="date"),
        pytest.param(datetime(2024, 2, 29), "2024-02-29", id="midnight"),
        pytest.param(datetime(2024, 2, 29, 13, 5), "2024-02-29T13:05:00", id="time_of_day"),
        pytest.param(datetime(2024, 2, 29, 13, 5, 0, 250000), "2024-02-29T13:05:00.250", id="milliseconds"),
        pytest.param(time(7, 30), "07:30:00", id="time"),
        pytest.param(timedelta(hours=30, minutes=5), "30:05:00", id="duration"),
        pytest.param(timedelta(minutes=-5), "-0:05:00", id="negative_duration"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_value_becomes_the_text_a_person_sees(value: object, text: str) -> None:
    assert text_of(value) == text


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


def test_ragged_rows_are_judged_as_in_csv() -> None:
    rows = rows_of(workbook({"S": [["a", "b"], [1], [1, 2, 3], [1, 2]]}))

    assert [codes(row.problems) for row in rows] == [[], ["row_too_long"], []]
    assert given(rows) == [["1", ""], ["1", "2", "3"], ["1", "2"]]


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
