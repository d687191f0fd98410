"""Lists the rows of an import with what became of them: behind a cursor, or on numbered pages.

Of an import that has ended they are read in proportion to what is asked for, however many there are. While it runs, the
rows of its first batch are shown. What the lifecycle of the bucket has removed is gone.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, Refused
from chalicelib.imports.row_reader import ListedRow, RowReader
from chalicelib.imports.row_selection import RowFilter, RowSelection
from chalicelib.imports.workspace import RowRange
from chalicelib.model.cursors import from_cursor, invalid_cursor, to_cursor
from chalicelib.model.imports import Import
from chalicelib.model.rows import RowOutcome


@dataclass(frozen=True, slots=True)
class RowsByCursor:
    """Rows, and the cursor that leads on; None where there are no more."""

    rows: tuple[ListedRow, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class NumberedRows:
    """One numbered page of rows."""

    rows: tuple[ListedRow, ...]
    total: int
    """How many there are on all pages."""
    page: int
    """Which page of `per_page` rows it is, from 1."""
    per_page: int
    """As many rows as were asked for, and fewer where those would be too long to be sent together."""


def list_rows(context: Context, import_: Import, filter_: RowFilter, *, cursor: str | None, limit: int) -> RowsByCursor:
    """Returns rows of an import that has ended, in file order, at most `limit`, and fewer where they are long or
    `Limits.row_pages` pages have been looked into. Raises Conflict `not_ended`, Refused `rows_expired` and
    `invalid_cursor`.
    """
    if not import_.is_final:
        raise Conflict(
            "not_ended", f"The import is still {import_.status.value}. Its rows can be listed once it has ended."
        )
    listing = ["rows", import_.import_id, str(import_.attempt), repr(filter_)]
    first_row = _first_row_of(listing, cursor) if cursor else 1
    reader = RowReader(context, import_)
    found: list[ListedRow] = []
    size_bytes = 0
    for looked_into, page in enumerate(reader.each_page(_before_or_unlike(first_row, filter_))):
        if looked_into == context.limits.row_pages:
            return RowsByCursor(tuple(found), to_cursor(listing, [page.place.first_row]))
        outcomes = reader.read_outcomes(page)
        chosen = [one for one in outcomes if one.row_number >= first_row and filter_.takes(one)]
        for row in reader.read_rows(page, chosen[: limit + 1 - len(found)]):
            size_bytes += _size_of(row)
            if len(found) == limit or (found and size_bytes > context.limits.listed_rows_bytes):
                return RowsByCursor(tuple(found), to_cursor(listing, [row.number]))
            found.append(row)
    return RowsByCursor(tuple(found), None)


def list_numbered_rows(
    context: Context, import_: Import, selection: RowSelection, *, page: int, per_page: int
) -> NumberedRows:
    """Returns a page of the selected rows, in file order, `page` from 1; no row where none is kept any more. Where the
    rows are too long for one answer (`Limits.listed_rows_bytes`), it is a page of fewer rows that begins at the same
    row.
    """
    reader, place = RowReader(context, import_), _NumberedPlace((page - 1) * per_page, per_page)
    if not import_.is_final:
        running = [row for row in reader.each_running() if place.is_on_page(row.outcome, selection)]
        return _fitting(context, running, place.total, page, per_page)
    rows: list[ListedRow] = []
    try:
        for one in reader.each_page(lambda range_: place.passes_over(range_, selection)):
            chosen = [outcome for outcome in reader.read_outcomes(one) if place.is_on_page(outcome, selection)]
            rows += reader.read_rows(one, chosen)
    except Refused:
        return NumberedRows((), 0, page, per_page)
    return _fitting(context, rows, place.total, page, per_page)


def _fitting(context: Context, rows: Sequence[ListedRow], total: int, page: int, per_page: int) -> NumberedRows:
    """So many rows as fit, and divide what comes before them: pages of this size lead on without a gap."""
    before, sums = (page - 1) * per_page, accumulate(map(_size_of, rows))
    fitting = max(sum(size_bytes <= context.limits.listed_rows_bytes for size_bytes in sums), 1)
    if fitting >= len(rows):
        return NumberedRows(tuple(rows), total, page, per_page)
    size = next(number for number in range(fitting, 0, -1) if before % number == 0)
    return NumberedRows(tuple(rows[:size]), total, before // size + 1, size)


class _NumberedPlace:
    """How far a listing has come on its way to a numbered page."""

    def __init__(self, start: int, rows: int) -> None:
        self._start = start
        self._end = start + rows
        self.total = 0

    def passes_over(self, range_: RowRange, selection: RowSelection) -> bool:
        """Rows off the page are counted unread, where their counts tell how many are selected."""
        selected = None if range_.counts is None else selection.count(range_.counts)
        if selected is None or (self.total + selected > self._start and self.total < self._end):
            return False
        self.total += selected
        return True

    def is_on_page(self, outcome: RowOutcome | None, selection: RowSelection) -> bool:
        """Counts a row with this outcome if it is selected, and returns whether it is on the page."""
        if not selection.takes(outcome):
            return False
        self.total += 1
        return self._start < self.total <= self._end


def _before_or_unlike(first_row: int, filter_: RowFilter) -> Callable[[RowRange], bool]:
    def skips(range_: RowRange) -> bool:
        is_before = range_.first_row + range_.rows <= first_row
        return is_before or (range_.counts is not None and not filter_.count(range_.counts))

    return skips


def _size_of(row: ListedRow) -> int:
    """What a row takes of an answer, with what became of it: JSON in ASCII, which is quoted once more on its way."""
    outcome = row.outcome
    problems = outcome.problems if outcome else ()
    told = [(one.field, one.value, one.message, one.hint, dict(one.facts)) for one in problems]
    changes = outcome.changes.by_field if outcome and outcome.changes else {}
    return len(json.dumps(json.dumps([row.given, told, changes], default=str)))


def _first_row_of(listing: list[str], cursor: str) -> int:
    place = from_cursor(listing, cursor)
    if len(place) != 1 or type(place[0]) is not int:
        raise invalid_cursor(cursor)
    return int(place[0])
