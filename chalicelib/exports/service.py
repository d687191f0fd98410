"""Asynchronous exports: ask for one, show, list, rename, cancel and delete them.

What belongs to another tenant is not found. What happens between `queued` and the end stands in
`exports/handlers.py`.
"""

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, SluiceError
from chalicelib.exports.concurrency import export_queue
from chalicelib.exports.lifecycle import EXPORTS
from chalicelib.exports.request import ExportRequest, draft_export
from chalicelib.lifecycle.concurrency import JobQueue
from chalicelib.log_keys import add_log_keys
from chalicelib.model.exports import Export, ExportFile, ExportStatus
from chalicelib.model.ids import ExportId
from chalicelib.model.list_filters import EVERY_EXPORT, ExportFilter
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.interfaces import Listing
from chalicelib.webhooks.outbox import publish_now


def request_export(
    context: Context, caller: Caller, wanted: ExportRequest, *, export_id: ExportId | None = None
) -> Export:
    """Stores an export, starts its execution or lets it wait for a slot, and returns it, queued.

    With an id derived from what makes this export unique (`derived_id`), it may be asked for again: there is one
    export, made once, even if it has been deleted since; then Conflict `export_already_ended`. If its execution cannot
    be started it stays queued, to be asked for again. Raises Refused for what `draft_export` refuses, before anything
    is written.
    """
    drafted = draft_export(context, caller, wanted, export_id or ExportId(context.new_id("exp")))
    context.begin_work()
    add_log_keys({"export_id": drafted.export_id})
    if not context.stores.exports.add(drafted):
        return _again(context, drafted)
    if export_id is not None:
        _queue(context).start_or_enqueue(drafted)
        return drafted
    return _started(context, drafted)


def to_export_id(text: str) -> ExportId:
    """Returns the id that a caller gives as text. Raises NotFound for a text that cannot be an id."""
    return ExportId(EXPORTS.check_id(text))


def get_export(context: Context, caller: Caller, export_id: ExportId) -> Export:
    """Returns the export with its progress so far. Raises NotFound `export_not_found`."""
    return EXPORTS.get(context, caller, export_id)


def list_exports(
    context: Context, caller: Caller, selection: ExportFilter = EVERY_EXPORT, *, page: int, per_page: int
) -> Listing[Export]:
    """Returns a page of exports, newest first, `page` from 1, and how many there are on all pages."""
    return context.stores.exports.list_page(caller.tenant_id, selection, page=page, per_page=per_page)


def rename(context: Context, caller: Caller, export_id: ExportId, name: str | None) -> Export:
    """Gives the export another name, or none for None. Raises NotFound, Refused `invalid_parameter`."""
    return EXPORTS.rename(context, caller, export_id, name)


def cancel(context: Context, caller: Caller, export_id: ExportId) -> Export:
    """Cancels the export at once; files that its tasks still write are never listed. Asking again changes nothing.
    Raises Conflict `export_already_ended`, NotFound.
    """
    now = context.clock()
    change = ExportChange(to=ExportStatus.CANCELED, at=now, by=caller.key_id, reason="canceled", ended_at=now)
    export = EXPORTS.cancel(context, caller, export_id, change)
    context.stores.export_executions.stop(export, cause="canceled")
    publish_now(context.stores, export)
    _queue(context).release(export)
    return export


def delete(context: Context, caller: Caller, export_id: ExportId) -> None:
    """Removes the export and every file of it. Raises Conflict `export_not_ended` for one that is under way, NotFound,
    and Retryable while its last event cannot be published.
    """
    EXPORTS.delete(context, caller, export_id)


def find_link(context: Context, export: Export, format_: str) -> str | None:
    """Returns a signed GET that ends no later than the file does; None if there is no such file (yet, or any more)."""
    file = next((one for one in export.files if one.format == format_), None)
    remaining_s = (export.files_until or 0) - context.clock()
    if file is None or export.status is not ExportStatus.COMPLETED or remaining_s <= 0:
        return None
    return _link(context, file, min(remaining_s, context.limits.download_window_s))


def _link(context: Context, file: ExportFile, expires_s: int) -> str:
    return context.stores.files.download_url(file.key, expires_s=expires_s, filename=file.filename)


def _again(context: Context, drafted: Export) -> Export:
    """Returns the export that is there already. The process that stored it may have died before it started the
    execution.
    """
    stored = context.stores.exports.find(drafted.tenant_id, drafted.export_id)
    if stored is None:
        raise Conflict("export_already_ended", "The export was made before and has been deleted since.")
    if stored.status is ExportStatus.QUEUED:
        _queue(context).start_or_enqueue(stored)
    return stored


def _queue(context: Context) -> JobQueue[Export, ExportId]:
    return export_queue(context.stores, context.limits, context.clock)


def _started(context: Context, export: Export) -> Export:
    """Fails an export whose execution cannot be started, so that it does not wait for its deadline."""
    try:
        _queue(context).start_or_enqueue(export)
    except SluiceError:
        now = context.clock()
        reason = "not_started: the export could not be started."
        change = ExportChange(to=ExportStatus.FAILED, at=now, reason=reason, ended_at=now)
        EXPORTS.change_status(context.stores, export, change)
        _queue(context).release(export)
        raise
    return export
