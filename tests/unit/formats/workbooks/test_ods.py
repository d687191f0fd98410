"""ODS: what a person sees in the cells, repeated cells and rows, what is no part of a cell."""

import pytest

from chalicelib.model.limits import Limits
from tests.other_workbooks import ODS_TYPE, ods, ods_cell, ods_table, ods_text
from tests.reading import codes, found, given, opened, refusal_of, rows_of
from tests.workbooks import packed

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


def test_cells_and_rows_repeat() -> None:
    rows = (
        f"<table:table-row>{repeated('<table:table-cell/>', 2)}{ods_text('a')}{ods_text('b')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{repeated("<table:table-cell/>", 2)}'
        f"{repeated(ods_cell('float', '1', '1'), 2)}{repeated('<table:table-cell/>', 16380)}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )

    read = rows_of(ods(f'<table:table table:name="S">{rows}</table:table>'))

    assert (given(read), found(read)) == ([["1", "1"], ["1", "1"]], [(1, 5, []), (2, 6, [])])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f'<table:table-row table:number-rows-repeated="999999999">{ods_text("x")}</table:table-row>', "too_many_rows"),
        (f"<table:table-row>{repeated(ods_text('x'), 16385)}</table:table-row>", "damaged_workbook"),
        (
            f'<table:table-row table:number-rows-repeated="1000000">{repeated(ods_text("x"), 16384)}</table:table-row>',
            "expansion_refused",
        ),
    ],
)
def test_repetition_is_no_way_to_fill_the_memory(row: str, code: str) -> None:
    head = f"<table:table-row>{''.join(HEADER)}</table:table-row>"

    assert refusal_of(ods(f'<table:table table:name="S">{head}{row}</table:table>')).code == code


def test_hidden_sheets_come_last_and_merged_cells_are_told() -> None:
    styles = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    merged = ods_text("x").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"')
    tables = ods_table([HEADER, [ods_text("1"), ods_text("2")]], "Hidden", 'table:style-name="h"') + ods_table(
        [HEADER, [merged, ods_text("1")], ["<table:covered-table-cell/>", ods_text("2")]], "Shown"
    )

    table = opened(ods(tables, styles=styles))

    assert (table.sheet, codes(table.findings)) == ("Shown", ["more_sheets", "merged_cells"])
    assert table.findings[1].value == "A2:A3"
    assert given(table.rows) == [["x", "1"], ["", "2"]]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        pytest.param({"content.xml": b"<a>"}, "damaged_workbook", id="not_well_formed"),
        pytest.param({"content.xml": b"<!DOCTYPE a><a/>"}, "damaged_workbook", id="entities"),
        pytest.param(
            {"content.xml": b"??", "META-INF/manifest.xml": b'<m:m xmlns:m="m"><m:encryption-data/></m:m>'},
            "encrypted_workbook",
            id="password",
        ),
        pytest.param({"content.xml": b"<a/>"}, "damaged_workbook", id="no_sheets"),
    ],
)
def test_what_cannot_be_read_is_refused(parts: dict[str, bytes], code: str) -> None:
    assert refusal_of(packed([("mimetype", ODS_TYPE), *parts.items()])).code == code


def test_elements_within_elements_are_limited() -> None:
    deep = "<text:span>" * 300 + "</text:span>" * 300

    assert refusal_of(ods(ods_table([HEADER, [ods_text(deep)]]))).code == "expansion_refused"


def test_rows_are_limited() -> None:
    content = ods(ods_table([HEADER, *([ods_text("1"), ods_text("2")] for _ in range(50))]))

    assert len(rows_of(content, limits=Limits(sheet_rows=51))) == 50
    assert refusal_of(content, limits=Limits(sheet_rows=50)).code == "too_many_rows"
