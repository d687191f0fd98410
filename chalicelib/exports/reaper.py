"""Exports whose time is over, of every tenant.

queued, processing      → timed_out
completed               → expired: its files are deleted first, so that a round that breaks off is made again
"""

from functools import partial

from chalicelib.access.context import Context
from chalicelib.exports.service import delete_files
from chalicelib.lifecycle.reaper import Reaped, reap_each
from chalicelib.model.exports import Export, ExportChange, ExportStatus
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.webhooks.outbox import publish_export


def reap_exports(context: Context) -> Reaped:
    """Ends every export that is due, whatever its tenant."""
    return reap_each(context.stores.exports.each_due(context.clock()), partial(_end_due, context))


def _end_due(context: Context, tenant_id: TenantId, export_id: ExportId) -> bool:
    export = context.stores.exports.find(tenant_id, export_id)
    if export is None or export.due_at is None:
        return False
    _end(context, export)
    return True


def _end(context: Context, export: Export) -> None:
    now = context.clock()
    if export.status is ExportStatus.COMPLETED:
        delete_files(context, export)
        change = ExportChange(to=ExportStatus.EXPIRED, at=now)
        context.stores.exports.change(export.tenant_id, export.export_id, change)
        return
    reason = "timed_out: the export was not done in its time."
    change = ExportChange(to=ExportStatus.TIMED_OUT, at=now, reason=reason, ended_at=now)
    ended = context.stores.exports.change(export.tenant_id, export.export_id, change)
    if ended:
        context.stores.export_machine.stop(export, cause="timed_out")
        publish_export(context.stores, ended)
