"""Reads XLSB, the binary twin of XLSX, as a book. Rows are read from the package while they are taken.

The reader is our own: the library that reads XLSB, calamine, gives no number formats, and ends the whole process where
a damaged file makes it ask for more memory than there is.

Source: [MS-XLSB] 2.4.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from chalicelib.formats.registry import Format
from chalicelib.formats.workbooks.binary_cells import BinaryCells
from chalicelib.formats.workbooks.binary_records import each_record, real, short_number, wide_text
from chalicelib.formats.workbooks.cell_references import MOST_COLUMNS
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.number_formats import NumberFormat, number_format
from chalicelib.formats.workbooks.relations import STYLES, TEXTS, find_part, main_part, relations_of, sheet_parts
from chalicelib.formats.workbooks.sheets import MergedCells, RowBounds, SheetName, SheetRow
from chalicelib.formats.workbooks.style_formats import StyleFormats
from chalicelib.formats.zip_package import ZipPackage, damaged
from chalicelib.model.limits import Limits

_USUAL_MAIN = "xl/workbook.bin"
_ROW, _BLANK, _SHORT, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED = range(8)
_TEXT_RESULT, _REAL_RESULT, _BOOLEAN_RESULT, _ERROR_RESULT, _RICH_TEXT = 8, 9, 10, 11, 62
_TEXT_ITEM, _FORMAT, _STYLE, _PROPERTIES, _SHEET, _MERGED = 19, 44, 47, 153, 156, 176
_STYLES_BEGIN, _STYLES_END = 617, 618
_CELL_HEAD_BYTES = 8
_LONG_RECORD_BYTES = 4096
_MOST_MERGED = 1_000
_IS_1904 = 1


class XlsbBook:
    """A package whose main part is a workbook in binary records."""

    format = Format.XLSB

    def __init__(self, package: ZipPackage, limits: Limits) -> None:
        """Raises Refused `damaged_workbook`."""
        self._package = package
        self._limits = limits
        self._held = HeldMemory(package.size_bytes, limits)
        main = main_part(package, _USUAL_MAIN, self._held)
        self._relations = relations_of(package, main, self._held)
        self._parts: dict[str, tuple[SheetName, str]] = {}
        self._is_1904 = False
        targets = sheet_parts(self._relations)
        for kind, record in each_record(package.blocks_of(main)):
            if kind == _PROPERTIES:
                self._is_1904 = bool(record[:1] and record[0] & _IS_1904)
            elif kind == _SHEET:
                relation, at = wide_text(record, 8)
                name = SheetName(wide_text(record, at)[0], is_visible=not any(record[:4]))
                if relation in targets:
                    self._held.add_object(name.name)
                    self._parts[name.name] = (name, targets[relation])

    def sheets(self) -> Sequence[SheetName]:
        """Returns the sheets in the order of the workbook."""
        return [name for name, _ in self._parts.values()]

    def each_row(self, name: str) -> Iterator[SheetRow]:
        """Yields the rows of a sheet that have content; lazy."""
        cells = _CellRecords(BinaryCells(self._formats, is_1904=self._is_1904), self._texts)
        bounds = RowBounds(self._limits)
        row = SheetRow(0, [])
        for kind, record in each_record(self._package.blocks_of(self._parts[name][1])):
            if kind == _ROW:
                bounds.add(row)
                if row.has_content:
                    yield row
                row = _next_row(row, record)
            elif kind in cells.kinds:
                cells.add(row, kind, record)
                if len(record) > _LONG_RECORD_BYTES:
                    bounds.check_width(row)
        bounds.add(row)
        if row.has_content:
            yield row

    def merged(self, name: str) -> Sequence[MergedCells]:
        """Returns the merged cells of a sheet, at most a thousand ranges."""
        found: list[MergedCells] = []
        for kind, record in each_record(self._package.blocks_of(self._parts[name][1])):
            if kind == _MERGED and len(record) >= 16 and len(found) < _MOST_MERGED:
                rows_and_columns = [int.from_bytes(record[at : at + 4], "little") + 1 for at in (0, 8, 4, 12)]
                found.append(MergedCells(*rows_and_columns))
        return found

    @cached_property
    def _texts(self) -> Sequence[str]:
        part = find_part(TEXTS, self._relations)
        texts: list[str] = []
        for kind, record in each_record(self._package.blocks_of(part)) if part else ():
            if kind == _TEXT_ITEM:
                texts.append(wide_text(record, 1)[0])
                self._held.add_texts(texts[-1:])
        return texts

    @cached_property
    def _formats(self) -> Sequence[NumberFormat]:
        """Returns the number formats by style."""
        part = find_part(STYLES, self._relations)
        found = StyleFormats(self._held)
        is_among_styles = False
        for kind, record in each_record(self._package.blocks_of(part)) if self._package.has(part) else ():
            if kind == _FORMAT:
                found.add_code(str(int.from_bytes(record[:2], "little")), wide_text(record, 2)[0])
            elif kind in (_STYLES_BEGIN, _STYLES_END):
                is_among_styles = kind == _STYLES_BEGIN
            elif kind == _STYLE and is_among_styles:
                number = int.from_bytes(record[2:4], "little")
                found.add_style(str(number), number)
        return found.formats or [number_format("General")]


class _CellRecords:
    """Reads the records of cells."""

    def __init__(self, cells: BinaryCells, texts: Sequence[str]) -> None:
        self._cells = cells
        self._texts = texts
        self.kinds: dict[int, Callable[[SheetRow, int, bytes], None]] = {
            **dict.fromkeys((_SHORT, _REAL, _REAL_RESULT), self._add_number),
            **dict.fromkeys((_BOOLEAN, _BOOLEAN_RESULT), self._add_boolean),
            **dict.fromkeys((_ERROR, _ERROR_RESULT), self._add_error),
            **dict.fromkeys((_TEXT, _TEXT_RESULT, _RICH_TEXT), self._add_text),
            _SHARED: self._add_shared,
        }

    def add(self, row: SheetRow, kind: int, record: bytes) -> None:
        column = int.from_bytes(record[:4], "little")
        if column >= MOST_COLUMNS or len(record) <= _CELL_HEAD_BYTES:
            raise damaged("one of its cells stands outside of the sheet")
        self._kind = kind
        self.kinds[kind](row, column, record)

    def _add_number(self, row: SheetRow, column: int, record: bytes) -> None:
        value = short_number(record, 8) if self._kind == _SHORT else real(record, 8)
        self._cells.add_number(row, column, value, int.from_bytes(record[4:7], "little"))

    def _add_boolean(self, row: SheetRow, column: int, record: bytes) -> None:
        self._cells.add_boolean(row, column, record[8])

    def _add_error(self, row: SheetRow, column: int, record: bytes) -> None:
        self._cells.add_error(row, column, record[8])

    def _add_text(self, row: SheetRow, column: int, record: bytes) -> None:
        self._cells.add_text(row, column, wide_text(record, 9 if self._kind == _RICH_TEXT else 8)[0])

    def _add_shared(self, row: SheetRow, column: int, record: bytes) -> None:
        text = int.from_bytes(record[8:12], "little")
        if text >= len(self._texts):
            raise damaged(f"one of its cells shows text {text}, which is not there")
        self._cells.add_text(row, column, self._texts[text])


def _next_row(row: SheetRow, record: bytes) -> SheetRow:
    line = int.from_bytes(record[:4], "little") + 1
    if line <= row.line:
        raise damaged(f"its row {line} stands below its row {row.line}")
    return SheetRow(line, [])
