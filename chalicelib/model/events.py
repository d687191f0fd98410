"""Events: what others are told when an import or an export has ended, one event for each final status, and when an
import is held.

The id is derived from what it is about, its attempt and its status, so that an event that is published twice is the
same one. `docs/events.md` has the body.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chalicelib.model.exports import ENDINGS, Export, ExportStatus
from chalicelib.model.ids import ImportId, TenantId, derived_id
from chalicelib.model.imports import FINAL, Import, Stats, Status, UndoSummary

SOURCE = "sluice"
"""The source of all events on the event bus."""
PREVIEWED = "previewed"
"""What is told of a preview that has ended."""
REVERTED = "reverted"
"""What is told of an undo that has ended."""
HELD = "held"
"""What is told of an import whose source is here, and that waits to be let go."""
PING = "webhook.ping"
"""The event that a webhook gets when its owner tests it."""


class JobKind(StrEnum):
    """The types of jobs: what events are about, and what takes slots."""

    IMPORT = "import"
    EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleEvent:
    """The event that one import or export has ended, or that an import is held."""

    kind: JobKind
    job_id: str
    tenant_id: TenantId
    attempt: int
    status: str
    """One of the final statuses; requested where the import is held."""
    at: int
    """When it got that status, or was held, in epoch seconds, as all times here."""
    resource: str
    reason: str | None = None
    name: str | None = None
    stats: Mapping[str, int] = field(default_factory=dict)
    created_at: int = 0
    started_at: int | None = None
    is_preview: bool = False
    """Nothing was written: however it ended, it is told as previewed, and as nothing else."""
    undo_of: str | None = None
    """The import that it undoes: however it ended, it is told as reverted, and as nothing else."""
    is_held: bool = False
    """It has not begun."""

    @property
    def event_id(self) -> str:
        """The id, derived from the kind of job, its id, attempt and what is told of it."""
        return derived_id("evt", self.kind, self.job_id, self.attempt, self._occasion)

    @property
    def event_type(self) -> str:
        """The type for webhooks: import.completed."""
        return f"{self.kind}.{self._occasion}"

    @property
    def detail_type(self) -> str:
        """The type on the event bus: Import completed, Import timed out."""
        return f"{self.kind.capitalize()} {self._occasion.replace('_', ' ')}"

    @property
    def _occasion(self) -> str:
        if self.is_held:
            return HELD
        if self.is_preview:
            return PREVIEWED
        return self.status if self.undo_of is None else REVERTED

    def to_body(self) -> dict[str, Any]:
        """Returns the body that event bus and webhooks get alike."""
        return {
            "event_id": self.event_id,
            "type": self.event_type,
            "object": self.kind.value,
            "id": self.job_id,
            "tenant_id": self.tenant_id,
            "resource": self.resource,
            "name": self.name,
            "attempt": self.attempt,
            "status": self.status,
            "reason": self.reason,
            "stats": dict(self.stats),
            "created_at": self.created_at,
            "started_at": self.started_at,
            "ended_at": None if self.is_held else self.at,
            **(self._undo() if self.undo_of is not None else {}),
        }

    def _undo(self) -> dict[str, Any]:
        stats: dict[str, Any] = dict(self.stats)
        summary = UndoSummary.of(ImportId(self.job_id), Status(self.status), Stats(**stats))
        counts = {name: getattr(summary, name) for name in ("reversed", "kept", "failed", "unprocessed")}
        return {"undo_of": self.undo_of, "undo": counts}


def event_of_import(import_: Import) -> LifecycleEvent:
    """Returns the event of an import that has a final status, or is to be told as held."""
    event = LifecycleEvent(
        kind=JobKind.IMPORT,
        job_id=import_.import_id,
        tenant_id=import_.tenant_id,
        attempt=import_.attempt,
        status=import_.status.value,
        at=import_.ended_at or import_.updated_at,
        resource=import_.resource,
        reason=import_.reason,
        name=import_.name,
        stats=import_.stats.counts,
        is_preview=import_.is_preview,
        undo_of=import_.undo_of,
        created_at=import_.created_at,
        started_at=import_.started_at,
    )
    return event if import_.is_final else _as_held(event, import_.unpublished_since or import_.updated_at)


def _as_held(event: LifecycleEvent, at: int) -> LifecycleEvent:
    """It may have been let go meanwhile, which changes nothing about the event."""
    told = replace(event, status=Status.REQUESTED.value, at=at, stats=Stats().counts, is_held=True)
    return replace(told, reason=None, started_at=None)


def event_of_export(export: Export) -> LifecycleEvent:
    """Returns the event of an export that has ended. One whose files have expired since then was completed, and that is
    its event."""
    status = ExportStatus.COMPLETED if export.status is ExportStatus.EXPIRED else export.status
    return LifecycleEvent(
        kind=JobKind.EXPORT,
        job_id=export.export_id,
        tenant_id=export.tenant_id,
        attempt=1,
        status=status.value,
        at=export.ended_at or export.updated_at,
        resource=export.resource,
        reason=export.reason,
        name=export.name,
        stats={"total": export.progress.rows or 0},
        created_at=export.created_at,
        started_at=export.started_at,
    )


_STATUSES = {JobKind.IMPORT: FINAL, JobKind.EXPORT: ENDINGS}
_ENDINGS = [f"{kind}.{status}" for kind, statuses in _STATUSES.items() for status in statuses]
EVENT_TYPES = tuple(sorted([*_ENDINGS, *(f"{JobKind.IMPORT}.{one}" for one in (PREVIEWED, REVERTED, HELD))]))
"""The types that webhooks may listen to."""
