"""The rows that an import rejected: which they are, and what stands beside what was given.

Such rows keep their original columns and can be uploaded again as they are, once corrected; the columns about the
errors start with an underscore.
"""

from collections.abc import Sequence
from itertools import chain

from chalicelib.formats.cell_writing import to_json
from chalicelib.model.imports import PhaseName
from chalicelib.model.rows import Departure, Outcome
from chalicelib.pipeline.given import Given, lines_of, to_cells
from chalicelib.rules.as_given import to_object
from chalicelib.work import Work

REJECTED = frozenset({Outcome.FAILED, Outcome.SKIPPED})
_DECIDING_BY_KEYS = (PhaseName.PREPARSING, PhaseName.PARSING, PhaseName.CLEANUP)
"""No row leaves in these."""
ERROR_COLUMNS = ("_row_number", "_line", "_outcome", "_codes", "_fields", "_values", "_messages", "_hints")
JOINT = " | "
"""Between the problems of one row, which stand in the same order in every error column."""

Rejected = tuple[Given, Departure]
"""A row and why it was rejected."""


def find_rejections(work: Work, batch: int) -> dict[int, Departure]:
    """By row number."""
    phases = [one for one in PhaseName if one not in _DECIDING_BY_KEYS]
    departures = chain.from_iterable(work.each_departure_with(REJECTED, phase, batch) for phase in phases)
    return {one.row_number: one for one in departures}


def to_error_lines(rows: Sequence[Rejected], headers: Sequence[str]) -> bytes:
    columns = len(headers) + len(ERROR_COLUMNS)
    return lines_of(rows, columns, lambda row: [*to_cells(row[0], headers), *_error_cells(row[1])])


def to_error_objects(rows: Sequence[Rejected], headers: Sequence[str]) -> list[bytes]:
    return [to_json({**to_object(given, headers), **_error_object(departure)}) for given, departure in rows]


def _error_cells(departure: Departure) -> list[str]:
    problems = departure.problems
    return [
        str(departure.row_number),
        str(departure.line),
        departure.outcome,
        JOINT.join(one.code for one in problems),
        JOINT.join(one.field or "" for one in problems),
        JOINT.join(one.value or "" for one in problems),
        JOINT.join(one.message for one in problems),
        JOINT.join(one.hint for one in problems),
    ]


def _error_object(departure: Departure) -> dict[str, object]:
    problems = [
        {"code": one.code, "field": one.field, "value": one.value, "message": one.message, "hint": one.hint}
        for one in departure.problems
    ]
    return {
        "_row_number": departure.row_number,
        "_line": departure.line,
        "_outcome": departure.outcome,
        "_problems": problems,
    }
