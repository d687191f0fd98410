"""Exports whose time is over, of every tenant.

queued, processing      → timed_out
completed               → expired: its files are deleted first, so that a round that breaks off is made again

A module of its own next to `imports/reaper.py`: `maintenance.py` calls both, and an export does not know imports.
"""

from functools import partial

from chalicelib.access.context import Context
from chalicelib.exports.concurrency import export_queue
from chalicelib.exports.lifecycle import EXPORTS
from chalicelib.lifecycle.reaper import Reaped, reap_due
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.status_changes import ExportChange


def reap_exports(context: Context) -> Reaped:
    """Ends every export that is due, of all tenants, and starts those for which a slot is free."""
    reaped = reap_due(context.stores.exports, context.clock(), partial(_end, context))
    export_queue(context.stores, context.limits, context.clock).recover()
    return reaped


def _end(context: Context, export: Export) -> bool:
    """Returns False for an export about which nothing is due any more."""
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
