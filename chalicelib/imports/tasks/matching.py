"""Transforming, validation and processing of one batch: drafts → drafts, with look-ups and writes in the store."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from chalicelib.formats.blocks import each_block
from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows
from chalicelib.imports.phases.transforming import transform
from chalicelib.imports.phases.validation import validate
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.task_counters import with_outcomes
from chalicelib.imports.tasks.create_missing import create_missing
from chalicelib.imports.tasks.lookups import other_records, own_records
from chalicelib.imports.tasks.shuffle import shuffle
from chalicelib.model.identity_keys import ID_PREFIX
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Action
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import shard_of
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Draft, FieldBlock, Outcome, RowOutcome
from chalicelib.model.task_results import TaskResult

MENTIONS_LOOKED_UP = 10_000
"""Keys held at a time: a batch with many columns that no field reads has a million."""


def transform_batch(context: TaskContext, batch: int) -> TaskResult:
    workspace, import_ = context.workspace, context.import_
    drafts = list(workspace.each_draft(PhaseName.PREVALIDATION, batch))
    duplicates = _get_duplicates(context, PhaseName.PREPARSING, batch)
    _give_fields(context, batch, drafts, duplicates)
    is_overwrite = import_.action is Action.OVERWRITE
    done = transform(
        drafts,
        duplicates,
        own_records(context),
        context.new_record_ids,
        also_named=workspace.each_failed_key(batch) if is_overwrite else (),
    )
    _name_records(context, batch, done.drafts, done.named)
    result = _write_batch(context, PhaseName.TRANSFORMING, batch, done.drafts, done.outcomes)
    return replace(result, mentioned=_keep_mentioned(context, batch)) if is_overwrite else result


def validate_batch(context: TaskContext, batch: int) -> TaskResult:
    workspace, duplicates = context.workspace, _get_duplicates(context, PhaseName.PARSING, batch)
    if not (duplicates or context.resource.references):
        return _forward_batch(context, batch)
    drafts = list(workspace.each_draft(PhaseName.TRANSFORMING, batch))
    _give_fields(context, batch, drafts, duplicates)
    if context.resource.references:
        drafts = list(workspace.each_with_fields(PhaseName.PREVALIDATION, batch, drafts))
    done = validate(drafts, duplicates, context.resource, other_records(context))
    create_missing(context, done.missing)
    if context.resource.references:
        fields = {draft.row_number: draft.fields for draft in done.drafts}
        workspace.write_fields(PhaseName.VALIDATION, batch, [FieldBlock(irregular=fields)])
    return _write_batch(context, PhaseName.VALIDATION, batch, done.drafts, done.outcomes)


def fields_written_by(resource: Resource) -> PhaseName:
    """The phase whose fields processing takes: validation writes them anew where it resolves references."""
    return PhaseName.VALIDATION if resource.references else PhaseName.PREVALIDATION


def _get_duplicates(context: TaskContext, phase: PhaseName, batch: int) -> dict[int, DuplicateRow]:
    """By row number."""
    return context.workspace.get_duplicates(phase, batch, context.workspace.get_manifest().partitions)


def _give_fields(
    context: TaskContext, batch: int, drafts: Iterable[Draft], duplicates: Mapping[int, DuplicateRow]
) -> None:
    """To the rows that are left out: they say by which value."""
    fields = context.workspace.find_fields(PhaseName.PREVALIDATION, batch, duplicates.keys())
    for draft in drafts if duplicates else ():
        draft.fields = fields.get(draft.row_number, draft.fields)


def _name_records(context: TaskContext, batch: int, drafts: Iterable[Draft], named: Iterable[RecordId]) -> None:
    """For parsing: which rows mean which stored record. For cleanup: which stored records are named at all."""
    workspace = context.workspace
    manifest = workspace.get_manifest()
    matched = [draft for draft in drafts if draft.is_match]
    keys, numbers = [f"{ID_PREFIX}{draft.record_id}" for draft in matched], [draft.row_number for draft in matched]
    shuffle(context, PhaseName.TRANSFORMING, KeyedRows(batch, keys, numbers))
    for shard, ids in _by_shard(named, manifest.shards):
        workspace.write_named(batch, shard, ids)


def _keep_mentioned(context: TaskContext, batch: int) -> int:
    """For cleanup: which stored records are named where no field reads it; says how many."""
    workspace, find = context.workspace, own_records(context).find
    found: set[RecordId] = set()
    for keys in each_block(workspace.each_mentioned_key(batch), MENTIONS_LOOKED_UP):
        found.update(find({*keys}).values())
    for shard, ids in _by_shard(found, workspace.get_manifest().shards):
        workspace.write_mentioned(batch, shard, ids)
    return len(found)


def _by_shard(ids: Iterable[RecordId], shards: int) -> Iterable[tuple[int, list[RecordId]]]:
    """Nothing where the import cleans up no shard."""
    found: dict[int, list[RecordId]] = defaultdict(list)
    for record_id in ids if shards else ():
        found[shard_of(record_id, shards)].append(record_id)
    return found.items()


def _forward_batch(context: TaskContext, batch: int) -> TaskResult:
    """Where validation has nothing to look at: nobody needs to read the drafts to know how many there are."""
    workspace, import_, before = context.workspace, context.import_, PhaseName.TRANSFORMING
    transformed = context.stores.results.find_result(import_.import_id, import_.attempt, before, batch)
    assert transformed is not None, "the gate of transforming has seen it"
    workspace.forward_drafts(before, PhaseName.VALIDATION, batch)
    entered = transformed.entered - transformed.left
    return TaskResult(phase=PhaseName.VALIDATION, task=batch, attempt_id=workspace.attempt_id, entered=entered)


def _write_batch(
    context: TaskContext, phase: PhaseName, batch: int, drafts: list[Draft], outcomes: list[RowOutcome]
) -> TaskResult:
    workspace = context.workspace
    workspace.write_drafts(phase, batch, drafts)
    workspace.write_outcomes(phase, batch, outcomes)
    skipped = sum(outcome.outcome is Outcome.SKIPPED for outcome in outcomes)
    entered = len(drafts) + len(outcomes)
    result = TaskResult(phase=phase, task=batch, attempt_id=workspace.attempt_id, entered=entered, dropped=skipped)
    return with_outcomes(result, outcomes)
