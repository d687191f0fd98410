"""Exports whose time is over, or whose execution died, of every tenant.

queued, processing      → timed_out, or failed where the execution died
completed               → expired: its files are deleted first, so that a run that breaks off is made again

A module of its own next to `imports/reaper.py`: `maintenance.py` calls both, and an export does not know imports.
"""

from functools import partial

from chalicelib.access.context import Context
from chalicelib.exports.concurrency import export_queue
from chalicelib.exports.lifecycle import EXPORTS
from chalicelib.lifecycle.reaper import Reaped, Run, reap_due
from chalicelib.lifecycle.watch import Remedies, look_after
from chalicelib.model.events import JobKind
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.object_keys import export_work_folder
from chalicelib.model.status_changes import ExportChange
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.stores.interfaces import ExecutionStatus


def reap_exports(run: Run) -> Reaped:
    """Ends every export that is due, of all tenants."""
    return reap_due(run, JobKind.EXPORT, run.context.stores.exports, partial(_end, run.context))


def look_after_exports(run: Run) -> Reaped:
    """Ends exports whose execution died, and starts those that have none."""
    queue = export_queue(run.context.stores, run.context.limits, run.context.clock)
    return look_after(run, EXPORTS, Remedies(queue.start_or_enqueue, partial(_end_dead, run.context)))


def recover_export_slots(run: Run) -> Reaped:
    """Gives back slots that a crash has kept, and starts exports for which one is free."""
    queue = export_queue(run.context.stores, run.context.limits, run.context.clock)
    return Reaped(failed=queue.recover())


def _end(context: Context, export: Export) -> bool:
    """Returns False for an export about which nothing is due any more. Files are deleted however many tries it takes;
    what else there is to do is a change of the status."""
    now = context.clock()
    if export.due_at is None:
        return False
    if export.status is ExportStatus.COMPLETED:
        EXPORTS.delete_files(context.stores, export)
        EXPORTS.change_status(context.stores, export, ExportChange(to=ExportStatus.EXPIRED, at=now))
        return True
    reason = "timed_out: the export was not done in its time."
    change = ExportChange(to=ExportStatus.TIMED_OUT, at=now, reason=reason, ended_at=now)
    if EXPORTS.change_status(context.stores, export, change):
        context.stores.export_executions.stop(export, cause="timed_out")
    export_queue(context.stores, context.limits, context.clock).release(export)
    return True


def _end_dead(context: Context, export: Export, status: ExecutionStatus) -> bool:
    now, reason = context.clock(), StopReason(StopCode.INTERNAL_ERROR, f"the export's execution ended as {status}")
    change = ExportChange(to=ExportStatus.FAILED, at=now, reason=reason.text, ended_at=now)
    ended = EXPORTS.change_status(context.stores, export, change)
    export_queue(context.stores, context.limits, context.clock).release(export)
    context.stores.files.delete_files(export_work_folder(export.tenant_id, export.export_id))
    return ended is not None
