"""The rows of an import, one by one, with what became of them.

Read from the work objects, so they are there from the end of prevalidation on, and the outcomes of a phase once it has
passed its gate; what the lifecycle of the bucket has removed is gone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from chalicelib.access.context import Context
from chalicelib.errors import NotFound
from chalicelib.imports.row_objects import to_object
from chalicelib.imports.workspace import Workspace
from chalicelib.model.imports import Import
from chalicelib.model.rows import RowOutcome

READER = ""
"""Readers write nothing and need no attempt id."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the source with what became of it."""

    number: int
    given: dict[str, object]
    """By header."""
    outcome: RowOutcome | None
    """None while it is on its way, and where the import ended before its turn came."""


@dataclass(frozen=True, slots=True)
class RowListing:
    """One numbered page of rows."""

    rows: tuple[ListedRow, ...]
    total: int
    """How many there are on all pages."""


def list_rows(
    context: Context, import_: Import, selects: Callable[[ListedRow], bool], *, page: int, per_page: int
) -> RowListing:
    """Returns a page of the rows that `selects` takes, in file order, `page` from 1. Looks at the first
    `Limits.listed_rows` rows of the import.
    """
    start = (page - 1) * per_page
    found: list[ListedRow] = []
    total = 0
    for row in filter(selects, islice(_each_row(context, import_), context.limits.listed_rows)):
        if start <= total < start + per_page:
            found.append(row)
        total += 1
    return RowListing(tuple(found), total)


def _each_row(context: Context, import_: Import) -> Iterator[ListedRow]:
    """Lazy, batch by batch."""
    workspace = Workspace(context.stores.files, import_, attempt_id=READER)
    try:
        batches, headers = workspace.get_batches(), workspace.get_source_summary().headers
    except NotFound:
        return
    for batch in batches:
        left = {one.row_number: one for phase in workspace.row_phases for one in workspace.each_outcome(phase, batch)}
        for row in workspace.each_row(batch):
            yield ListedRow(row.number, to_object(row.given, headers), left.get(row.number))
