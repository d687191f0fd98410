"""Cleanup of one shard of the record store: old records that no row names are deleted, or leave the import's location.
On which conditions, `imports/phases/cleanup.py` decides.

Where a row carries no identity that could be read, which might name any of them, they are only counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from chalicelib.errors import Throttled
from chalicelib.imports.before_images import images_of_shard
from chalicelib.imports.phases.cleanup import CleanupScope, UnnamedRecord, clean_up
from chalicelib.imports.rehearsed_records import rehearsing
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.tasks.hand_over import ShardProgress, hand_over_shard, shard_handed_over
from chalicelib.imports.tasks.recovery import NO_ROW, count_cleaned_up, recover_result, started_attempt
from chalicelib.model.identity_keys import claims_of
from chalicelib.model.imports import Action, Stats
from chalicelib.model.phases import PhaseName, spec_of
from chalicelib.model.records import Record, Stamp, Write, WriteStatus
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.identity import identity_keys, match_keys


def clean_up_shard(context: TaskContext, shard: int) -> TaskResult:
    """Deletes, or takes out of the import's location, the old records of a shard that no row names.

    `entered` counts the records looked at, `overwritten` those deleted and `relocated` those that left the location, by
    an earlier attempt of this task included; `spared` counts those that would have been deleted, where nothing is. Goes
    on where an earlier function has handed over. Raises HandedOver where the time of this one is nearly over.
    """
    task = _ShardTask(context.keeping_images(images_of_shard(shard)), shard, PhaseName.CLEANUP)
    if context.workspace.get_cleanup_plan().counts_only:
        return task.run()
    with started_attempt(context, PhaseName.CLEANUP, shard):
        return task.run()


def rehearse_cleanup(context: TaskContext, shard: int) -> TaskResult:
    """Does what `clean_up_shard` does, on records that are read only, and counts those that `max_deleted` is a part of.
    What it would do counts for a preview; of any other import it is in `rehearsed` only.
    """
    return _ShardTask(replace(context, stores=rehearsing(context.stores)), shard, PhaseName.REHEARSAL_CLEANUP).run()


class _ShardTask:
    """Cleanup of one shard by one function, rehearsed or done, and how far it has come."""

    def __init__(self, context: TaskContext, shard: int, phase: PhaseName) -> None:
        self._context = context
        self._shard = shard
        self._phase = phase
        self._is_writing = spec_of(phase).writes_records
        self.progress = shard_handed_over(context.workspace.attempts.find(phase, shard))

    def run(self) -> TaskResult:
        """Looks at every record of the shard, and returns what was done, counted."""
        try:
            counts_only = self._context.workspace.get_cleanup_plan().counts_only
            return self.count_spared() if counts_only else self.clean_up()
        except Throttled:
            if not self._context.can_hand_over:
                raise
            raise hand_over_shard(self._context, self._phase, self._shard, self.progress) from None

    def count_spared(self) -> TaskResult:
        """Nothing is written, and no record enters the phase."""
        records_left = _RecordsLeft(self._context, self._shard, self.progress.after)
        while records := records_left.take():
            left, _ = records_left.find_left(records)
            spared = self.progress.spared + sum(one.fields is None for one in left)
            in_scope = self.progress.in_scope + self._count_in_scope(records_left, records)
            self.progress = replace(self.progress, after=records[-1].record_id, spared=spared, in_scope=in_scope)
            if stop := self._context.find_stop():
                return replace(self._result(), stopped_by=stop)
            self._hand_over_in_time()
        return self._result()

    def clean_up(self) -> TaskResult:
        """Changes what no row names, a write batch at a time."""
        context = self._context
        records_left = _RecordsLeft(context, self._shard, self.progress.after)
        while records := records_left.take():
            before = count_cleaned_up(context, records)
            left, mentioned = records_left.find_left(records)
            if stop := context.find_stop():
                return recover_result(context, self._phase, self._shard, stop)
            done = before + _change(context, left)
            seen = before[Outcome.DELETED] + sum(not record.is_deleted for record in records)
            self.progress = ShardProgress(
                after=records[-1].record_id,
                entered=self.progress.entered + seen,
                overwritten=self.progress.overwritten + done[Outcome.DELETED],
                relocated=self.progress.relocated + done[Outcome.UPDATED],
                mentioned=self.progress.mentioned + len(mentioned),
                in_scope=self.progress.in_scope + self._count_in_scope(records_left, records),
            )
            context.report_progress(self._phase, self.progress.entered)
            self._hand_over_in_time()
        return self._result()

    def _hand_over_in_time(self) -> None:
        if self._context.must_hand_over():
            raise hand_over_shard(self._context, self._phase, self._shard, self.progress)

    def _count_in_scope(self, records_left: "_RecordsLeft", records: Iterable[Record]) -> int:
        return 0 if self._is_writing else records_left.count_in_scope(records)

    def _result(self) -> TaskResult:
        progress, is_final = self.progress, self._is_writing or self._context.import_.is_preview
        would_be = Stats(overwritten=progress.overwritten)
        result = TaskResult(phase=self._phase, task=self._shard, attempt_id=self._context.workspace.attempt_id)
        if not self._is_writing:
            result = replace(result, rehearsed=would_be, in_scope=progress.in_scope)
        if not is_final:
            return result
        return replace(
            result,
            entered=progress.entered,
            stats=would_be,
            relocated=progress.relocated,
            mentioned=progress.mentioned,
            spared=progress.spared,
        )


class _RecordsLeft:
    """The records of a shard behind an id, one write batch after the other, and which of them no row names."""

    def __init__(self, context: TaskContext, shard: int, after: str) -> None:
        import_, workspace = context.import_, context.workspace
        self._rest = context.stores.records.each_record(import_.tenant_id, import_.resource, shard, after=after)
        self._named = {*workspace.shuffled.each_named(shard)}
        mentioning = workspace.get_cleanup_plan().mentioning
        self._mentioned = {*workspace.shuffled.each_mentioned(shard, mentioning)}
        self._is_overwrite = import_.action is Action.OVERWRITE
        self._reach = CleanupScope(
            began_ms=import_.strict_since_ms or import_.began_ms or 0,
            resource=context.resource,
            location_id=import_.location_id,
        )

    def take(self) -> list[Record]:
        return list(islice(self._rest, WRITE_BATCH_ROWS))

    def count_in_scope(self, records: Iterable[Record]) -> int:
        """Live records that the import might delete: of an overwrite those that it may clean up, of a delete all."""
        live = (record for record in records if not record.is_deleted)
        return sum(not self._is_overwrite or self._reach.covers(record) for record in live)

    def find_left(self, records: Iterable[Record]) -> tuple[list[UnnamedRecord], list[UnnamedRecord]]:
        """Those to change, and those that are kept because the source mentions them."""
        live = (record for record in records if not record.is_deleted)
        changing: list[UnnamedRecord] = []
        kept: list[UnnamedRecord] = []
        for one in clean_up(live, self._named, self._reach):
            (kept if one.record.record_id in self._mentioned else changing).append(one)
        return changing, kept


def _change(context: TaskContext, left: list[UnnamedRecord]) -> Counter[Outcome]:
    """How many records were deleted, and updated. One that was changed since it was read is kept as it is."""
    writes = [_write(context, one) for one in left]
    written = context.write_records(context.import_.resource, writes)
    each = zip(writes, written, strict=True)
    return Counter(write.stamp.outcome for write, one in each if one.status is WriteStatus.WRITTEN)


def _write(context: TaskContext, left: UnnamedRecord) -> Write:
    """Conditional on the version that was read."""
    outcome = Outcome.DELETED if left.fields is None else Outcome.UPDATED
    stamp, record, fields = Stamp(context.import_.import_id, NO_ROW, outcome), left.record, left.fields or {}
    claims, matched = _keys(context.resource, record, fields)
    return Write(record.record_id, record, stamp, fields, claims, matched)


def _keys(resource: Resource, record: Record, fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The claims and match keys of the record afterwards: those it has, unless its location is part of any."""
    names = {name for one in (*resource.identities, *resource.match_fields) for name in one.fields}
    if resource.location_field not in names:
        return record.claims, record.match_keys
    return claims_of(identity_keys(resource, fields)), match_keys(resource, fields)
