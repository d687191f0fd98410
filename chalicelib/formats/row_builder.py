"""Makes rows of a tabular format from cells, and finds what may be wrong with their width and their characters.

In come the cells of a row that is not plainly in order, out comes a row with its problems, or nothing if it has no
content. Rows that are plainly good never get here, which keeps reading twice as fast.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.formats.csv.row_widths import RowWidths, has_content
from chalicelib.formats.text import UNDECODABLE, DecodedText, printable, undecodable_bytes
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.rows import Row

GRID = RowWidths(leaves_out_cells=True, widest=sys.maxsize)
"""Of spreadsheets, whose cells stand where they stand, however many of them a row has."""


class RowBuilder:
    """Numbers the rows of one source and examines the odd ones."""

    def __init__(
        self,
        headers: tuple[str, ...],
        text: DecodedText | None = None,
        *,
        widths: RowWidths = GRID,
        delimiter: str = "",
    ) -> None:
        self.headers = headers
        self._row_widths = widths
        self._delimiter = delimiter
        self.number = 0
        """The number of the last row that was made."""
        self._text = text

    def next_numbers(self, rows: int) -> range:
        """Returns the numbers of the next rows, which are made elsewhere."""
        first, self.number = self.number + 1, self.number + rows
        return range(first, self.number + 1)

    def fits(self, cells: Sequence[str]) -> bool:
        """Returns whether the cells stand under the headers that they were meant for, judged by their number."""
        return self._misfit_of(cells) in (None, ProblemCode.CELLS_LEFT_OUT)

    def odd_row(self, line: int, cells: Sequence[str], found: Sequence[Problem] = ()) -> Row | None:
        """Returns the row with all that is wrong with it; None if it has no content. After an error in `found` its
        width is not judged."""
        if not has_content(cells) and not _has_error(found):
            return None
        problems = list(found)
        if not _has_error(found):
            cells = self._padded(cells, problems)
        if self._text is not None and self._text.is_suspect:
            cells = self._cleaned(cells, problems)
        return self._numbered(line, cells, problems)

    def broken_row(self, line: int, cells: Sequence[str], problem: Problem) -> Row:
        """Returns a row with this problem alone, whose cells are not trusted."""
        return self._numbered(line, [printable(cell) for cell in cells], [problem])

    def _numbered(self, line: int, cells: Sequence[str], problems: list[Problem]) -> Row:
        self.number += 1
        problems = [replace(one, row_number=self.number, line=line) for one in problems]
        return Row(self.number, line, cells, problems)

    def _padded(self, cells: Sequence[str], problems: list[Problem]) -> Sequence[str]:
        """Returns as many cells as headers, unless there are too many: then all of them are given."""
        columns = len(self.headers)
        if code := self._misfit_of(cells):
            problems.append(Problem(code, facts={"cells": len(cells), "columns": columns}))
        if code is ProblemCode.ROW_TOO_LONG:
            return cells
        return [*cells[:columns], *[""] * (columns - len(cells))]

    def _misfit_of(self, cells: Sequence[str]) -> ProblemCode | None:
        columns = len(self.headers)
        if len(cells) < columns:
            is_allowed = self._row_widths.allows_short(cells, self._delimiter)
            return ProblemCode.CELLS_LEFT_OUT if is_allowed else ProblemCode.ROW_TOO_SHORT
        if len(cells) > max(columns, self._row_widths.widest) or has_content(cells[columns:]):
            return ProblemCode.ROW_TOO_LONG
        return None

    def _cleaned(self, cells: Sequence[str], problems: list[Problem]) -> Sequence[str]:
        assert self._text is not None
        for column, cell in enumerate(cells):
            if "\0" in cell:
                problems.append(Problem(ProblemCode.NUL_CHARACTER, field=self._header(column), value=quoted(cell)))
            if UNDECODABLE.search(cell):
                problems.append(self._undecodable(column, cell))
        return [printable(cell) for cell in cells]

    def _undecodable(self, column: int, cell: str) -> Problem:
        assert self._text is not None
        facts = {"encoding": self._text.encoding.name}
        return Problem(
            ProblemCode.UNDECODABLE_BYTES, field=self._header(column), value=undecodable_bytes(cell), facts=facts
        )

    def _header(self, column: int) -> str | None:
        return self.headers[column] if column < len(self.headers) else None


def _has_error(problems: Sequence[Problem]) -> bool:
    return any(one.severity is Severity.ERROR for one in problems)
