"""Builds workbooks in other formats than XLSX for tests: XLS by xlwt, XLSB and ODS part by part."""

import io
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xlwt

from tests.workbooks import packed

Sheets = Mapping[str, Iterable[Iterable[object]]]

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROW, _REAL, _TEXT, _BOOLEAN, _ERROR = 0, 5, 6, 4, 3

_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Failed:
    """A cell with an error, by its code in binary formats."""

    code: int


def xls(sheets: Sheets, formats: Mapping[tuple[int, int], str] | None = None, *, is_1904: bool = False) -> bytes:
    """Makes an XLS workbook; `formats` are number formats by row and column, from 0, of all sheets."""
    book = xlwt.Workbook()
    book.dates_1904 = is_1904
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                code = (formats or {}).get((row, column))
                style = [xlwt.easyxf(num_format_str=code)] if code else []
                if isinstance(value, Failed):
                    sheet.row(row).set_cell_error(column, value.code)
                elif value is not None:
                    sheet.write(row, column, value, *style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsb(sheets: Sheets) -> bytes:
    """Makes an XLSB workbook, whose cells are texts, numbers, booleans, errors or None."""
    return packed(xlsb_parts({name: b"".join(map(_binary_row, range(1 << 20), rows)) for name, rows in sheets.items()}))


def xlsb_parts(data: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    """Returns the parts of a workbook with these records as the rows of its sheets."""
    names = list(data)
    listed = b"".join(
        record(156, struct.pack("<II", 0, number) + _wide(f"r{number}") + _wide(name))
        for number, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(names) + 1)
    )
    styles = (
        record(278, b"")
        + record(617, struct.pack("<I", 1))
        + record(47, bytes(16))
        + record(618, b"")
        + record(279, b"")
    )
    parts = [
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.bin", record(131, b"") + record(143, b"") + listed + record(144, b"") + record(132, b"")),
        ("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'.encode()),
        ("xl/styles.bin", styles),
    ]
    for number, rows in enumerate(data.values(), 1):
        dimension = record(148, struct.pack("<IIII", 0, 9, 0, 9))
        content = record(129, b"") + dimension + record(145, b"") + rows + record(146, b"") + record(130, b"")
        parts.append((f"xl/worksheets/sheet{number}.bin", content))
    return parts


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, left = b"", len(content)
    while left > 0x7F:
        size, left = size + bytes([left & 0x7F | 0x80]), left >> 7
    return head + size + bytes([left]) + content


def binary_row(number: int) -> bytes:
    return record(_ROW, struct.pack("<I", number) + bytes(13))


def binary_cell(column: int, value: object) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(value, Failed):
        return record(_ERROR, place + bytes([value.code]))
    if isinstance(value, bool):
        return record(_BOOLEAN, place + bytes([value]))
    if isinstance(value, (int, float)):
        return record(_REAL, place + struct.pack("<d", value))
    return record(_TEXT, place + _wide(str(value)))


def _binary_row(number: int, cells: Iterable[object]) -> bytes:
    filled = [binary_cell(column, value) for column, value in enumerate(cells) if value is not None]
    return binary_row(number) + b"".join(filled)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def ods(tables: str, *, styles: str = "") -> bytes:
    """Makes an ODS spreadsheet with this XML as its tables."""
    return packed(ods_parts(tables, styles=styles))


def ods_parts(tables: str, *, styles: str = "") -> list[tuple[str, bytes]]:
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return [("mimetype", ODS_TYPE), ("content.xml", content.encode())]


def ods_table(rows: Sequence[Sequence[str]], name: str = "S", attributes: str = "") -> str:
    """Returns the XML of a table; its cells are the XML of cells."""
    listed = "".join(f"<table:table-row>{''.join(cells)}</table:table-row>" for cells in rows)
    return f'<table:table table:name="{name}" {attributes}>{listed}</table:table>'


def ods_text(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def ods_cell(kind: str, value: str, shown: str, attributes: str = "") -> str:
    names = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
    stated = f'office:value-type="{kind}" office:{names.get(kind, "value")}="{value}"'
    return f"<table:table-cell {stated} {attributes}><text:p>{shown}</text:p></table:table-cell>"
