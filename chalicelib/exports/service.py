"""Asynchronous exports: ask for one, show, list, rename, cancel and delete them.

Whatever belongs to another tenant is not found. What happens between `queued` and the end stands in
`exports/handlers.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import checked_name
from chalicelib.errors import Conflict, NotFound, Retryable, SluiceError
from chalicelib.exports.request import ExportRequest, draft_export
from chalicelib.model.exports import (
    Export,
    ExportChange,
    ExportFile,
    ExportStage,
    ExportStatus,
)
from chalicelib.model.ids import ExportId
from chalicelib.model.object_keys import export_files_folder, export_work_folder
from chalicelib.stores.interfaces import ExportListing
from chalicelib.webhooks.outbox import publish_export

FILTERED_PAGES = 20
"""So many full pages of the newest exports a filter looks through: a bound on what one request may read."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilter:
    """Which exports to list; None means any."""

    resources: frozenset[str] | None = None
    statuses: frozenset[ExportStatus] | None = None


EVERYTHING = ExportFilter()


def request_export(
    context: Context, caller: Caller, wanted: ExportRequest, *, export_id: ExportId | None = None
) -> Export:
    """The export, queued, its machine started.

    Who gives an id derived from whatever makes this export the only one of its kind (`model/ids.py`, `derived_id`) may
    ask again and again: there is one export, made once, even if it has been deleted since; then Conflict
    `export_already_ended`. Where its machine did not get going it stays queued, to be asked for again. Raises Refused
    for what `draft_export` refuses, before anything is written.
    """
    drafted = draft_export(context, caller, wanted, export_id or ExportId(context.new_id("exp")))
    context.begin_work()
    if not context.stores.exports.add(drafted):
        return _again(context, drafted)
    if export_id is not None:
        context.stores.export_machine.start(drafted)
        return drafted
    return _started(context, drafted)


def to_export_id(text: str) -> ExportId:
    """An id as a caller gives it. Raises NotFound for what can be none, before any store is asked."""
    if not _ID.fullmatch(text):
        raise _not_found(text)
    return ExportId(text)


def get_export(context: Context, caller: Caller, export_id: ExportId) -> Export:
    """With its progress so far. Raises NotFound `export_not_found`."""
    export = context.stores.exports.find(caller.tenant_id, export_id)
    if export is None:
        raise _not_found(export_id)
    return _with_progress(context, export)


def list_exports(
    context: Context, caller: Caller, chosen: ExportFilter = EVERYTHING, *, page: int, per_page: int
) -> ExportListing:
    """Newest first, `page` from 1. A filter by status looks at the newest `FILTERED_PAGES` pages only, and `total` then
    counts what was found there.
    """
    if chosen.statuses is None:
        return context.stores.exports.list_page(
            caller.tenant_id, page=page, per_page=per_page, resources=chosen.resources
        )
    recent = _each_recent(context, caller, chosen.resources)
    found = {one.export_id: one for one in recent if one.status in chosen.statuses}
    start = (page - 1) * per_page
    return ExportListing(exports=tuple(found.values())[start : start + per_page], total=len(found))


def rename(context: Context, caller: Caller, export_id: ExportId, name: str | None) -> Export:
    """None takes the name away."""
    checked_name(name)
    context.begin_work()
    context.stores.exports.rename(caller.tenant_id, export_id, name, by=caller.key_id, at=context.clock())
    return get_export(context, caller, export_id)


def cancel(context: Context, caller: Caller, export_id: ExportId) -> Export:
    """Canceled at once; what its tasks still write, nobody is led to. Asking again changes nothing. Raises Conflict
    `export_already_ended`.
    """
    context.begin_work()
    now = context.clock()
    change = ExportChange(to=ExportStatus.CANCELED, at=now, by=caller.key_id, reason="canceled", ended_at=now)
    canceled = context.stores.exports.change(caller.tenant_id, export_id, change)
    export = canceled or get_export(context, caller, export_id)
    if export.status is not ExportStatus.CANCELED:
        raise Conflict("export_already_ended", f"The export has ended already: {export.status.value}.")
    context.stores.export_machine.stop(export, cause="canceled")
    publish_export(context.stores, export)
    return export


def delete(context: Context, caller: Caller, export_id: ExportId) -> None:
    """Removes the export and every file of it. Files go first: broken off half way, asking again ends it.

    Raises Conflict `export_not_ended` for one that is under way, Retryable while nobody could be told of its end.
    """
    export = get_export(context, caller, export_id)
    if export.is_under_way:
        raise Conflict("export_not_ended", f"The export is still {export.status.value}; cancel it first.")
    if not publish_export(context.stores, export):
        raise Retryable("the end of the export is still to be announced")
    delete_files(context, export)
    context.stores.exports.delete(caller.tenant_id, export_id)


def delete_files(context: Context, export: Export) -> None:
    for folder in (export_work_folder, export_files_folder):
        context.stores.files.delete_files(folder(export.tenant_id, export.export_id))


def find_link(context: Context, export: Export, format_: str) -> str | None:
    """A signed GET, good no longer than the file lives; None if there is no such file (yet, or any more)."""
    file = next((one for one in export.files if one.format == format_), None)
    remaining_s = (export.files_until or 0) - context.clock()
    if file is None or export.status is not ExportStatus.COMPLETED or remaining_s <= 0:
        return None
    return _link(context, file, min(remaining_s, context.limits.download_window_s))


def _link(context: Context, file: ExportFile, expires_s: int) -> str:
    return context.stores.files.download_url(file.key, expires_s=expires_s, filename=file.filename)


def _again(context: Context, drafted: Export) -> Export:
    """The export that is there already; whoever asked first may have died before its machine was started."""
    stored = context.stores.exports.find(drafted.tenant_id, drafted.export_id)
    if stored is None:
        raise Conflict("export_already_ended", "The export was made before and has been deleted since.")
    if stored.status is ExportStatus.QUEUED:
        context.stores.export_machine.start(stored)
    return stored


def _started(context: Context, export: Export) -> Export:
    """An export whose machine did not get going is not left waiting for its deadline."""
    try:
        context.stores.export_machine.start(export)
    except SluiceError:
        now = context.clock()
        reason = "not_started: the export could not be started."
        change = ExportChange(to=ExportStatus.FAILED, at=now, reason=reason, ended_at=now)
        failed = context.stores.exports.change(export.tenant_id, export.export_id, change)
        if failed:
            publish_export(context.stores, failed)
        raise
    return export


def _with_progress(context: Context, export: Export) -> Export:
    """While shards are read, what their tasks have reported so far."""
    if export.status is not ExportStatus.PROCESSING or export.progress.rows is not None:
        return export
    done = context.stores.exports.list_results(export.export_id, ExportStage.SHARD)
    progress = replace(
        export.progress,
        shards_done=len(done),
        records_read=sum(one.records_read for one in done),
        records_selected=sum(one.records_selected for one in done),
    )
    return replace(export, progress=progress)


def _each_recent(context: Context, caller: Caller, resources: frozenset[str] | None) -> Iterator[Export]:
    per_page = context.limits.list_page
    for page in range(1, FILTERED_PAGES + 1):
        listing = context.stores.exports.list_page(caller.tenant_id, page=page, per_page=per_page, resources=resources)
        yield from listing.exports
        if page * per_page >= listing.total:
            return


def _not_found(export_id: str) -> NotFound:
    return NotFound("export_not_found", f"There is no export {export_id[:64]!r}.")
