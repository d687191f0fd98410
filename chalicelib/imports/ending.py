"""Endings that need no finaliser: an import that has not begun has no rows to count and no tasks to wait for."""

from dataclasses import replace

from chalicelib.access.context import Context
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Source, Status, StatusChange
from chalicelib.webhooks.outbox import publish_import


def end_unbegun(
    context: Context, import_: Import, to: Status, reason: str, *, source: Source | None = None
) -> Import | None:
    """The import with its final status; None, and nothing changed, if its status does not allow it any more. `source`
    is the file that it is ended for, if there is one."""
    now = context.clock()
    change = StatusChange(
        to=to, at=now, reason=reason, ended_at=now, phases=skip_pending(import_.phases), source=source
    )
    ended = context.stores.imports.change(import_.tenant_id, import_.import_id, change)
    if ended is not None:
        publish_import(context.stores, ended)
    return ended


def skip_pending(phases: tuple[PhaseProgress, ...]) -> tuple[PhaseProgress, ...]:
    """Phases that will never run are skipped, not pending."""
    return tuple(
        replace(phase, status=PhaseStatus.SKIPPED) if phase.status is PhaseStatus.PENDING else phase for phase in phases
    )
