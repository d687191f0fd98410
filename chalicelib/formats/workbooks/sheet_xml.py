"""Reads the rows of a worksheet of XLSX from its XML, as the texts a person sees in its cells.

In come the parsed elements in their order, out go rows. Cells and rows may say where they are or leave it to their
order. How numbers are read depends on the number formats of their cells (`number_formats`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from chalicelib.formats.workbooks.cell_references import column_number
from chalicelib.formats.workbooks.cell_text import Inexact, number_text, unescaped, whole_date
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.number_formats import DisplayedNumber, NumberFormat
from chalicelib.formats.workbooks.sheets import Flaw, MergedCells, RowBounds, SheetRow
from chalicelib.formats.workbooks.xml_parser import DEEPEST, Attributes, each_parsed, local_name, too_deep
from chalicelib.formats.zip_package import damaged
from chalicelib.model.problem_codes import ProblemCode

_DIGITS = "0123456789"
_MERGED = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^<>]*?\bref\s*=\s*["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']""")
_MERGED_TAIL_BYTES = 200
_MOST_MERGED = 1_000
_LONGEST_REMEMBERED = 400
"""Characters of a number as a file may spell it."""
_REMEMBERED = 1 << 17
"""Numbers whose texts are remembered, in all formats together."""


@dataclass(frozen=True, slots=True)
class SharedParts:
    """What the cells of all sheets of a workbook refer to."""

    texts: Sequence[str]
    """Shared by the cells that show them."""
    formats: Sequence[NumberFormat | None]
    """The number formats by style; None where numbers are read as they are stored."""
    is_1904: bool = False
    is_uncalculated: bool = False
    """The program that wrote the workbook left its formulas to be calculated when it is opened."""


def each_sheet_row(
    blocks: Iterable[bytes], part: str, shared: SharedParts, bounds: RowBounds, held: HeldMemory
) -> Iterator[SheetRow]:
    """Yields the rows that have content; lazy. Raises Refused `damaged_workbook`, and where they exceed the bounds."""
    cells = _SheetHandler(shared, bounds)
    for _ in each_parsed(blocks, cells, part):
        cells.check(held)
        yield from cells.take()
    yield from cells.take(is_end=True)


def each_merged(blocks: Iterable[bytes]) -> Iterator[MergedCells]:
    """Yields the merged cells, at most a thousand ranges. They are searched for, not parsed, because they stand behind
    all rows."""
    before, left = b"", _MOST_MERGED
    for block in blocks:
        window = before + block
        found = list(_MERGED.finditer(window)) if b"mergeCell" in window else []
        for one in found[:left]:
            first, last = column_number(one[1].decode()), column_number(one[3].decode())
            yield MergedCells(int(one[2][:8]), first, int(one[4][:8]), last)
        left -= len(found)
        if left <= 0:
            return
        before = window[max(found[-1].end() if found else 0, len(window) - _MERGED_TAIL_BYTES) :]


