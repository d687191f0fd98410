"""The rows that an import rejected, or did not come to: what stands beside what was given.

Such rows keep their original columns and can be uploaded again as they are, once corrected (`model/error_columns.py`).
`imports/result_files.py` writes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.formats.cell_values import to_json
from chalicelib.imports.row_objects import to_object
from chalicelib.imports.source_rows import RowValues, continue_lines, continue_objects, lines_of, to_cells, to_lines
from chalicelib.model.error_columns import (
    DIGEST,
    ERROR_COLUMNS,
    IMPORT,
    OURS,
    PROBLEMS,
    ROW_NUMBER,
    UNREADABLE,
    digest_of,
    surplus_name,
)
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowOutcome
from chalicelib.schema.column_mapping import header_of

JOINT = " | "
"""Between the problems of one row, which stand in the same order in every error column."""

OutcomeRow = tuple[RowValues, RowOutcome]
"""A row and what became of it."""


@dataclass(frozen=True, slots=True)
class ErrorsFile:
    """How the rejected rows of one import are written; every line is as wide as the header line."""

    headers: Sequence[str]
    """Of the source."""
    surplus: int
    """Columns for cells beyond the header; of a row with more, the last of them holds the rest."""
    import_id: str
    """Whose column mapping, and what was found out of its columns, holds for these headers."""
    headers_by_field: Mapping[str, str] = field(default_factory=dict)
    """Under which header the values of each field stand."""

    def header_line(self) -> bytes:
        """Returns the header line: the columns of the source, then those that tell what is wrong."""
        return to_lines([[*self._without_ours([*self._columns]), *ERROR_COLUMNS]], [])

    def to_lines(self, rows: Sequence[OutcomeRow], begun: Sequence[str] = ()) -> bytes:
        """Returns the rows as lines of CSV. They begin as `begun` says, if that is given (`can_continue`)."""
        if begun:
            blank = [""] * self.surplus
            told = [self._cells_behind(outcome, to_cells(given, self.headers)) for given, outcome in rows]
            return continue_lines(begun, [[*blank, *cells] for cells in told])
        return lines_of(rows, len(self._columns) + len(ERROR_COLUMNS), self._cells)

    def to_objects(self, rows: Sequence[OutcomeRow], begun: Sequence[bytes] = ()) -> list[bytes]:
        """Returns the rows as JSON objects, one bytes each. They begin as `begun` says, if that is given."""
        if begun:
            return continue_objects(begun, [self._values_behind(outcome, _values(given)) for given, outcome in rows])
        return [to_json(self._object(*row)) for row in rows]

    @property
    def _columns(self) -> list[str]:
        first = len(self.headers) + 1
        return [*self.headers, *map(surplus_name, range(first, first + self.surplus))]

    def _without_ours(self, cells: list[str]) -> list[str]:
        """Returns the cells of the source's columns, without those of an errors file that the source itself is."""
        if ROW_NUMBER not in self.headers:
            return cells
        return [cell for cell, column in zip(cells, self._columns, strict=True) if column not in OURS]

    def _cells(self, row: OutcomeRow) -> list[str]:
        given, outcome = row
        cells, width = to_cells(given, self.headers), len(self.headers) + self.surplus
        if len(cells) > width:
            cells = [*cells[: width - 1], JOINT.join(cells[width - 1 :])]
        cells = self._without_ours([*cells, *[""] * (width - len(cells))])
        return [*cells, *self._cells_behind(outcome, cells)]

    def _cells_behind(self, outcome: RowOutcome, cells: Iterable[object]) -> list[str]:
        return [*_error_cells(outcome), self.import_id, _digest(outcome, cells)]

    def _object(self, given: RowValues, outcome: RowOutcome) -> dict[str, object]:
        named = {key: value for key, value in to_object(given, self.headers).items() if key not in OURS}
        return named | self._values_behind(outcome, named.values())

    def _values_behind(self, outcome: RowOutcome, values: Iterable[object]) -> dict[str, object]:
        return {
            ROW_NUMBER: outcome.row_number,
            "_line": outcome.line,
            "_outcome": outcome.outcome,
            PROBLEMS: [self._problem(one) for one in outcome.problems],
            IMPORT: self.import_id,
            DIGEST: _digest(outcome, values),
        }

    def _problem(self, problem: Problem) -> dict[str, object]:
        return {
            "code": problem.code,
            "field": problem.field,
            "header": header_of(problem, self.headers_by_field),
            "value": problem.value,
            "message": problem.message,
            "hint": problem.hint,
            "facts": dict(problem.facts),
        }


def _values(given: RowValues) -> Iterable[object]:
    return given.values() if isinstance(given, Mapping) else given


def _digest(outcome: RowOutcome, cells: Iterable[object]) -> str:
    """Returns nothing for rows whose cells stand where they were meant to."""
    return digest_of(cells) if any(one.code in UNREADABLE for one in outcome.problems) else ""


def _error_cells(outcome: RowOutcome) -> list[str]:
    problems = outcome.problems
    return [
        str(outcome.row_number),
        str(outcome.line),
        outcome.outcome,
        JOINT.join(one.code for one in problems),
        JOINT.join(one.field or "" for one in problems),
        JOINT.join(one.value or "" for one in problems),
        JOINT.join(one.message for one in problems),
        JOINT.join(one.hint for one in problems),
    ]
