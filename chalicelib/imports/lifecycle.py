"""In what the lifecycle of an import differs from that of an export, and the ends that an import has before its first
row: it has no tasks to wait for then, and nothing to count.

The source of an import whose caller does not want it saved goes once nothing can be made of the import any more:

    a preview that can be confirmed  → at the end of that time; with the import that confirms it, where there is one
    what broke off and can go on     → at the end of that time
    any other                        → when it ends

Until when is written down together with the final status, so that the reaper deletes whatever a crash has left.
"""

from dataclasses import replace

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, NotFound
from chalicelib.imports.children import release_parent
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.drop_result import write_drop_result
from chalicelib.imports.progress import with_progress
from chalicelib.lifecycle.jobs import JobLifecycle
from chalicelib.model.children import can_be_confirmed, can_be_redriven
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import find_owner, folders_of
from chalicelib.model.retention import DAY_S
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from chalicelib.stores.interfaces import StoredFile, Stores
from chalicelib.webhooks.outbox import publish_now

IMPORTS: JobLifecycle[Import, ImportId, ImportChange] = JobLifecycle(
    noun="import",
    store=lambda stores: stores.imports,
    executions=lambda stores: stores.import_executions,
    id_of=lambda import_: import_.import_id,
    folders_of=folders_of,
    with_progress=with_progress,
    not_found=lambda message: NotFound("import_not_found", message),
    already_ended=lambda message: Conflict("already_ended", message),
    not_ended=lambda message: Conflict("not_ended", message),
)


def end_unbegun(context: Context, import_: Import, reason: EndReason, *, source: Source | None = None) -> Import | None:
    """Gives an import that has not begun its final status, and its slot to the next; returns the import. Returns None,
    and changes nothing, if its status does not allow that any more. `source` is the file on whose account it ends, if
    there is one.
    """
    now = context.clock()
    change = ImportChange(
        to=reason.status,
        at=now,
        reason=reason.text,
        ended_at=now,
        phases=skip_pending(import_.phases),
        source=source,
        source_until=source_until(context.limits, replace(import_, source=source or import_.source), reason, now),
    )
    release_parent(context.stores, import_, reason.status)
    ended = context.stores.imports.change(import_.tenant_id, import_.import_id, change)
    if ended is not None:
        announce_end(context.stores, ended)
    import_queue(context.stores, context.limits, context.clock).release(import_)
    return ended


def announce_end(stores: Stores, ended: Import) -> None:
    """Tells that an import has ended, and deletes its source where that is not to be kept. The result of a dropped file
    comes first: receivers of the event may look for it at once.
    """
    write_drop_result(stores.files, ended)
    publish_now(stores, ended)
    if ended.source_until is not None and ended.source_until == ended.ended_at:
        delete_source(stores, ended)


def source_until(limits: Limits, import_: Import, reason: EndReason, now: int) -> int | None:
    """Returns until when the source of an import is kept that ends now, for this reason; None for one without a source,
    and where it is saved. Files that were dropped belong to whoever dropped them.
    """
    source = import_.source
    if import_.save_upload or source is None or source.version_id is None or find_owner(source.key) is None:
        return None
    ended = replace(import_, status=reason.status, reason=reason.text)
    days = limits.confirm_days if can_be_confirmed(ended) else limits.redrive_days if can_be_redriven(ended) else 0
    return now + days * DAY_S + limits.child_start_s if days else now


def delete_source(stores: Stores, import_: Import) -> None:
    """Deletes the version of its source that an import has read, and notes that."""
    source = import_.source
    assert source is not None, "what is kept is there"
    version = StoredFile(
        key=source.key, size_bytes=source.size_bytes, version_id=source.version_id, checksum=source.checksum
    )
    stores.files.delete_versions([version])
    stores.imports.forget_source(import_)


def close_phase(phase: PhaseProgress, to: Status, now: int) -> PhaseProgress:
    """Returns a phase as it is when its import ends with the status `to`: one that never began is skipped, one that was
    running is completed or failed.
    """
    if phase.status is PhaseStatus.PENDING:
        return replace(phase, status=PhaseStatus.SKIPPED)
    if phase.status is PhaseStatus.PROCESSING:
        return phase.as_ended(PhaseStatus.COMPLETED if to is Status.COMPLETED else PhaseStatus.FAILED, now)
    return phase


def undo_until(limits: Limits, import_: Import, now: int) -> int | None:
    """Returns until when an import can be undone that has changed records and ends now; None for one that cannot be."""
    can_be = limits.undo_days and not import_.is_preview
    return now + limits.undo_days * DAY_S if can_be else None


def skip_pending(phases: tuple[PhaseProgress, ...]) -> tuple[PhaseProgress, ...]:
    """Returns the phases with those skipped that are pending: they will never run."""
    return tuple(
        replace(phase, status=PhaseStatus.SKIPPED) if phase.status is PhaseStatus.PENDING else phase for phase in phases
    )
