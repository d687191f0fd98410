"""Reads XLS, the workbooks of Excel before 2007, as a book, with xlrd: one sheet at a time, with its number formats.

xlrd meets damage with whatever Python raises, so everything that it raises on a file is the file's damage.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from xlrd import open_workbook

from chalicelib.errors import SluiceError
from chalicelib.formats.detect import unreadable
from chalicelib.formats.registry import Format
from chalicelib.formats.workbooks.binary_cells import BinaryCells
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.number_formats import NumberFormat, number_format
from chalicelib.formats.workbooks.sheets import CELL_BYTES, MergedCells, RowBounds, SheetName, SheetRow
from chalicelib.formats.workbooks.xls_stream import charge_globals, charge_sheet, records_of
from chalicelib.formats.zip_package import damaged, encrypted, too_expansive
from chalicelib.model.limits import Limits
from chalicelib.model.problems import quoted

_STREAMS = (
    ("EncryptedPackage", None),
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
)
"""What else is kept in the same kind of file, by the names in it."""
_MOST_MERGED = 1_000


class XlsBook:
    """A workbook whose content is in memory."""

    format = Format.XLS

    def __init__(self, content: bytes, limits: Limits) -> None:
        """Raises Refused `damaged_workbook`, `encrypted_workbook` and `unreadable_format`."""
        self._limits = limits
        self._size_bytes = len(content)
        self._cells_held = 0
        self._opened: tuple[int, Any] | None = None
        with _refusals():
            self._book = _load(content, HeldMemory(self._size_bytes, limits))

    def sheets(self) -> Sequence[SheetName]:
        """Returns the sheets in the order of the workbook."""
        hidden = self._book._sheet_visibility  # else known of sheets only that have been loaded
        return [SheetName(name, not state) for name, state in zip(self._book.sheet_names(), hidden, strict=False)]

    def each_row(self, name: str) -> Iterator[SheetRow]:
        """Yields the rows of a sheet that have content; lazy, save that xlrd loads the whole sheet."""
        sheet = self._sheet(name)
        cells = BinaryCells(self._formats, is_1904=self._book.datemode == 1)
        bounds = RowBounds(self._limits)
        for index in range(sheet.nrows):
            row = SheetRow(index + 1, [])
            for column in range(sheet.row_len(index)):
                _add_cell(cells, row, column, sheet.cell(index, column))
            bounds.add(row)
            if row.has_content:
                yield row

    def merged(self, name: str) -> Sequence[MergedCells]:
        """Returns the merged cells of a sheet, at most a thousand ranges."""
        ranges = self._sheet(name).merged_cells[:_MOST_MERGED]
        return [MergedCells(row + 1, column + 1, end_row, end_column) for row, end_row, column, end_column in ranges]

    @cached_property
    def _formats(self) -> Sequence[NumberFormat]:
        """Returns the number formats by style."""
        codes = self._book.format_map
        return [
            number_format(codes[one.format_key].format_str if one.format_key in codes else "General")
            for one in self._book.xf_list
        ]

    def _sheet(self, name: str) -> Any:
        """Returns a sheet of xlrd, of which one is held at a time. What all that were loaded have held together is
        bounded: a small file may name the same cells as many sheets."""
        place = self._book.sheet_names().index(name)
        if self._opened is None or self._opened[0] != place:
            if self._opened is not None:
                self._book.unload_sheet(self._opened[0])
            with _refusals():
                self._opened = None
                start = self._book._sh_abs_posn[place]
                charge_sheet(self._book.mem, start, HeldMemory(self._size_bytes, self._limits))
                self._opened = (place, self._book.sheet_by_index(place))
            sheet = self._opened[1]
            self._cells_held += sum(map(sheet.row_len, range(sheet.nrows)))
            if self._cells_held * CELL_BYTES > self._limits.workbook_expanded_bytes:
                raise too_expansive(f"its sheets span more than {self._cells_held} places", cells=self._cells_held)
        return self._opened[1]


def _load(content: bytes, held: HeldMemory) -> Any:
    for name, what in _STREAMS:
        if name.encode("utf-16-le") in content:
            raise unreadable(what) if what else encrypted()
    stream = records_of(content)
    charge_globals(stream, held)
    return open_workbook(
        file_contents=stream, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
    )


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except SluiceError:
        raise
    except Exception as error:
        if "encrypted" in str(error):
            raise encrypted() from error
        raise damaged(quoted(str(error).rstrip(".")) or type(error).__name__) from error


def _add_cell(cells: BinaryCells, row: SheetRow, column: int, cell: Any) -> None:
    match cell.ctype:
        case 1:
            cells.add_text(row, column, cell.value)
        case 2 | 3:  # dates are numbers whose format makes them so
            cells.add_number(row, column, cell.value, cell.xf_index or 0)
        case 4:
            cells.add_boolean(row, column, cell.value)
        case 5:
            cells.add_error(row, column, cell.value)
