"""What a retry builds on: the import whose rows it tries again, and those that have tried them before.

In comes an import; out go the workspaces of all of these, and what became of rows last. A row that one of them left
unprocessed is what it was before.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.errors import NotFound
from chalicelib.imports.workspace import RowRange, Workspace
from chalicelib.imports.workspace.retry_terms import read_retry_terms
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.phases import FIRST_PHASE
from chalicelib.model.retries import RETRIABLE, RetryTerms
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.stores.interfaces import Stores

READER = ""
"""Readers write nothing and need no attempt id."""


@dataclass(frozen=True, slots=True)
class RetryChain:
    """A retry with the imports that it builds on."""

    terms: RetryTerms
    root: Import
    source: Workspace
    """That of the root."""
    earlier: tuple[Workspace, ...]
    """Those of the imports that tried its rows before and still exist, the oldest first."""
    mended: int
    """Rows that these have brought to a good end, and which none of them tries again."""


def get_retry_chain(stores: Stores, import_: Import) -> RetryChain:
    """Returns what a retry builds on. Raises NotFound where its root is gone."""
    return chain_of(stores, _get(stores, import_), read_retry_terms(stores.files, import_.tenant_id, import_.import_id))


def chain_of(stores: Stores, root: Import, terms: RetryTerms) -> RetryChain:
    """Returns what a retry of an import builds on that is not stored yet. What was undone again counts as not tried."""
    found = (stores.imports.find(root.tenant_id, one) for one in terms.earlier)
    standing = [one for one in found if one is not None and one.reverted_by is None]
    earlier = tuple(Workspace(stores.files, one, attempt_id=READER) for one in standing)
    mended = sum(getattr(one.stats, outcome.value) for one in standing for outcome in set(Outcome) - RETRIABLE)
    return RetryChain(terms, root, Workspace(stores.files, root, attempt_id=READER), earlier, mended)


def _get(stores: Stores, import_: Import) -> Import:
    root = stores.imports.find(import_.tenant_id, ImportId(import_.retry_of or ""))
    if root is None:
        raise NotFound("import_not_found", "The import whose rows are to be tried again was deleted.")
    return root


def later_outcomes(chain: RetryChain, rows: Sequence[int]) -> dict[int, RowOutcome]:
    """Returns what became last of these rows, by number, of those that have been tried again. `rows` ascend; a `range`
    will do.
    """
    return {number: one for workspace in chain.earlier for number, one in outcomes_in(workspace, rows).items()}


def outcomes_in(workspace: Workspace, rows: Sequence[int]) -> dict[int, RowOutcome]:
    """Returns what became of these rows, by number, in one import that has tried them. Rows that it has left
    unprocessed it has not tried; nor any where it ended before it had read them, or what became of them is gone.
    """
    wanted = rows if isinstance(rows, range) else frozenset(rows)
    found: dict[int, RowOutcome] = {}
    with suppress(NotFound):
        for page in workspace.row_pages.each_page(workspace.get_batches(), lambda one: is_apart(one, rows)):
            for one in workspace.row_pages.read_outcomes(page):
                if one.row_number in wanted and one.outcome is not Outcome.UNPROCESSED:
                    found[one.row_number] = one
    return found


def is_apart(range_: RowRange, rows: Sequence[int]) -> bool:
    """Returns whether none of these rows, which ascend, is within the range."""
    place = bisect_left(rows, range_.first_row)
    return place == len(rows) or rows[place] >= range_.first_row + range_.rows


def each_row_number(workspace: Workspace) -> Iterator[int]:
    """Yields the numbers of all rows that an import has read; nothing of one that has read none."""
    for batch in workspace.find_batches():
        yield from (one.row_number for one in workspace.each_draft(FIRST_PHASE, batch))
        yield from (one.row_number for one in workspace.each_outcome(FIRST_PHASE, batch))