class _SheetHandler:
    """Gathers cells into rows."""

    def __init__(self, shared: SharedParts, bounds: RowBounds) -> None:
        self._shared_parts = shared
        self._bounds = bounds
        self._done: list[SheetRow] = []
        self._row = SheetRow(0, [])
        self._is_in_cell = False
        self._attributes: Attributes = {}
        self._text_runs: list[str] | None = None
        """What was read of a text so far; None outside of texts."""
        self._value: str | None = None
        self._inline: list[str] = []
        self._has_formula = False
        self._is_phonetic = False
        self._depth = 0
        self._column = 0
        """The column of the last cell, from 1."""
        self._blanks = 0
        """Cells without content that were not counted yet."""
        self._is_placed = True
        """Whether the number of the row is known."""
        self._reported_columns: set[int] = set()
        self._formats = _formats_by_style(shared)

    def take(self, *, is_end: bool = False) -> list[SheetRow]:
        """Returns the rows that are complete; the last one is kept until another begins, because it may go on in a
        second tag."""
        if is_end:
            self._close_row()
        taken, self._done = self._done, []
        return taken

    def check(self, held: HeldMemory) -> None:
        """Raises Refused where what was begun, or was passed over, is too much already."""
        self._bounds.add_blank(self._blanks)
        self._blanks = 0
        self._bounds.check_line(self._row.line)
        self._bounds.check_width(self._row)
        for runs in (self._text_runs, self._inline):
            if runs:
                held.check_text(runs)

    def start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_deep()
        if ":" in name:
            name = local_name(name)
        if name == "c":
            self._attributes, self._value = attributes, None
            self._is_in_cell, self._has_formula = True, False
        elif name == "v":
            self._text_runs = []
        elif name == "row":
            self._open_row(attributes)
        elif name == "t":
            if self._is_in_cell and not self._is_phonetic:
                self._text_runs = []
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._is_phonetic = True

    def text(self, text: str) -> None:
        if self._text_runs is not None:
            self._text_runs.append(text)

    def end(self, name: str) -> None:
        self._depth -= 1
        if ":" in name:
            name = local_name(name)
        if name == "c":
            self._close_cell()
        elif name == "v":
            self._value, self._text_runs = "".join(self._text_runs or ()), None
        elif name == "t":
            self._inline += self._text_runs or ()
            self._text_runs = None
        elif name == "rPh":
            self._is_phonetic = False

    def _open_row(self, attributes: Attributes) -> None:
        stated = _number(attributes.get("r", ""))
        self._is_placed = bool(stated)
        self._column = 0
        self._begin_row(stated or self._row.line + 1)

    def _begin_row(self, line: int) -> None:
        if line == self._row.line:
            return
        if line < self._row.line:
            raise damaged(f"its row {line} stands below its row {self._row.line}")
        self._close_row()
        self._row = SheetRow(line, [])

    def _close_row(self) -> None:
        if self._row.cells:
            self._bounds.add(self._row)
            if self._row.has_content:
                self._done.append(self._row)
            self._row = SheetRow(self._row.line, [])

    def _close_cell(self) -> None:
        self._is_in_cell = False
        place = self._attributes.get("r")
        column = self._column = self._column_at(place) if place else self._column + 1
        if self._value is None and not self._inline and not self._has_formula:
            self._blanks += 1
            return
        text = self._read()
        self._inline = []
        cells = self._row.cells
        missing = column - len(cells)
        if missing == 1:
            cells.append(text)
        elif missing > 1:
            cells.extend([""] * (missing - 1))
            cells.append(text)
        else:
            cells[column - 1] = text

    def _column_at(self, place: str) -> int:
        letters = place.rstrip(_DIGITS)
        column = column_number(letters)
        if not column:
            raise damaged(f"one of its cells stands at {place[:20]!r}")
        if not self._is_placed:
            self._is_placed = True
            self._begin_row(_number(place[len(letters) :]) or self._row.line)
        return column

    def _read(self) -> str:
        """Returns the text of the cell; what is wrong with it is noted as a flaw of the row."""
        kind, value = self._attributes.get("t", "n"), self._value
        if kind == "s" and value:
            return self._shared(value)
        if self._has_formula and self._lacks_result(kind, value):
            return self._note_flaw(ProblemCode.FORMULA_NOT_COMPUTED)
        if kind == "n" and value:
            return self._number(value)
        return self._read_other(kind, value or "")

    def _read_other(self, kind: str, value: str) -> str:
        if self._inline:
            return unescaped("".join(self._inline))
        if kind == "e" and value:
            return self._note_flaw(ProblemCode.CELL_ERROR, value)
        read = _READERS.get(kind)
        return read(value) if read else value

    def _lacks_result(self, kind: str, value: str | None) -> bool:
        """Returns whether a formula has no result. It may result in an empty text, but not in an empty number; and zero
        stands in the place of every result where a program leaves the calculation to others."""
        if value is None or (not value and kind != "str"):
            return True
        return self._shared_parts.is_uncalculated and kind == "n" and value == "0"

    def _shared(self, value: str) -> str:
        try:
            return self._shared_parts.texts[int(value)]
        except (ValueError, IndexError) as error:
            raise damaged(f"one of its cells shows text {value[:20]!r}, which is not there") from error

    def _number(self, value: str) -> str:
        style = self._attributes.get("s", "0")
        format_number = self._formats.get(style)
        try:
            if format_number is None:
                return number_text(value)
            if len(value) > _LONGEST_REMEMBERED:
                return number_text(value)
            return self._text_of(format_number(value))
        except Inexact:
            return self._note_flaw(ProblemCode.INEXACT_NUMBER, value)

    def _text_of(self, shown: DisplayedNumber) -> str:
        """Returns the text of a number, and notes once for each column if its numbers are shown otherwise."""
        if shown.displayed is not None and self._column not in self._reported_columns:
            self._reported_columns.add(self._column)
            self._row.flaws[self._column - 1] = Flaw(ProblemCode.SHOWN_OTHERWISE, shown.displayed, shown.text)
        return shown.text

    def _note_flaw(self, code: ProblemCode, value: str = "") -> str:
        self._row.flaws[self._column - 1] = Flaw(code, value)
        return value


def _formats_by_style(shared: SharedParts) -> dict[str, Callable[[str], DisplayedNumber]]:
    """Returns the formats that change anything. Dates above all repeat, so what was shown last is remembered."""
    remembered = max(16, min(4096, _REMEMBERED // max(1, len(shared.formats))))
    return {
        str(style): lru_cache(maxsize=remembered)(partial(one.display, is_1904=shared.is_1904))
        for style, one in enumerate(shared.formats)
        if one is not None
    }


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _boolean(value: str) -> str:
    return {"1": "true", "0": "false"}.get(value.strip(), value.strip())


_READERS: dict[str, Callable[[str], str]] = {
    "str": unescaped,
    "inlineStr": unescaped,
    "b": _boolean,
    "d": whole_date,
}
