"""Records that rows name and that do not exist, such as the company of a contact: made where the import wants it so.

    validation   a dead reference becomes a link to the id that the missing record is to have
    processing   before rows are written: which of these records are not there? They are made, or, where somebody else
                 has taken the name meanwhile, the rows are linked to the holder

Ids of such records are derived from tenant and name, so that two imports that miss the same record make it once. Each
bears the stamp of the row that was the first to name it (`MISSING_STEP`), by which they are counted.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from chalicelib.formats.blocks import each_block
from chalicelib.imports.phases.processing import Decision
from chalicelib.imports.phases.validation import problem_of
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.tasks.lookups import missing_id_of
from chalicelib.lifecycle.reference_look_ups import reference_look_ups
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import claims_of
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import MISSING_STEP, Record, Stamp, Write, WriteStatus, Written
from chalicelib.model.rows import Draft, Fields, Outcome
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.defaults import with_defaults
from chalicelib.schema.identity import identity_keys, match_keys
from chalicelib.schema.references import MissingRecord, ReferenceIndex, find_missing


@dataclass(frozen=True, slots=True)
class _Named:
    """A missing record, and the first row that names it."""

    missing: MissingRecord
    row_number: int


Links = Mapping[RecordId, tuple[RecordId, ...]]
"""By the id that a missing record was to have, the records that have its name instead."""


def create_missing(context: TaskContext, drafts: Iterable[Draft], decided: Iterable[Decision]) -> bool:
    """Makes the records that are missing for the rows that are to be written. Returns whether any of the drafts has got
    another link, since its name was taken meanwhile: then the rows are to be decided again."""
    named = {one.missing.record_id: one for one in _each_named(context, decided)}
    named = {record_id: one for record_id, one in named.items() if record_id not in context.found_in_request}
    by_resource: dict[str, list[_Named]] = defaultdict(list)
    for one in named.values():
        by_resource[one.missing.reference.resource].append(one)
    links: dict[RecordId, tuple[RecordId, ...]] = {}
    for resource, ones in by_resource.items():
        links |= _make(context, resource, ones)
    return bool(links) and _relink(context, drafts, links)


class NamedRecords:
    """The records that are made for the rows of a batch where they do not exist, noted while the rows pass by."""

    def __init__(self, context: TaskContext) -> None:
        self._context = context
        self._rows: set[int] = set()
        self._linked: dict[str, set[RecordId]] = defaultdict(set)

    def noting(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """Returns the drafts, which have their fields; what they name is noted while they are taken."""
        return self._each_noted(drafts) if self._context.import_.rules.create_missing else drafts

    def note_batch(self, batch: int) -> None:
        """Notes what all rows of a batch name that have come as far as to be written."""
        workspace, phase = self._context.workspace, PhaseName.VALIDATION
        if self._context.import_.rules.create_missing:
            deque(
                self._each_noted(workspace.each_with_fields(phase, batch, workspace.each_draft(phase, batch))), maxlen=0
            )

    def counted_in(self, result: TaskResult, *, is_first: bool = False) -> TaskResult:
        """Returns the result with the records counted that were made for these rows, as the stamps on them prove,
        whichever attempt of the task has made them. Where this is the first, it has not made what was there before."""
        there = self._context.found_in_request if is_first else set()
        made = Counter(resource for resource in [*self._linked] for _ in self.each_made(resource, there))
        return replace(result, stats=result.stats + Stats(created_references=dict(made))) if made else result

    def each_made(self, resource: str, there: AbstractSet[RecordId] = frozenset()) -> Iterator[tuple[int, RecordId]]:
        """Yields the rows that were the first to name a record of this resource, and the records that were made for
        them, of which none is among those that were `there`. Lazy."""
        for record in self._each_found(resource, there):
            stamp = self._find_stamp(record)
            if stamp:
                yield stamp.row_number, record.record_id

    def _each_found(self, resource: str, there: AbstractSet[RecordId]) -> Iterator[Record]:
        records, tenant_id = self._context.stores.records, self._context.import_.tenant_id
        for some in each_block(sorted(self._linked[resource] - there), WRITE_BATCH_ROWS):
            yield from records.get_many(tenant_id, resource, some).values()

    def _each_noted(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        for draft in drafts:
            self._rows.add(draft.row_number)
            for missing in _each_missing(self._context, draft.fields, draft.fields):
                self._linked[missing.reference.resource].add(missing.record_id)
            yield draft

    def _find_stamp(self, record: Record) -> Stamp | None:
        """That of the row for which it was made, if it is one of these."""
        import_id = self._context.import_.import_id
        stamps = (one for one in record.stamps if one.step == MISSING_STEP and one.import_id == import_id)
        return next((one for one in stamps if one.row_number in self._rows), None)


def _each_named(context: TaskContext, decided: Iterable[Decision]) -> Iterator[_Named]:
    """From the last row to the first, so that of several which name a record the first one counts."""
    for draft, what in reversed([*decided]):
        if isinstance(what, Write):
            for missing in _each_missing(context, draft.fields, what.fields):
                yield _Named(missing, draft.row_number)


def _each_missing(context: TaskContext, given: Fields, fields: Fields) -> Iterator[MissingRecord]:
    missing_id = missing_id_of(context.import_)
    for reference in context.resource.references:
        missing = find_missing(reference, fields, missing_id) if reference.field in given else None
        if missing:
            yield missing


def _make(context: TaskContext, resource: str, named: list[_Named]) -> dict[RecordId, tuple[RecordId, ...]]:
    """Makes those that are not there; of those whose name others have by now, says who has it."""
    tenant_id, records = context.import_.tenant_id, context.stores.records
    stored = records.get_many(tenant_id, resource, [one.missing.record_id for one in named])
    absent = [one for one in named if not _is_live(stored.get(one.missing.record_id))]
    holders = _find_holders(context, [one.missing for one in absent])
    free = [one for one in absent if not holders.get(one.missing.record_id)]
    writes = [_write(context, one, stored.get(one.missing.record_id)) for one in free]
    written = context.write_records(resource, writes)
    taken = {write.record_id: _holder(answer) for write, answer in zip(writes, written, strict=True)}
    return {record_id: others for record_id, others in {**holders, **taken}.items() if others}


def _holder(answer: Written) -> tuple[RecordId, ...]:
    """Nobody, where the record was made, by this task or by another one in the same moment."""
    return (answer.holder,) if answer.status is WriteStatus.TAKEN and answer.holder else ()


def _find_holders(context: TaskContext, missing: list[MissingRecord]) -> dict[RecordId, tuple[RecordId, ...]]:
    if not missing:
        return {}
    texts = {one.reference: [other.text for other in missing if other.reference is one.reference] for one in missing}
    look_ups = reference_look_ups(context.stores.records, context.import_.tenant_id)
    index = ReferenceIndex(context.resource, texts, look_ups)
    return {one.record_id: index.find(one.reference, one.text) for one in missing}


def _relink(context: TaskContext, drafts: Iterable[Draft], links: Links) -> bool:
    """Links rows to who has the name now, and, where several have it, to none."""
    is_changed = False
    for draft in drafts:
        for missing in _each_missing(context, draft.fields, draft.fields):
            holders = links.get(missing.record_id, ())
            if len(holders) == 1:
                draft.fields[missing.target] = holders[0]
            elif holders:
                del draft.fields[missing.target]
                draft.problems.append(problem_of(draft, missing.reference, missing.text, len(holders)))
            is_changed = is_changed or bool(holders)
    return is_changed


def _is_live(record: Record | None) -> bool:
    return record is not None and not record.is_deleted


def _write(context: TaskContext, named: _Named, tombstone: Record | None) -> Write:
    missing = named.missing
    resource = RESOURCES[missing.reference.resource]
    fields = with_defaults(resource, {missing.reference.by[0]: missing.text})
    return Write(
        record_id=missing.record_id,
        before=tombstone,
        fields=fields,
        claims=claims_of(identity_keys(resource, fields)),
        match_keys=match_keys(resource, fields),
        stamp=Stamp(context.import_.import_id, named.row_number, Outcome.CREATED, MISSING_STEP),
    )
