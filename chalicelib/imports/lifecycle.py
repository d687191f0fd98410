"""In what the lifecycle of an import differs from that of an export, and the ends that an import has before its first
row: it has no tasks to wait for then, and nothing to count.
"""

from dataclasses import replace

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, NotFound
from chalicelib.imports.children import release_parent
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.drop_result import write_drop_result
from chalicelib.imports.progress import with_progress
from chalicelib.lifecycle.jobs import JobLifecycle
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import folders_of
from chalicelib.model.retention import DAY_S
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from chalicelib.stores.interfaces import Stores
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
    )
    release_parent(context.stores, import_, reason.status)
    ended = context.stores.imports.change(import_.tenant_id, import_.import_id, change)
    if ended is not None:
        announce_end(context.stores, ended)
    import_queue(context.stores, context.limits, context.clock).release(import_)
    return ended


def announce_end(stores: Stores, ended: Import) -> None:
    """Tells that an import has ended. The result of a dropped file comes first: receivers of the event may look for it
    at once.
    """
    write_drop_result(stores.files, ended)
    publish_now(stores, ended)


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
