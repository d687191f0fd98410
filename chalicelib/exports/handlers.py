"""The functions behind the export machine's states, one method each: an event in, a small answer out.

    start    queued → processing; the moment of the snapshot, and the shards
    read     a shard of the record store: select, sort, write shard files; a Map
    gate     checks that every shard has a result, and sums them
    join     one part of one file in each call, until every format has its file
    finish   the counts compared, the manifest, the final status; or why there are no files

Every attempt writes objects of its own, puts its result once, and reads only what results name: a task that is doubled,
late or dead changes nothing. What a retry can mend leaves as `Retryable`, and the machine retries it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.errors import Fatal, NotFound, Refused
from chalicelib.exports.concurrency import export_queue
from chalicelib.exports.events import (
    ExportEvent,
    ExportRoute,
    ExportStep,
    FinishExportEvent,
    ShardEvent,
    ShardStep,
    SteerEvent,
    Steering,
)
from chalicelib.exports.file_writer import write_file_part
from chalicelib.exports.manifest import write_manifest
from chalicelib.exports.planned_files import PlannedFile, are_whole, find_unfinished, rows_written
from chalicelib.exports.shard_reader import ShardHandedOver, TaskStopped, read_shard
from chalicelib.exports.task_context import ExportTaskContext, progress_reporter
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import Export, ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import export_work_folder
from chalicelib.model.status_changes import ExportChange
from chalicelib.model.stop_reasons import SUPERSEDED, StopCode, StopReason
from chalicelib.model.time_left import TimeLeft, endless
from chalicelib.stores.interfaces import Stores
from chalicelib.webhooks.outbox import publish_now

UNEQUAL_COUNTS = StopReason(StopCode.INTERNAL_ERROR, "the rows that were written are not those that were selected")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMachine:
    """Does what `exports.events.ExportFunctions` promises: each call is one state of the machine."""

    stores: Stores
    limits: Limits
    now: Callable[[], float]
    """Epoch seconds."""
    new_attempt_id: Callable[[], str]
    """Names one attempt of one task; never the same twice."""
    time_left_s: TimeLeft = endless
    """Seconds until the function is killed that serves the machine."""

    def steer(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """Does one of the three steps that take moments, and share a function."""
        step = SteerEvent.model_validate(event).step
        if step is Steering.FINISH:
            self.finish(FinishExportEvent.model_validate(event))
            return None
        do = self.start if step is Steering.START else self.gate
        return do(ExportEvent.model_validate(event)).model_dump(mode="json")

    def start(self, event: ExportEvent) -> ExportStep:
        """Makes a queued export processing and returns its shards as tasks. A retry finds it processing, and keeps the
        snapshot of the first attempt.
        """
        export = self._find_started(event)
        if export is None:
            return _step(event, ExportRoute.FINISH, stopped_by=SUPERSEDED)
        return _step(event, ExportRoute.READ, tasks=tuple(range(export.progress.shards)))

    def read(self, event: ShardEvent) -> ShardStep:
        """Reads one shard, or goes on with it, and puts the result, unless there is one."""
        context, step = self._context_of(event), ShardStep(**event.model_dump(), route=TaskRoute.DONE)
        if context is None or self._find(event, ExportStage.SHARD, event.task):
            return step
        try:
            self._put(
                context, ExportStage.SHARD, event.task, lambda: read_shard(context, event.task, part_key=event.part_key)
            )
        except ShardHandedOver as handed_over:
            return step.model_copy(update={"route": TaskRoute.CONTINUE, "part_key": handed_over.part_key})
        return step

    def gate(self, event: ExportEvent) -> ExportStep:
        """Sums the results of all shards. Raises Fatal if a shard left no result and none was stopped."""
        context = self._context_of(event)
        if context is None:
            return _step(event, ExportRoute.FINISH, stopped_by=SUPERSEDED)
        results = self._results(event, ExportStage.SHARD)
        stopped_by = _stop_among(results) or context.find_stop()
        if stopped_by:
            return _step(event, ExportRoute.FINISH, stopped_by=stopped_by)
        context.report(_summed(context.export, results))
        return _step(event, ExportRoute.JOIN)

    def join(self, event: ExportEvent) -> ExportStep:
        """Writes the next part of the next file; the answer's route is `join` while there are more."""
        context = self._context_of(event)
        if context is None:
            return _step(event, ExportRoute.FINISH, stopped_by=SUPERSEDED)
        done = self._results(event, ExportStage.JOIN)
        planned = find_unfinished(context, done)
        if planned:
            self._put(context, ExportStage.JOIN, len(done), lambda: self._write_part(context, planned, done))
            done = self._results(event, ExportStage.JOIN)
        is_more = find_unfinished(context, done) is not None
        return _step(event, ExportRoute.JOIN if is_more else ExportRoute.FINISH, stopped_by=_stop_among(done))

    def _write_part(self, context: ExportTaskContext, planned: PlannedFile, done: list[ExportResult]) -> ExportResult:
        """Raises TaskStopped."""
        stop = context.find_stop()
        if stop:
            raise TaskStopped(stop)
        shards = self._results(context.export, ExportStage.SHARD)
        progress = replace(_summed(context.export, shards), rows_written=rows_written(context, done))
        before = [one for one in done if one.file_number == planned.number]
        part = write_file_part(context, planned, before, shards, progress_reporter(context, progress))
        return replace(part, task=len(done))

    def finish(self, event: FinishExportEvent) -> None:
        """Gives the export its final status, if it has none, publishes its event, if that is pending, gives its slot to
        the next, and deletes its work objects.
        """
        export = self.stores.exports.find(event.tenant_id, event.export_id)
        if export is not None and not export.is_final:
            export = self._end(export, event.reason) or export
        if export is not None:
            publish_now(self.stores, export)
            export_queue(self.stores, self.limits, self.now).release(export)
        self.stores.files.delete_files(export_work_folder(event.tenant_id, event.export_id))

    def _end(self, export: Export, stopped_by: StopReason | None) -> Export | None:
        change = self._failing(stopped_by) if stopped_by else self._completing(export)
        return self.stores.exports.change(export.tenant_id, export.export_id, change)

    def _failing(self, stop: StopReason) -> ExportChange:
        status = ExportStatus.TIMED_OUT if stop.code is StopCode.TIMED_OUT else ExportStatus.FAILED
        now = int(self.now())
        return ExportChange(to=status, at=now, reason=stop.text, ended_at=now)

    def _completing(self, export: Export) -> ExportChange:
        """Compares what the shards' tasks have counted with what was counted while the files were written."""
        context, done = self._context(export), self._results(export, ExportStage.JOIN)
        progress = _summed(export, self._results(export, ExportStage.SHARD))
        files = [one.file for one in done if one.file]
        if find_unfinished(context, done) or not are_whole(context, done, rows=progress.rows or 0):
            return self._failing(UNEQUAL_COUNTS)
        now = int(self.now())
        progress = replace(progress, rows_written=rows_written(context, done))
        return ExportChange(
            to=ExportStatus.COMPLETED,
            at=now,
            ended_at=now,
            files_until=now + self.limits.export_files_s,
            progress=progress,
            files=(*files, write_manifest(context, progress, files)),
        )

    def _find_started(self, event: ExportEvent) -> Export | None:
        """Returns the export, processing; None if it has ended."""
        stored = self.stores.exports.find(event.tenant_id, event.export_id)
        if stored is None:
            return None
        now_ms = int(self.now() * 1000)
        shards = self.stores.records.shard_count(stored.tenant_id, stored.resource)
        change = ExportChange(
            to=ExportStatus.PROCESSING,
            at=now_ms // 1000,
            started_at=now_ms // 1000,
            snapshot_ms=now_ms,
            until_ms=now_ms - self.limits.export_lag_s * 1000,
            deadline_at=now_ms // 1000 + self.limits.export_time_s,
            progress=Progress(shards=shards),
        )
        started = self.stores.exports.change(event.tenant_id, event.export_id, change)
        if started is None:  # a double, or a lost answer, may have made this very change
            started = self.stores.exports.find(event.tenant_id, event.export_id)
        return started if started is not None and started.status is ExportStatus.PROCESSING else None

    def _context_of(self, event: ExportEvent) -> ExportTaskContext | None:
        """Returns None where the export is gone or has ended: then the task has nothing to do."""
        export = self.stores.exports.find(event.tenant_id, event.export_id)
        return self._context(export) if export and export.status is ExportStatus.PROCESSING else None

    def _context(self, export: Export) -> ExportTaskContext:
        return ExportTaskContext(
            export=export,
            resource=RESOURCES[export.resource],
            stores=self.stores,
            limits=self.limits,
            now=self.now,
            time_left_s=self.time_left_s,
            attempt_id=self.new_attempt_id(),
        )

    def _put(self, context: ExportTaskContext, stage: ExportStage, task: int, work: Callable[[], ExportResult]) -> None:
        """Puts what the work returns; an error that no retry can mend is put as a result too."""
        try:
            result = work()
        except (Refused, Fatal) as error:
            if isinstance(error, NotFound) and context.find_stop():
                return  # the work objects are deleted when the export has ended
            result = ExportResult(
                stage=stage, task=task, attempt_id=context.attempt_id, stopped_by=_stop_reason_of(error)
            )
        self.stores.exports.put_once(context.export.export_id, result)

    def _find(self, event: ExportEvent, stage: ExportStage, task: int) -> ExportResult | None:
        return self.stores.exports.find_result(event.export_id, stage, task)

    def _results(self, named: ExportEvent | Export, stage: ExportStage) -> list[ExportResult]:
        return self.stores.exports.list_results(named.export_id, stage)


