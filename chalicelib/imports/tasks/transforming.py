"""Transforming of one batch: drafts come in, and those that go on come out with the stored record that they mean.
Which record that is, `imports/phases/transforming.py` decides.

Beside the drafts it writes what later phases need: for parsing, which rows mean which record; for cleanup, which stored
records the batch names, and which it mentions where no field reads them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from chalicelib.formats.blocks import each_block
from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.phases.transforming import transform
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.batches import get_duplicates, give_fields, write_batch
from chalicelib.imports.tasks.lookups import own_records
from chalicelib.model.identity_keys import ID_PREFIX
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Action
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import shard_of
from chalicelib.model.rows import Draft
from chalicelib.model.task_results import TaskResult

KEYS_LOOKED_UP = 10_000
"""Keys held at a time: a batch with many columns that no field reads has a million."""


def transform_batch(context: TaskContext, batch: int) -> TaskResult:
    """Finds the stored record of every row of a batch, and skips the rows that preparsing has marked."""
    workspace, import_ = context.workspace, context.import_
    drafts = list(workspace.each_draft(PhaseName.PREVALIDATION, batch))
    duplicates = get_duplicates(context, PhaseName.PREPARSING, batch)
    give_fields(context, batch, drafts, duplicates)
    is_overwrite = import_.action is Action.OVERWRITE
    done = transform(
        drafts,
        duplicates,
        own_records(context),
        context.new_record_ids,
        also_named=workspace.each_failed_key(batch) if is_overwrite else (),
    )
    matches = _name_records(context, batch, done.drafts, done.named)
    mentioned = _keep_mentioned(context, batch) if is_overwrite else 0
    # Outcomes come last: of a task that is refused before it has counted them, none may be read.
    result = write_batch(context, PhaseName.TRANSFORMING, batch, done.drafts, done.outcomes)
    return replace(result, keys=matches, mentioned=mentioned)


def _name_records(context: TaskContext, batch: int, drafts: Iterable[Draft], named: Iterable[RecordId]) -> int:
    """For parsing: which rows mean which stored record; says how many. For cleanup: which stored records are named at
    all."""
    shuffled, shards = context.workspace.shuffled, context.workspace.get_manifest().shards
    matched = [draft for draft in drafts if draft.is_match]
    keys, numbers = [f"{ID_PREFIX}{draft.record_id}" for draft in matched], [draft.row_number for draft in matched]
    shuffled.write_keyed_rows(PhaseName.TRANSFORMING, KeyedRows(batch, keys, numbers))
    shuffled.write_named(batch, _by_shard(named, shards))
    return len(matched)


def _keep_mentioned(context: TaskContext, batch: int) -> int:
    """For cleanup: which stored records are named where no field reads it; says how many."""
    workspace, find = context.workspace, own_records(context).find
    found: set[RecordId] = set()
    for keys in each_block(workspace.each_mentioned_key(batch), KEYS_LOOKED_UP):
        found.update(find({*keys}).values())
    workspace.shuffled.write_mentioned(batch, _by_shard(found, workspace.get_manifest().shards))
    return len(found)


def _by_shard(ids: Iterable[RecordId], shards: int) -> dict[int, list[RecordId]]:
    """Nothing where the import cleans up no shard."""
    found: dict[int, list[RecordId]] = defaultdict(list)
    for record_id in ids if shards else ():
        found[shard_of(record_id, shards)].append(record_id)
    return found
