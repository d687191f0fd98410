"""XLSB: values as their number formats show them, in all kinds of records."""

import struct

import pytest

from chalicelib.model.limits import Limits
from tests.other_workbooks import Failed, binary_cell, binary_row, record, xlsb, xlsb_parts
from tests.reading import codes, found, given, opened, refusal_of, rows_of
from tests.workbooks import packed

HEADER = binary_row(0) + binary_cell(0, "a") + binary_cell(1, "b")


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def place(column: int, style: int = 0) -> bytes:
    return struct.pack("<II", column, style)


def book(rows: bytes, *, codes_by_style: tuple[str, ...] = (), properties: bytes = b"", behind: bytes = b"") -> bytes:
    """A workbook with these rows below its header; styles from 1 on have these formats."""
    parts = dict(xlsb_parts({"S": HEADER + rows}))
    formats = b"".join(record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(codes_by_style))
    styles = b"".join(
        record(47, struct.pack("<HH", 0, number)) for number in (0, *range(164, 164 + len(codes_by_style)))
    )
    parts["xl/styles.bin"] = (
        formats + record(47, struct.pack("<HH", 0, 14)) + record(617, b"") + styles + record(618, b"")
    )
    parts["xl/workbook.bin"] = properties + parts["xl/workbook.bin"]
    parts["xl/worksheets/sheet1.bin"] += behind
    relations = parts["xl/_rels/workbook.bin.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = f'<Relationship Id="s" Type="{kind}/styles" Target="styles.bin"/>'
    more += f'<Relationship Id="t" Type="{kind}/sharedStrings" Target="sharedStrings.bin"/>'
    parts["xl/_rels/workbook.bin.rels"] = relations.replace("</Rel", f"{more}</Rel").encode()
    parts["xl/sharedStrings.bin"] = record(19, b"\0" + wide("shared")) + record(19, b"\1" + wide("東京") + bytes(20))
    return packed(parts.items())


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(record(6, place(0) + wide("Ä")), "Ä", id="text"),
        pytest.param(record(7, place(0) + struct.pack("<I", 0)), "shared", id="shared_text"),
        pytest.param(record(7, place(0) + struct.pack("<I", 1)), "東京", id="rich_shared_text"),
        pytest.param(record(62, place(0) + b"\1" + wide("rich") + bytes(8)), "rich", id="rich_text"),
        pytest.param(record(8, place(0) + wide("result") + bytes(8)), "result", id="text_of_a_formula"),
        pytest.param(record(5, place(0) + struct.pack("<d", 2.5)), "2.5", id="number"),
        pytest.param(record(5, place(0) + struct.pack("<d", 0.1 + 0.2)), "0.3", id="fifteen_digits"),
        pytest.param(record(9, place(0) + struct.pack("<d", 7) + bytes(8)), "7", id="number_of_a_formula"),
        pytest.param(record(2, place(0) + struct.pack("<i", 7 << 2 | 2)), "7", id="short_whole"),
        pytest.param(record(2, place(0) + struct.pack("<i", -7 << 2 | 2)), "-7", id="short_negative"),
        pytest.param(record(2, place(0) + struct.pack("<i", 1234 << 2 | 3)), "12.34", id="short_hundredth"),
        pytest.param(record(2, place(0) + struct.pack("<d", 1.5)[4:]), "1.5", id="short_real"),
        pytest.param(record(4, place(0) + b"\1"), "true", id="true"),
        pytest.param(record(10, place(0) + b"\0" + bytes(8)), "false", id="boolean_of_a_formula"),
        pytest.param(record(5, place(0, 1) + struct.pack("<d", 7)), "00007", id="zeros"),
        pytest.param(record(5, place(0, 2) + struct.pack("<d", 45351)), "2024-02-29", id="date"),
        pytest.param(record(5, place(0, 3) + struct.pack("<d", 0.5)), "50%", id="percent"),
        pytest.param(record(1, place(0)), "", id="blank"),
        pytest.param(record(5, place(0, 99) + struct.pack("<d", 7)), "7", id="unknown_style"),
    ],
)
def test_a_cell_is_what_a_person_sees(cell: bytes, text: str) -> None:
    content = book(binary_row(1) + cell + binary_cell(1, "x"), codes_by_style=("00000", "yyyy-mm-dd", "0%"))

    assert given(rows_of(content)) == [[text, "x"]]


def test_errors_fail_their_row_and_lost_digits_too() -> None:
    rows = rows_of(xlsb({"S": [["a", "b"], [Failed(7), 1], [1234567890123456789, 2], [3, Failed(42)]]}))

    assert found(rows) == [(1, 2, ["cell_error"]), (2, 3, ["inexact_number"]), (3, 4, ["cell_error"])]


def test_dates_may_count_from_1904() -> None:
    row = binary_row(1) + record(5, place(0, 1) + struct.pack("<d", 43889)) + binary_cell(1, "x")

    rows = rows_of(book(row, codes_by_style=("yyyy-mm-dd",), properties=record(153, struct.pack("<I", 1))))

    assert given(rows) == [["2024-02-29", "x"]]


def test_merged_cells_are_told() -> None:
    merged = record(176, struct.pack("<IIII", 1, 2, 0, 0))

    table = opened(book(binary_row(1) + binary_cell(0, 1) + binary_cell(1, 2), behind=merged))

    assert (codes(table.findings), table.findings[0].value) == (["merged_cells"], "A2:A3")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(binary_row(5) + binary_cell(0, 1) + binary_row(3) + binary_cell(0, 1), id="rows out of order"),
        pytest.param(binary_row(1) + binary_cell(16_384, 1), id="behind the last column"),
        pytest.param(binary_row(1) + record(7, place(0) + struct.pack("<I", 9)), id="a text that is not there"),
        pytest.param(binary_row(1) + record(6, place(0) + struct.pack("<I", 99)), id="a text that is cut off"),
        pytest.param(binary_row(1) + record(5, place(0) + b"\0\0"), id="a number that is cut off"),
        pytest.param(binary_row(1) + b"\x05\xff\xff\xff\x7f", id="an enormous record"),
        pytest.param(binary_row(1) + record(5, place(0)), id="a cell without a value"),
    ],
)
def test_what_no_program_would_open_is_damaged(rows: bytes) -> None:
    assert refusal_of(book(rows)).code == "damaged_workbook"


def test_rows_and_the_cells_between_them_are_limited() -> None:
    far = b"".join(binary_row(row) + binary_cell(16_383, 1) for row in range(1, 100))

    assert refusal_of(book(far), limits=Limits(workbook_expanded_bytes=1_000_000)).code == "expansion_refused"
    assert refusal_of(book(binary_row(60) + binary_cell(0, 1)), limits=Limits(sheet_rows=50)).code == "too_many_rows"
    assert refusal_of(book(b""), limits=Limits(workbook_expanded_bytes=50)).code == "expansion_refused"
