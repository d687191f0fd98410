"""ODS: what a person sees in the cells, repeated cells and rows, what is no part of a cell."""

import pytest

from chalicelib.model.limits import Limits
from tests.other_workbooks import ODS_TYPE, ods, ods_cell, ods_table, ods_text
from tests.reading import codes, found, given, opened, refusal_of, rows_of
from tests.workbooks import packed

HEADER = [ods_text("a"), ods_text("b")]


def repeated(cell: str, times: int) -> str:
    return cell.replace("<table:table-cell", f'<table:table-cell table:number-columns-repeated="{times}"', 1)


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
