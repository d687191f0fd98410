"""What every reader of workbooks hands out: sheets by name, and their rows as cells, before any header is chosen.

Cells stand by their column in the sheet, from A on; an empty cell is an empty text. What is wrong with a cell stands in
the row as a flaw, to become a problem once the header has given the column a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.errors import Refused
from chalicelib.formats.registry import Format
from chalicelib.formats.workbooks.cell_references import cell_reference
from chalicelib.formats.zip_package import too_expansive
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode

_FLAW_CELLS = 4
"""A flaw counts as this many cells."""
CELL_BYTES = 32
"""What a cell takes at least while it is held, without its text."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A flaw of a cell, or something about it that the caller should know."""

    code: ProblemCode
    value: str
    """What the cell holds, or shows."""
    text: str = ""
    """What was read, where that differs."""


@dataclass(slots=True)
class SheetRow:
    """A row of a sheet that has content."""

    line: int
    """Its number in the sheet, from 1."""
    cells: list[str]
    flaws: dict[int, Flaw] = field(default_factory=dict)
    """The flaws by position among the cells."""

    @property
    def has_content(self) -> bool:
        """Returns whether any cell has content or a flaw."""
        return bool(self.flaws) or not _is_blank("".join(self.cells))


@dataclass(frozen=True, slots=True, order=True)
class MergedCells:
    """A range of cells joined into one, of which only the first has the value. Rows and columns count from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def range(self) -> str:
        """Returns the range as spreadsheets write it: B3:D3."""
        return f"{cell_reference(self.first_row, self.first_column)}:{cell_reference(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet that may hold a table."""

    name: str
    is_visible: bool = True


class Book(Protocol):
    """A workbook of any format."""

    format: Format

    def sheets(self) -> Sequence[SheetName]:
        """Returns the sheets in the order of the workbook."""

    def each_row(self, name: str) -> Iterator[SheetRow]:
        """Yields the rows with content, from the top; lazy, and each call begins anew. Raises Refused at what cannot be
        read."""

    def merged(self, name: str) -> Sequence[MergedCells]:
        """Returns the merged cells of a sheet, at most a thousand ranges."""


class RowBounds:
    """Counts what the rows of a sheet come to. A few bytes can stand for a row of 16,384 cells, or name one long text
    a million times."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = 0
        self._characters = 0

    def add(self, row: SheetRow, *, times: int = 1) -> None:
        """Raises Refused `too_many_rows` or `expansion_refused` at the first row beyond what the limits allow."""
        limits = self._limits
        self.check_line(row.line + times - 1)
        self.add_blank((len(row.cells) + _FLAW_CELLS * len(row.flaws)) * times)
        characters = self.check_width(row)
        self._characters += characters * times
        if self._characters > limits.workbook_expanded_bytes:
            detail = f"its texts would take more than {limits.workbook_expanded_bytes} bytes"
            raise too_expansive(detail, limit=limits.workbook_expanded_bytes)

    def add_blank(self, cells: int) -> None:
        """Counts cells, also those that have no content. Raises Refused `expansion_refused` at too many."""
        self._cells += cells
        if self._cells * CELL_BYTES > self._limits.workbook_expanded_bytes:
            raise too_expansive(f"its rows span more than {self._cells} places", cells=self._cells)

    def check_line(self, line: int) -> None:
        """Raises Refused `too_many_rows` where a sheet must not have this row."""
        most = self._limits.sheet_rows
        if line > most:
            message = f"The sheet has {line} rows, {most} are allowed. Split it, or send CSV."
            raise Refused("too_many_rows", message, rows=line, limit=most)

    def check_width(self, row: SheetRow) -> int:
        """Returns the characters of a row, which may be read in part only. Raises Refused `expansion_refused` at too
        many."""
        characters, most = len("".join(row.cells)), self._limits.workbook_text_characters
        if characters > most:
            raise too_expansive(f"its row {row.line} has more than {most} characters", limit=most)
        return characters


def _is_blank(text: str) -> bool:
    return not text or text.isspace()