def _summed(export: Export, shards: list[ExportResult]) -> Progress:
    """Raises Fatal if a shard is missing, or wrote another number of rows than it selected."""
    if [one.task for one in shards] != list(range(export.progress.shards)):
        raise Fatal(f"{export.progress.shards - len(shards)} shards left no result")
    limit = export.selection.limit
    if any(one.rows != min(one.records_selected, limit or one.records_selected) for one in shards):
        raise Fatal("a shard's rows are not those that it selected")
    available = sum(one.rows for one in shards)
    rows = available if limit is None else min(limit, available)
    return Progress(
        shards=export.progress.shards,
        shards_done=len(shards),
        records_read=sum(one.records_read for one in shards),
        records_selected=sum(one.records_selected for one in shards),
        rows=rows,
        rows_total=rows * len(export.renderings),
    )


def _stop_reason_of(error: Refused | Fatal) -> StopReason:
    if isinstance(error, TaskStopped):
        return error.reason
    return StopReason(StopCode.REFUSED if isinstance(error, Refused) else StopCode.FATAL, str(error))


def _stop_among(results: list[ExportResult]) -> StopReason | None:
    return next((one.stopped_by for one in results if one.stopped_by), None)


def _step(
    event: ExportEvent, route: ExportRoute, *, tasks: tuple[int, ...] = (), stopped_by: StopReason | None = None
) -> ExportStep:
    return ExportStep(
        tenant_id=event.tenant_id, export_id=event.export_id, route=route, tasks=tasks, stopped_by=stopped_by
    )
