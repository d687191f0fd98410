"""What happens at due times: every minute one round fires what is due and goes on with what was fired.

    fire       one conditional write moves the schedule on and says what it fired; then the run is put
    carry on   due → started: the export is requested, under an id made of schedule and due time
               started → completed, failed: the export has ended; its files are delivered

Every step is repeated without harm and none is lost: a round may run twice, at the same time as another, late, or die
anywhere. What has been fired is there until it has ended.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import NotFound, Refused, SluiceError
from chalicelib.exports.service import request_export
from chalicelib.log_keys import add_log_keys, logging_about
from chalicelib.model.exports import Export, ExportFile, ExportStatus
from chalicelib.model.object_keys import delivery_key
from chalicelib.model.schedules import DeliveredFile, RunStatus, Schedule, ScheduleRun
from chalicelib.schedules.due import PreviousRunOpen, find_next_run
from chalicelib.schedules.request import to_export_request
from chalicelib.stores.interfaces import Files

logger = logging.getLogger(__name__)

DELETED = "deleted: the export was deleted before it had been delivered."
EXPIRED = "expired: the files of the export were gone before they had been delivered."


@dataclass(slots=True)
class RunCounts:
    """What one round did."""

    fired: int = 0
    ended: int = 0
    """Runs that failed or were completed."""
    failed: int = 0
    """Of those."""
    troubled: int = 0
    """Schedules and runs that the next round has to try again."""


def run_due_schedules(context: Context) -> RunCounts:
    """Does one round, of `schedule_run_time_s` at most. Errors of a schedule are logged and counted; others go on."""
    counts, until = RunCounts(), context.clock() + context.limits.schedule_run_time_s
    for run in context.stores.schedules.each_open_run(context.clock()):
        _guarded(counts, run, lambda run=run: _carry_on(context, run, counts))  # type: ignore[misc]
        if context.clock() >= until:
            return counts
    for schedule in context.stores.schedules.each_due(context.clock()):
        _guarded(counts, schedule, lambda schedule=schedule: _fire_all(context, schedule, counts))  # type: ignore[misc]
        if context.clock() >= until:
            return counts
    return counts


def _guarded(counts: RunCounts, about: Schedule | ScheduleRun, do: Callable[[], None]) -> None:
    with logging_about({"tenant_id": about.tenant_id, "schedule_id": about.schedule_id}):
        try:
            do()
        except SluiceError:
            counts.troubled += 1
            logger.warning("schedule %s could not be carried on", about.schedule_id, exc_info=True)


def _fire_all(context: Context, schedule: Schedule, counts: RunCounts) -> None:
    """Fires the due times of one schedule, in order, until none is left or one has to wait."""
    current: Schedule | None = schedule
    for _ in range(context.limits.schedule_fires):
        current = current and _fired(context, current, counts)
        if current is None:
            return


def _fired(context: Context, schedule: Schedule, counts: RunCounts) -> Schedule | None:
    """Returns the schedule after its next due time was fired; None if there is nothing (more) to fire."""
    last = context.stores.schedules.put_run(schedule.last_run) if schedule.last_run else None
    try:
        next_run = find_next_run(schedule, last, now=context.clock(), limits=context.limits)
    except PreviousRunOpen:
        return None
    if next_run is None:
        return None
    after = replace(
        schedule,
        next_due_at=next_run.next_due_at,
        is_paused=next_run.next_due_at is None,
        last_run=next_run.run,
        revision=schedule.revision + 1,
    )
    if not context.stores.schedules.replace(after):
        return None  # another round, or the owner, was faster
    counts.fired += 1
    run = context.stores.schedules.put_run(next_run.run)
    if run.is_open:
        _carry_on(context, run, counts)
    return after


def _carry_on(context: Context, run: ScheduleRun, counts: RunCounts) -> None:
    add_log_keys({"export_id": run.export_id})
    if run.status is RunStatus.DUE:
        run = _started(context, run, counts)
    if run.status is RunStatus.STARTED:
        ended = _find_end(context, run)
        if ended is not None:
            _end(context, ended, before=RunStatus.STARTED, counts=counts)


def _started(context: Context, run: ScheduleRun, counts: RunCounts) -> ScheduleRun:
    """Requests the export. What no retry can mend fails the run; the history tells why."""
    caller = Caller(tenant_id=run.tenant_id, key_id=run.schedule_id, scopes=frozenset())
    try:
        request_export(context, caller, to_export_request(run), export_id=run.export_id)
    except Refused as refusal:
        failed = run.failed(str(refusal), context.clock())
        _end(context, failed, before=RunStatus.DUE, counts=counts)
        return failed
    started = run.started()
    context.stores.schedules.change_run(started, before=RunStatus.DUE)
    return started


def _find_end(context: Context, run: ScheduleRun) -> ScheduleRun | None:
    """Returns the run as it ended; None while its export is under way."""
    export = context.stores.exports.find(run.tenant_id, run.export_id)
    if export is None:
        return run.failed(DELETED, context.clock())
    if not export.is_final:
        return None
    if export.status not in (ExportStatus.COMPLETED, ExportStatus.EXPIRED):
        return run.failed(export.reason or export.status.value, context.clock())
    if run.destination is None:
        return _completed(context, run, export)
    return _delivered(context, run, export)


def _delivered(context: Context, run: ScheduleRun, export: Export) -> ScheduleRun:
    if export.status is ExportStatus.EXPIRED:
        return run.failed(EXPIRED, context.clock())
    try:
        delivered = copy_to_destination(context.stores.files, run, export)
    except NotFound:
        return run.failed(DELETED, context.clock())
    return replace(_completed(context, run, export), delivered=delivered)


def _completed(context: Context, run: ScheduleRun, export: Export) -> ScheduleRun:
    return replace(
        run,
        status=RunStatus.COMPLETED,
        ended_at=context.clock(),
        until_ms=export.until_ms if run.since_ms is not None else None,
        rows=export.progress.rows,
    )


def _end(context: Context, ended: ScheduleRun, *, before: RunStatus, counts: RunCounts) -> None:
    if context.stores.schedules.change_run(ended, before=before):
        counts.ended += 1
        counts.failed += ended.status is RunStatus.FAILED


def copy_to_destination(files: Files, run: ScheduleRun, export: Export) -> tuple[DeliveredFile, ...]:
    """Copies the files of an export to where the owner of the schedule wants them, under the same keys however often it
    is done. Raises NotFound where a file is gone.
    """
    return tuple(_copy(files, run, export, file) for file in export.files)


def _copy(files: Files, run: ScheduleRun, export: Export, file: ExportFile) -> DeliveredFile:
    stored = files.find_file(file.key)
    if stored is None:
        raise NotFound("not_found", f"The file {file.filename!r} is gone.")
    suffix = file.filename.removeprefix(export.export_id)
    key = delivery_key(run.tenant_id, run.destination or "", run.schedule_id, run.due_at, suffix)
    files.copy_file(stored, key)
    return DeliveredFile(format=file.format, key=key, rows=file.rows, size_bytes=file.size_bytes, sha256=file.sha256)
