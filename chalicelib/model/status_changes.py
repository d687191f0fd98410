"""How imports and exports get from one status to the next.

A change names the new status and what is written beside it. Stores perform it as one conditional update, which succeeds
only if the stored status is one of `predecessors`; so of two changes that exclude each other only one is made.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from chalicelib.model.columns import SourceColumn
from chalicelib.model.exports import ENDINGS, UNDER_WAY, Export, ExportFile, ExportStatus, Progress
from chalicelib.model.imports import FINAL, Import, PhaseProgress, Source, Stats, Status
from chalicelib.model.problems import Problem

IMPORT_PREDECESSORS = {
    Status.REQUESTED: frozenset[Status](),
    Status.QUEUED: frozenset({Status.REQUESTED}),
    Status.PROCESSING: frozenset({Status.QUEUED}),
    Status.CANCELING: frozenset({Status.REQUESTED, Status.QUEUED, Status.PROCESSING}),
    Status.COMPLETED: frozenset({Status.PROCESSING}),
    Status.FAILED: frozenset({Status.REQUESTED, Status.QUEUED, Status.PROCESSING, Status.CANCELING}),
    Status.CANCELED: frozenset({Status.CANCELING}),
    Status.TIMED_OUT: frozenset({Status.QUEUED, Status.PROCESSING}),
    Status.EXPIRED: frozenset({Status.REQUESTED}),
}
"""From which statuses an import may reach each status."""

EXPORT_PREDECESSORS = {
    ExportStatus.QUEUED: frozenset[ExportStatus](),
    ExportStatus.PROCESSING: frozenset({ExportStatus.QUEUED}),
    ExportStatus.COMPLETED: frozenset({ExportStatus.PROCESSING}),
    ExportStatus.FAILED: UNDER_WAY,
    ExportStatus.CANCELED: UNDER_WAY,
    ExportStatus.TIMED_OUT: UNDER_WAY,
    ExportStatus.EXPIRED: frozenset({ExportStatus.COMPLETED}),
}
"""From which statuses an export may reach each status."""

_NOT_WRITTEN_AS_NAMED = frozenset({"to", "at", "by", "attempt", "is_watched"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChange:
    """A step of an import from one status to the next, with what is written beside it. None leaves a field as it is."""

    to: Status
    at: int
    """When, in epoch seconds, as all times that do not end in `_ms`."""
    by: str | None = None
    attempt: int | None = None
    """Refused unless the stored attempt is this one; None where any attempt may be meant, as in a cancel."""
    is_watched: bool = False
    """Whether the import is watched from this step on: then the reaper starts it, should its caller die before."""
    reason: str | None = None
    source: Source | None = None
    source_until: int | None = None
    started_at: int | None = None
    began_ms: int | None = None
    ended_at: int | None = None
    deadline_at: int | None = None
    canceled_by: str | None = None
    canceled_at: int | None = None
    phases: tuple[PhaseProgress, ...] | None = None
    stats: Stats | None = None
    findings: tuple[Problem, ...] | None = None
    columns: tuple[SourceColumn, ...] | None = None
    problem_counts: dict[str, int] | None = None
    has_upload_file: bool | None = None
    has_errors_file: bool | None = None
    confirm_until: int | None = None
    undo_until: int | None = None
    undo_due: bool | None = None
    drift: dict[str, int] | None = None
    work: bytes | None = None
    work_key: str | None = None

    @property
    def predecessors(self) -> frozenset[Status]:
        """The statuses from which this step is allowed."""
        return IMPORT_PREDECESSORS[self.to]

    def values(self) -> dict[str, Any]:
        """Returns what is written, by field of `Import`."""
        queued = {"queued_at": self.at} if self.to is Status.QUEUED else {}
        return _written(self, is_ending=self.to in FINAL, is_due_anew=self.deadline_at is not None) | queued

    def applied_to(self, import_: Import) -> Import | None:
        """Returns the import afterwards; None where the step is not allowed."""
        is_attempt_meant = self.attempt in (None, import_.attempt)
        is_allowed = is_attempt_meant and import_.status in self.predecessors
        return replace(import_, **self.values()) if is_allowed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChange:
    """A step of an export from one status to the next, with what is written beside it. None leaves a field as it is."""

    to: ExportStatus
    at: int
    """When, in epoch seconds, as all times that do not end in `_ms`."""
    by: str | None = None
    reason: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    snapshot_ms: int | None = None
    until_ms: int | None = None
    deadline_at: int | None = None
    files_until: int | None = None
    progress: Progress | None = None
    files: tuple[ExportFile, ...] | None = None

    @property
    def predecessors(self) -> frozenset[ExportStatus]:
        """The statuses from which this step is allowed."""
        return EXPORT_PREDECESSORS[self.to]

    def values(self) -> dict[str, Any]:
        """Returns what is written, by field of `Export`."""
        is_due_anew = self.deadline_at is not None or self.files_until is not None
        return _written(self, is_ending=self.to in ENDINGS, is_due_anew=is_due_anew)

    def applied_to(self, export: Export) -> Export | None:
        """Returns the export afterwards; None where the step is not allowed."""
        return replace(export, **self.values()) if export.status in self.predecessors else None


def _written(change: ImportChange | ExportChange, *, is_ending: bool, is_due_anew: bool) -> dict[str, Any]:
    """What both have in common. An ending is to be published to others, which has not happened yet. Where a time is set
    at which it becomes due, the tries to end it before that count no more."""
    beside = {one.name: getattr(change, one.name) for one in fields(change) if one.name not in _NOT_WRITTEN_AS_NAMED}
    given = {name: value for name, value in beside.items() if value is not None}
    by = {"updated_by": change.by} if change.by else {}
    unpublished = {"unpublished_since": change.at} if is_ending else {}
    untried = {"end_tries": 0, "postponed_until": None} if is_due_anew else {}
    return {"status": change.to, "updated_at": change.at, **given, **by, **unpublished, **untried}
