"""Validation of one batch: drafts come in, and those that go on come out with their references resolved.
What a dead reference means for its row, `imports/phases/validation.py` decides.

Where the dialect wants it so, dead references create the record that they name, such as the company of a contact. Ids
of such records are derived from tenant and name, so that two imports that miss the same record make it once.
"""

from collections.abc import Iterable
from itertools import groupby

from chalicelib.imports.phases.validation import validate
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.batches import get_duplicates, give_fields, write_batch
from chalicelib.imports.tasks.lookups import other_records
from chalicelib.imports.tasks.recovery import NO_ROW
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Outcome
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.defaults import with_defaults
from chalicelib.schema.identity import identity_keys, match_keys
from chalicelib.schema.references import MissingRecord


def validate_batch(context: TaskContext, batch: int) -> TaskResult:
    """Resolves the references of a batch, and skips the rows that parsing has marked."""
    workspace, duplicates = context.workspace, get_duplicates(context, PhaseName.PARSING, batch)
    if not (duplicates or context.resource.references):
        return _forward_batch(context, batch)
    drafts = list(workspace.each_draft(PhaseName.TRANSFORMING, batch))
    give_fields(context, batch, drafts, duplicates)
    if context.resource.references:
        drafts = list(workspace.each_with_fields(PhaseName.PREVALIDATION, batch, drafts))
    done = validate(drafts, duplicates, context.resource, other_records(context))
    _create_missing(context, done.missing)
    if context.resource.references:
        fields = {draft.row_number: draft.fields for draft in done.drafts}
        workspace.write_fields(PhaseName.VALIDATION, batch, fields)
    return write_batch(context, PhaseName.VALIDATION, batch, done.drafts, done.outcomes)


def fields_written_by(resource: Resource) -> PhaseName:
    """Returns the phase whose fields processing takes: validation writes them anew where it resolves references."""
    return PhaseName.VALIDATION if resource.references else PhaseName.PREVALIDATION


def _forward_batch(context: TaskContext, batch: int) -> TaskResult:
    """Where validation has nothing to look at, the drafts need not be read to know how many there are."""
    workspace, import_, before = context.workspace, context.import_, PhaseName.TRANSFORMING
    transformed = context.stores.results.find_result(import_.import_id, import_.attempt, before, batch)
    assert transformed is not None, "the gate of transforming has seen it"
    workspace.forward_drafts(before, PhaseName.VALIDATION, batch)
    entered = transformed.entered - transformed.left
    return TaskResult(phase=PhaseName.VALIDATION, task=batch, attempt_id=workspace.attempt_id, entered=entered)


def _create_missing(context: TaskContext, missing: Iterable[MissingRecord]) -> None:
    """One that is there by now is left alone."""
    by_resource = sorted(missing, key=lambda one: one.resource)
    for resource, ones in groupby(by_resource, key=lambda one: one.resource):
        wanted = list(ones)
        tenant_id, records = context.import_.tenant_id, context.stores.records
        stored = records.get_many(tenant_id, resource, [one.record_id for one in wanted])
        absent = [one for one in wanted if not _is_live(stored.get(one.record_id))]
        writes = [_write_missing(context, one, stored.get(one.record_id)) for one in absent]
        records.write_many(tenant_id, resource, writes, now_ms=int(context.now() * 1000))


def _is_live(record: Record | None) -> bool:
    return record is not None and not record.is_deleted


def _write_missing(context: TaskContext, missing: MissingRecord, tombstone: Record | None) -> Write:
    resource = RESOURCES[missing.resource]
    fields = with_defaults(resource, missing.fields)
    return Write(
        record_id=missing.record_id,
        before=tombstone,
        fields=fields,
        claims=tuple(identity_keys(resource, fields)),
        match_keys=match_keys(resource, fields),
        stamp=Stamp(context.import_.import_id, NO_ROW, Outcome.CREATED),
    )
