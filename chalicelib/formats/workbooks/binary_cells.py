"""Makes texts of the cells of binary workbooks (XLS, XLSB): numbers as their number formats show them, booleans,
errors."""

from collections.abc import Sequence

from chalicelib.formats.workbooks.cell_text import Inexact
from chalicelib.formats.workbooks.number_formats import NumberFormat
from chalicelib.formats.workbooks.sheets import Flaw, SheetRow
from chalicelib.model.problem_codes import ProblemCode

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""[MS-XLS] 2.5.10, BErr."""


class BinaryCells:
    """Adds the cells of one sheet to its rows, and tells of each column once that its numbers are shown otherwise."""

    def __init__(self, formats: Sequence[NumberFormat], *, is_1904: bool) -> None:
        """Takes the number formats by style."""
        self._formats = formats
        self._is_1904 = is_1904
        self._reported_columns: set[int] = set()

    def add_text(self, row: SheetRow, column: int, text: str) -> None:
        """Adds a text; `column` counts from 0."""
        cells = row.cells
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text

    def add_boolean(self, row: SheetRow, column: int, value: object) -> None:
        """Adds a boolean as `true` or `false`."""
        self.add_text(row, column, "true" if value else "false")

    def add_error(self, row: SheetRow, column: int, code: int) -> None:
        """Adds an error by its code, with a flaw."""
        text = _ERRORS.get(code, "#ERROR")
        self.add_text(row, column, text)
        row.flaws[column] = Flaw(ProblemCode.CELL_ERROR, text)

    def add_number(self, row: SheetRow, column: int, value: float, style: int) -> None:
        """Adds a number as its style shows it, with a flaw if digits were lost or it is shown otherwise."""
        raw = str(int(value)) if abs(value) < 1e15 and value.is_integer() else repr(value)
        try:
            shown = self._formats[style if style < len(self._formats) else 0].display(raw, is_1904=self._is_1904)
        except Inexact:
            self.add_text(row, column, raw)
            row.flaws[column] = Flaw(ProblemCode.INEXACT_NUMBER, raw)
            return
        self.add_text(row, column, shown.text)
        if shown.displayed is not None and column not in self._reported_columns:
            self._reported_columns.add(column)
            row.flaws[column] = Flaw(ProblemCode.SHOWN_OTHERWISE, shown.displayed, shown.text)
