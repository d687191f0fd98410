"""The rows that an import brought to a good end: what was given, which record each means now, and what became of it.

`imports/result_files.py` writes them, in file order, as it writes errors files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.formats.cell_values import to_json
from chalicelib.imports.errors_file import OutcomeRow
from chalicelib.imports.row_objects import to_object
from chalicelib.imports.source_rows import continue_lines, continue_objects, lines_of, to_cells, to_lines
from chalicelib.model.error_columns import OURS, ROW_NUMBER
from chalicelib.model.rows import RowOutcome

SUCCESS_COLUMNS = (ROW_NUMBER, "_line", "_outcome", "_record_id")
"""In the order in which they stand behind the columns of the source."""


@dataclass(frozen=True, slots=True)
class SucceededFile:
    """How the rows that succeeded are written; every line is as wide as the header line."""

    headers: Sequence[str]
    """Of the source."""

    def header_line(self) -> bytes:
        """Returns the header line: the columns of the source, then those that tell what became of the row."""
        return to_lines([[*self._without_ours([*self.headers]), *SUCCESS_COLUMNS]], [])

    def to_lines(self, rows: Sequence[OutcomeRow], begun: Sequence[str] = ()) -> bytes:
        """Returns the rows as lines of CSV. They begin as `begun` says, if that is given (`can_continue`)."""
        if begun:
            return continue_lines(begun, [_cells_behind(outcome) for _, outcome in rows])
        return lines_of(rows, len(self.headers) + len(SUCCESS_COLUMNS), self._cells)

    def to_objects(self, rows: Sequence[OutcomeRow], begun: Sequence[bytes] = ()) -> list[bytes]:
        """Returns the rows as JSON objects, one bytes each. They begin as `begun` says, if that is given."""
        if begun:
            return continue_objects(begun, [_values_behind(outcome) for _, outcome in rows])
        return [to_json(self._object(row)) for row in rows]

    def _without_ours(self, cells: list[str]) -> list[str]:
        if ROW_NUMBER not in self.headers:
            return cells
        return [cell for cell, header in zip(cells, self.headers, strict=True) if header not in OURS]

    def _cells(self, row: OutcomeRow) -> list[str]:
        given, outcome = row
        return [*self._without_ours(to_cells(given, self.headers)[: len(self.headers)]), *_cells_behind(outcome)]

    def _object(self, row: OutcomeRow) -> dict[str, object]:
        given, outcome = row
        named = {key: value for key, value in to_object(given, self.headers).items() if key not in OURS}
        return named | _values_behind(outcome)


def _cells_behind(outcome: RowOutcome) -> list[str]:
    return [str(outcome.row_number), str(outcome.line), outcome.outcome, outcome.record_id or ""]


def _values_behind(outcome: RowOutcome) -> dict[str, object]:
    return {
        ROW_NUMBER: outcome.row_number,
        "_line": outcome.line,
        "_outcome": outcome.outcome,
        "_record_id": outcome.record_id,
    }
