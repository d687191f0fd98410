"""Writes rows of cells as a workbook, in constant memory: what is written of a sheet leaves at once, as zip allows.

Texts are inline, in cells formatted as text, so that leading zeros and long digits stay, and a cell that is edited does
not begin to compute. Whole numbers and booleans are typed; times are texts, exact to the last digit. A full sheet is
followed by another with the same header.

The part with the content types comes first, as programs that sniff expect it, and holds for any number of sheets: what
is not said to be anything else is a sheet.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from xml.sax.saxutils import quoteattr

from chalicelib.errors import Refused
from chalicelib.formats.blocks import each_block
from chalicelib.formats.cells import WriteRequest
from chalicelib.formats.formulas import is_formula
from chalicelib.formats.workbooks.cell_references import column_letters

SHEET_ROWS = 1_048_576
SHEET_BYTES = 1 << 30
"""Of XML: half of what a zip without 64-bit sizes may hold, which not every program can read."""
CELL_CHARACTERS = 32_767
"""In UTF-16 (Excel)."""
NAME_CHARACTERS = 31
_EXACT_BELOW = 10**15
"""Excel keeps fifteen digits of a number."""
_CHUNK_ROWS = 500
_UNLAWFUL_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold or would change, and what would look like its escape (ECMA-376, ST_Xstring)."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f"{_FORMATS}/spreadsheetml/2006/main"
_OFFICE = f"{_FORMATS}/officeDocument/2006/relationships"
_PACKAGE = f"{_FORMATS}/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_ROOT_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0" xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""Style 1 is text."""
FIXED_PARTS = {"[Content_Types].xml": _TYPES, "_rels/.rels": _ROOT_RELATIONS, "xl/styles.xml": _STYLES}
SHEET_BEGIN = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
SHEET_END = "</sheetData></worksheet>"


class WorkbookWriter:
    """Writes records as an XLSX workbook (a `Writer`)."""

    prefix = separator = suffix = b""

    def __init__(self, request: WriteRequest, *, sheet_rows: int = SHEET_ROWS) -> None:
        self._cells = request.table_cells()
        self._name = sheet_name(request.rendering.sheet)
        self._sheet_rows = sheet_rows
        self._sink = _ZipBuffer()

    def each_chunk(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        """Yields the whole workbook; lazy. Raises Refused `selection_too_large` where a text is longer than a cell may
        be."""
        with zipfile.ZipFile(self._sink, "w") as archive:  # type: ignore[call-overload] # all it needs is write
            for name, xml in FIXED_PARTS.items():
                archive.writestr(_entry(name), xml)
            names: list[str] = []
            rows = chain.from_iterable(map(self._cells.values, each_block(records)))
            first = next(rows, None)
            while not names or first is not None:
                names.append(self._name if not names else sheet_name(self._name, len(names) + 1))
                entry = _entry(f"xl/worksheets/sheet{len(names)}.xml")
                with archive.open(entry, "w") as part:
                    for xml in self._each_row(rows if first is None else chain([first], rows)):
                        part.write(xml.encode())
                        yield self._sink.take()
                first = next(rows, None)
            archive.writestr(_entry("xl/workbook.xml"), workbook_xml(names))
            archive.writestr(_entry("xl/_rels/workbook.xml.rels"), relations_xml(len(names)))
        yield self._sink.take()

    def _each_row(self, rows: Iterator[Sequence[Any]]) -> Iterator[str]:
        """Yields the XML of one sheet, many rows at a time."""
        held, size = [SHEET_BEGIN, _row(1, self._cells.header())], 0
        for number in range(2, self._sheet_rows + 1):
            values = next(rows, None) if size < SHEET_BYTES else None
            if values is None:
                break
            held.append(_row(number, values))
            if len(held) >= _CHUNK_ROWS:
                xml = "".join(held)
                size += len(xml) * 2
                yield xml
                held = []
        yield "".join((*held, SHEET_END))


def sheet_name(name: str, number: int = 1) -> str:
    """Returns a name of a sheet that Excel takes, and that is no formula."""
    clean = _UNLAWFUL_IN_NAMES.sub("_", name).strip("' ") or "Records"
    clean = f"_{clean}" if is_formula(clean) else clean
    suffix = f" {number}" if number > 1 else ""
    return clean[: NAME_CHARACTERS - len(suffix)].rstrip("'") + suffix


def _entry(name: str) -> zipfile.ZipInfo:
    """Returns an entry of the zip file without a time, so that equal records make equal bytes."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _row(number: int, values: Sequence[Any]) -> str:
    cells = [_cell(f"{column_letters(at)}{number}", one) for at, one in enumerate(values, 1) if one != ""]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Any) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int) and abs(value) < _EXACT_BELOW:
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" s="1" t="inlineStr"><is><t xml:space="preserve">{_text(str(value), place)}</t></is></c>'


def _text(text: str, place: str) -> str:
    if len(text) * 2 > CELL_CHARACTERS and len(text.encode("utf-16-le", "surrogatepass")) // 2 > CELL_CHARACTERS:
        message = (
            f"Cell {place} would hold {len(text)} characters, a workbook allows {CELL_CHARACTERS}. "
            "Ask for CSV, or leave that field out."
        )
        raise Refused("selection_too_large", message, cell=place, limit=CELL_CHARACTERS)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if text.isprintable() and "_x" not in text else _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


class _ZipBuffer:
    """The file that a zip is written into, which hands out what was written and forgets it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Does nothing, because nothing waits here."""

    def take(self) -> bytes:
        taken = b"".join(self._held)
        self._held.clear()
        return taken


def workbook_xml(names: Sequence[str]) -> str:
    """Returns the main part, which lists the sheets by name."""
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def relations_xml(sheets: int) -> str:
    """Returns the relations of the main part to its sheets, of which there are `sheets`, and to the styles."""
    listed = [
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    ]
    listed.append(f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>')
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>'
