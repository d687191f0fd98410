"""Rows of which their records no longer tell whether another attempt at the batch has written them.

A record remembers the stamps of its last writes only (`STAMPS_KEPT`). Where others have written it so often since an
attempt broke off, or woke up, a row that was written looks as if it had not been. To write it again would undo what the
others have done, so such a row fails, `overtaken`. In come the rows that an attempt is about to decide, out go those
that it may decide.

The images of other attempts tell which version of which record they were about to write. What creates a record has no
image, but the id of the record is made of import and row: there is no record under it unless the row has made it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.imports.before_images import BeforeImageReader, images_of_batch, is_of_attempt, rows_of
from chalicelib.imports.phases.outcomes import fail_row, finish_row
from chalicelib.imports.task_context import TaskContext
from chalicelib.model.identity_keys import given_ids
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Import
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.records import Record
from chalicelib.model.rows import Draft, Outcome, RowOutcome

Versions = dict[RecordId, int]
"""Which version of each record a row was about to write; a row may have come to mean another record on the way."""


def find_overtaken(context: TaskContext, batch: int, drafts: Sequence[Draft]) -> tuple[list[Draft], list[RowOutcome]]:
    """Returns the rows that can be decided, since their records tell whether they have been written, and the outcomes
    of the others: failed, or created where nobody else can have made the record. An undo keeps what others have changed
    anyway.
    """
    import_ = context.import_
    if import_.undo_of is not None or not drafts:
        return [*drafts], []
    tried, new_ids = _find_tried(context, batch, drafts), context.new_record_ids(drafts)
    ids = {record_id for versions in tried.values() for record_id in versions} | {*new_ids}
    stored = context.stores.records.get_many(import_.tenant_id, import_.resource, ids)
    left: list[Draft] = []
    settled: list[RowOutcome] = []
    for draft, new_id in zip(drafts, new_ids, strict=True):
        outcome = _outcome_of(import_, draft, _Traces(tried.get(draft.row_number, {}), new_id, stored))
        if outcome is None:
            left.append(draft)
        else:
            settled.append(outcome)
    return left, settled


def _find_tried(context: TaskContext, batch: int, drafts: Sequence[Draft]) -> dict[int, Versions]:
    """By row number, what other attempts were about to write over."""
    reader, numbers = BeforeImageReader(context.stores.files, context.import_), {one.row_number for one in drafts}
    first, last = min(numbers), max(numbers)
    found: dict[int, Versions] = {}
    for name in reader.list_names(images_of_batch(batch)):
        rows = rows_of(name)
        is_near = rows.start <= last and first < rows.stop
        if not is_near or is_of_attempt(name, context.workspace.attempt_id):
            continue
        for image in reader.each(name):
            if image.row_number in numbers:
                versions = found.setdefault(image.row_number, {})
                versions[image.record_id] = max(image.version, versions.get(image.record_id, 0))
    return found


@dataclass(frozen=True, slots=True)
class _Traces:
    """What a row may have left behind."""

    versions: Versions
    new_id: RecordId
    """Of the record that it makes, if it makes one."""
    stored: Mapping[RecordId, Record]

    @property
    def records(self) -> list[Record]:
        return [self.stored[one] for one in {*self.versions, self.new_id} if one in self.stored]

    @property
    def forgetful(self) -> RecordId | None:
        """The record that does not tell whether the row has written it, None where there is no such record."""
        return next((one for one, of in self.versions.items() if not self._remembers(one, of)), None)

    @property
    def made(self) -> Record | None:
        """The record under the new id, unless it tells who has made it."""
        is_known = self.new_id in self.versions or self._remembers(self.new_id, 1)
        return None if is_known else self.stored[self.new_id]

    def _remembers(self, record_id: RecordId, version: int) -> bool:
        return record_id not in self.stored or self.stored[record_id].remembers(version)


def _outcome_of(import_: Import, draft: Draft, traces: _Traces) -> RowOutcome | None:
    """None for a row whose records tell whether it has written them. An id that the row gives, or shares with other
    attempts to import it, may be that of a record that others have made; one that is older than the import is."""
    if any(one.find_stamp(import_.import_id, draft.row_number) for one in traces.records):
        return None
    if (record_id := traces.forgetful) is not None:
        return _overtaken(draft, record_id)
    made = traces.made
    if made is None:
        return None
    if import_.retry_of is None and given_ids([draft.identity_keys]) == [None]:
        return finish_row(replace(draft, record_id=made.record_id), Outcome.CREATED)
    is_older = made.created_at < (import_.began_ms or 0)
    return None if draft.is_match or is_older else _overtaken(draft, made.record_id)


def _overtaken(draft: Draft, record_id: RecordId) -> RowOutcome:
    return fail_row(replace(draft, record_id=record_id), ProblemCode.OVERTAKEN, record=str(record_id))
