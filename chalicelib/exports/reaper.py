"""Exports whose time is over, of every tenant.

queued, processing      → timed_out
completed               → expired: its files are deleted first, so that a round that breaks off is made again
"""

import logging

from chalicelib.access.context import Context
from chalicelib.errors import SluiceError
from chalicelib.exports.service import delete_files
from chalicelib.imports.ending import Reaped
from chalicelib.model.exports import Export, ExportChange, ExportStatus
from chalicelib.webhooks.outbox import tell_of_export

logger = logging.getLogger(__name__)


def reap_exports(context: Context) -> Reaped:
    """One export in trouble does not keep the others waiting."""
    ended = failed = 0
    for tenant_id, export_id in context.stores.exports.each_due(context.clock()):
        try:
            export = context.stores.exports.find(tenant_id, export_id)
            if export is not None and export.due_at is not None:
                _end(context, export)
                ended += 1
        except SluiceError:
            failed += 1
            logger.warning("export %s could not be ended", export_id, exc_info=True)
    return Reaped(ended, failed)


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
        tell_of_export(context.stores, ended)
