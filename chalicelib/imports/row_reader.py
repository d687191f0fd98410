"""Reads rows of an import with what became of them: page by page once it has ended, batch by batch while it runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.access.context import Context
from chalicelib.errors import NotFound, Refused
from chalicelib.imports.row_objects import to_object
from chalicelib.imports.source_findings import source_headers
from chalicelib.imports.tasks.validation import fields_written_by
from chalicelib.imports.workspace import PageOfRows, RowRange, Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Import
from chalicelib.model.rows import Outcome, Row, RowOutcome
from chalicelib.schema.changes import changes_between
from chalicelib.schema.merge import created

READER = ""
"""Readers write nothing and need no attempt id."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the source with what became of it."""

    number: int
    line: int
    given: dict[str, object]
    """By header."""
    outcome: RowOutcome | None
    """None while it is on its way."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By field, the header under which its values stand."""


class RowReader:
    """The rows of one import."""

    def __init__(self, context: Context, import_: Import) -> None:
        self._import = import_
        self._workspace = Workspace(context.stores.files, import_, attempt_id=READER)
        self._headers: tuple[str, ...] | None = None
        self._by_field: Mapping[str, str] = {}

    def each_page(self, skips: Callable[[RowRange], bool]) -> Iterator[PageOfRows]:
        """Yields the pages that are not passed over, of an import that has ended. Raises Refused `rows_expired`."""
        try:
            yield from self._workspace.row_pages.each_page(self._find_batches(), skips)
        except NotFound:
            raise _expired() from None

    def read_outcomes(self, page: PageOfRows) -> list[RowOutcome]:
        """Returns what became of the rows of a page. Raises Refused `rows_expired`."""
        try:
            return self._workspace.row_pages.read_outcomes(page)
        except NotFound:
            raise _expired() from None

    def read_rows(self, page: PageOfRows, chosen: Sequence[RowOutcome]) -> list[ListedRow]:
        """Returns rows of a page, chosen by their outcomes, with what stood in them, and created ones with what their
        records were made of. Raises Refused `rows_expired`.
        """
        if not chosen:
            return []
        try:
            given = {row.number: row for row in self._workspace.row_pages.read_given(page)}
        except NotFound:
            raise _expired() from None
        return [self._listed(given[one.row_number], one) for one in self._with_fields_of_created(page.batch, chosen)]

    def each_running(self) -> Iterator[ListedRow]:
        """Yields the rows of the first batch of an import that runs, with the outcomes of phases that have passed their
        gate. Nothing before the source has been read.
        """
        workspace = self._workspace
        for batch in workspace.find_batches()[:1]:
            left = {
                one.row_number: one for phase in workspace.row_phases for one in workspace.each_outcome(phase, batch)
            }
            for row in workspace.each_row(batch):
                yield self._listed(row, left.get(row.number))

    def _find_batches(self) -> list[int]:
        """None of an import that ended before its source had been read."""
        batches = self._workspace.find_batches()
        if not batches and self._import.stats.total:
            raise _expired()
        return batches

    def _with_fields_of_created(self, batch: int, outcomes: Sequence[RowOutcome]) -> Sequence[RowOutcome]:
        """A created record was made of what its row gives, so that this was not written down once more."""
        rows = {one.row_number for one in outcomes if one.outcome is Outcome.CREATED}
        if not rows or self._import.undo_of is not None:
            return outcomes
        resource = RESOURCES[self._import.resource]
        given = self._workspace.row_pages.read_fields(fields_written_by(resource), batch, rows)
        made = {
            row: created(resource, {name: value for name, value in fields.items() if name != "id"})
            for row, fields in given.items()
        }
        return [
            replace(one, changes=changes_between({}, made[one.row_number])) if one.row_number in made else one
            for one in outcomes
        ]

    def _listed(self, row: Row, outcome: RowOutcome | None) -> ListedRow:
        if self._headers is None:
            summary = self._workspace.get_source_summary()
            self._headers = summary.headers
            self._by_field = source_headers(self._import, summary)
        return ListedRow(row.number, row.line, to_object(row.given, self._headers), outcome, self._by_field)


def _expired() -> Refused:
    return Refused("rows_expired", "The rows of the import are no longer kept; its record of counts is.")
