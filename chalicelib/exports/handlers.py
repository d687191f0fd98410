"""The functions behind the export machine's states, one method each: an event in, a small answer out.

    begin    queued → processing; the moment of the snapshot, and the shards
    read     a shard of the record store: select, sort, write a part; a Map
    gate     demands every shard's result and sums them
    join     one piece of one file a call, until every format has its file
    finish   the counts compared, the manifest, the final status

Every try writes objects of its own, puts its result once, and reads only what results name: a task that is doubled,
late or dead changes nothing. What a retry can mend leaves as `Retryable`, and the machine retries it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.errors import Fatal, NotFound, Refused
from chalicelib.exports.events import (
    ExportEvent,
    ExportRoute,
    ExportStep,
    FinishExportEvent,
    ShardEvent,
    SteerEvent,
    Steering,
)
from chalicelib.exports.file_writer import write_piece
from chalicelib.exports.manifest import write_manifest
from chalicelib.exports.outputs import Output, are_whole, find_next, rows_written
from chalicelib.exports.shard_reader import Stopped, read_shard
from chalicelib.exports.task_context import SUPERSEDED, TIMED_OUT, ExportRun, progress_reporter
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import Export, ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import export_work_folder
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.interfaces import Stores
from chalicelib.webhooks.outbox import publish_now

UNEQUAL_COUNTS = "internal_error: the rows that were written are not those that were selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMachine:
    stores: Stores
    limits: Limits
    now: Callable[[], float]
    """Epoch seconds."""
    new_token: Callable[[], str]
    """Names one try of one task; never the same twice."""

    def steer(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """One function for the steps that take moments."""
        step = SteerEvent.model_validate(event).step
        if step is Steering.FINISH:
            self.finish(FinishExportEvent.model_validate(event))
            return None
        do = self.begin if step is Steering.BEGIN else self.gate
        return do(ExportEvent.model_validate(event)).model_dump(mode="json")

    def begin(self, event: ExportEvent) -> ExportStep:
        """At a retry it is processing already; the snapshot stays the first try's."""
        export = self._begun(event)
        if export is None:
            return _step(event, ExportRoute.FINISH, stopped_by=SUPERSEDED)
        return _step(event, ExportRoute.READ, tasks=tuple(range(export.progress.shards)))

    def read(self, event: ShardEvent) -> None:
        run = self._run(event)
        if run is None or self._find(event, ExportStage.SHARD, event.task):
            return
        self._put(run, ExportStage.SHARD, event.task, lambda: read_shard(run, event.task))

    def gate(self, event: ExportEvent) -> ExportStep:
        """Raises Fatal if a shard left no result and none was stopped."""
        run = self._run(event)
        if run is None:
            return _step(event, ExportRoute.FINISH, stopped_by=SUPERSEDED)
        results = self._results(event, ExportStage.SHARD)
        stopped_by = _stop_among(results) or run.find_stop()
        if stopped_by:
            return _step(event, ExportRoute.FINISH, stopped_by=stopped_by)
        run.report(_summed(run.export, results))
        return _step(event, ExportRoute.JOIN)

    def join(self, event: ExportEvent) -> ExportStep:
        """Writes the next piece of the next file; says `join` while there are more."""
        run = self._run(event)
        if run is None:
            return _step(event, ExportRoute.FINISH, stopped_by=SUPERSEDED)
        done = self._results(event, ExportStage.JOIN)
        output = find_next(run, done)
        if output:
            self._put(run, ExportStage.JOIN, len(done), lambda: self._piece(run, output, done))
            done = self._results(event, ExportStage.JOIN)
        is_more = find_next(run, done) is not None
        return _step(event, ExportRoute.JOIN if is_more else ExportRoute.FINISH, stopped_by=_stop_among(done))

    def _piece(self, run: ExportRun, output: Output, done: list[ExportResult]) -> ExportResult:
        """Raises Stopped."""
        stop = run.find_stop()
        if stop:
            raise Stopped(stop)
        shards = self._results(run.export, ExportStage.SHARD)
        progress = replace(_summed(run.export, shards), rows_written=rows_written(run, done))
        before = [one for one in done if one.output == output.number]
        piece = write_piece(run, output, before, shards, progress_reporter(run, progress))
        return replace(piece, task=len(done))

    def finish(self, event: FinishExportEvent) -> None:
        """Ends the export and announces it; of one that has ended, only what is still owed is told."""
        export = self.stores.exports.find(event.tenant_id, event.export_id)
        if export is not None and not export.is_final:
            export = self._end(export, event.stopped_by) or export
        if export is not None:
            publish_now(self.stores, export)
        self.stores.files.delete_files(export_work_folder(event.tenant_id, event.export_id))

    def _end(self, export: Export, stopped_by: str | None) -> Export | None:
        change = self._failing(stopped_by) if stopped_by else self._completing(export)
        return self.stores.exports.change(export.tenant_id, export.export_id, change)

    def _failing(self, reason: str) -> ExportChange:
        status = ExportStatus.TIMED_OUT if reason == TIMED_OUT else ExportStatus.FAILED
        now = int(self.now())
        return ExportChange(to=status, at=now, reason=reason, ended_at=now)

    def _completing(self, export: Export) -> ExportChange:
        """Counted twice, by the shards' tasks and while the files were written; nothing may be missing."""
        run, done = self._new_run(export), self._results(export, ExportStage.JOIN)
        progress = _summed(export, self._results(export, ExportStage.SHARD))
        files = [one.file for one in done if one.file]
        if find_next(run, done) or not are_whole(run, done, rows=progress.rows or 0):
            return self._failing(UNEQUAL_COUNTS)
        now = int(self.now())
        progress = replace(progress, rows_written=rows_written(run, done))
        return ExportChange(
            to=ExportStatus.COMPLETED,
            at=now,
            ended_at=now,
            files_until=now + self.limits.export_files_s,
            progress=progress,
            files=(*files, write_manifest(run, progress, files)),
        )

    def _begun(self, event: ExportEvent) -> Export | None:
        """The export, processing; None if it has ended."""
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
            progress=Progress(shards=shards),
        )
        begun = self.stores.exports.change(event.tenant_id, event.export_id, change)
        if begun is None:  # a double, or a lost answer, may have made this very change
            begun = self.stores.exports.find(event.tenant_id, event.export_id)
        return begun if begun is not None and begun.status is ExportStatus.PROCESSING else None

    def _run(self, event: ExportEvent) -> ExportRun | None:
        """None where the export is gone or has ended: then there is nothing to do, and nobody to do it for."""
        export = self.stores.exports.find(event.tenant_id, event.export_id)
        return self._new_run(export) if export and export.status is ExportStatus.PROCESSING else None

    def _new_run(self, export: Export) -> ExportRun:
        return ExportRun(
            export=export,
            resource=RESOURCES[export.resource],
            stores=self.stores,
            limits=self.limits,
            now=self.now,
            token=self.new_token(),
        )

    def _put(self, run: ExportRun, stage: ExportStage, task: int, work: Callable[[], ExportResult]) -> None:
        """What no retry can mend is a result too."""
        try:
            result = work()
        except (Refused, Fatal) as error:
            if isinstance(error, NotFound) and run.find_stop():
                return  # the work objects go when the export has ended
            result = ExportResult(stage=stage, task=task, token=run.token, stopped_by=str(error))
        self.stores.exports.put_once(run.export.export_id, result)

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


def _stop_among(results: list[ExportResult]) -> str | None:
    return next((one.stopped_by for one in results if one.stopped_by), None)


def _step(
    event: ExportEvent, route: ExportRoute, *, tasks: tuple[int, ...] = (), stopped_by: str | None = None
) -> ExportStep:
    return ExportStep(
        tenant_id=event.tenant_id, export_id=event.export_id, route=route, tasks=tasks, stopped_by=stopped_by
    )
