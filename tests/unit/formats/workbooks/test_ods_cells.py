"""Cells of OpenDocument spreadsheets are what a person sees, and say what is wrong with them."""

import pytest

from tests.other_workbooks import ods, ods_cell, ods_table, ods_text
from tests.reading import found, given, rows_of

HEADER = [ods_text("a"), ods_text("b")]
FORMULA = 'table:formula="of:=1"'


def repeated(cell: str, times: int) -> str:
    return cell.replace("<table:table-cell", f'<table:table-cell table:number-columns-repeated="{times}"', 1)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(ods_text("x"), "x", id="text"),
        pytest.param(ods_text('a<text:s text:c="2"/>b'), "a  b", id="spaces"),
        pytest.param(ods_text("a<text:tab/>b<text:line-break/>c"), "a\tb\nc", id="tab_and_line"),
        pytest.param(ods_text("a</text:p><text:p>b"), "a\nb", id="paragraphs"),
        pytest.param(ods_text("a<text:span>b<text:a>c</text:a></text:span>"), "abc", id="spans"),
        pytest.param(
            ods_text("東<text:ruby><text:ruby-text>とう</text:ruby-text></text:ruby>京"), "東京", id="pronunciation"
        ),
        pytest.param(
            '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
            "<text:p>x</text:p></table:table-cell>",
            "x",
            id="comment",
        ),
        pytest.param(
            "<table:table-cell><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></table:table-cell>",
            "",
            id="drawing",
        ),
        pytest.param(ods_cell("float", "7", "7"), "7", id="whole"),
        pytest.param(ods_cell("float", "1234.5", "1.234,50"), "1234.5", id="german_number"),
        pytest.param(ods_cell("float", "1234567", "1 234 567"), "1234567", id="french_number"),
        pytest.param(ods_cell("float", "123", "00123"), "00123", id="zeros"),
        pytest.param(ods_cell("float", "123456789", "123-45-6789"), "123-45-6789", id="groups"),
        pytest.param(ods_cell("float", "5551234567", "(555) 123-4567"), "(555) 123-4567", id="phone"),
        pytest.param(ods_cell("float", "-5", "-5"), "-5", id="negative"),
        pytest.param(ods_cell("float", "1", "Yes"), "Yes", id="word"),
        pytest.param(ods_cell("float", "0.5", "1/2"), "0.5", id="fraction"),
        pytest.param(ods_cell("float", "1200000", "1.20E+06"), "1200000", id="scientific"),
        pytest.param(ods_cell("float", "1234567890123456781", "1.23E+18"), "1234567890123456781", id="nineteen_digits"),
        pytest.param(ods_cell("percentage", "0.125", "12,5 %"), "12.5%", id="percent"),
        pytest.param(ods_cell("date", "2024-02-29", "29.02.24"), "2024-02-29", id="date"),
        pytest.param(ods_cell("date", "2024-02-29T00:00:00", "29.02.24"), "2024-02-29", id="midnight"),
        pytest.param(
            ods_cell("date", "2024-02-29T13:05:00", "29.02.24 13:05"), "2024-02-29T13:05:00", id="date_and_time"
        ),
        pytest.param(ods_cell("date", "2024-02-29T13:05:00", "29.02.24"), "2024-02-29", id="time_that_is_not_shown"),
        pytest.param(ods_cell("time", "PT13H05M00S", "13:05"), "13:05:00", id="time"),
        pytest.param(ods_cell("time", "PT36H00M00S", "36:00"), "36:00:00", id="duration"),
        pytest.param(ods_cell("time", "PT00H00M01.5S", "0:01"), "00:00:01.500", id="fraction_of_a_second"),
        pytest.param(ods_cell("boolean", "true", "WAHR"), "true", id="boolean"),
        pytest.param(ods_cell("float", "2", "2", FORMULA), "2", id="formula"),
        pytest.param(repeated(ods_text("x"), 1), "x", id="repeated_once"),
    ],
)
def test_a_cell_is_what_a_person_sees(cell: str, text: str) -> None:
    rows = rows_of(ods(ods_table([HEADER, [cell, ods_text("y")]])))

    assert (given(rows), found(rows)) == ([[text, "y"]], [(1, 2, [])])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (ods_cell("string", "", "#DIV/0!", f'{FORMULA} calcext:value-type="error"'), "cell_error"),
        (ods_cell("float", "0", "#N/A", FORMULA), "cell_error"),
        (ods_cell("float", "0", "Err:508", FORMULA), "cell_error"),
        (f"<table:table-cell {FORMULA}/>", "formula_not_computed"),
        (ods_cell("float", "1.23456789012346E+018", "1.23E+18"), "inexact_number"),
        (ods_cell("currency", "12.5", "12,50 €"), "shown_otherwise"),
        (ods_cell("float", "5", "5 kg"), "shown_otherwise"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told(cell: str, code: str) -> None:
    rows = rows_of(ods(ods_table([HEADER, [cell, ods_text("y")], [cell, ods_text("y")]])))

    again = [] if code == "shown_otherwise" else [code]
    assert found(rows) == [(1, 2, [code]), (2, 3, again)]
