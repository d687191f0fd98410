"""An export schedule: what is exported when, and what came of each due time.

A due time becomes a run, stored once. A run holds all that its export needs, so that a later change of its schedule
does not change it: due → started → completed, or failed at any time; missed, for due times that were not made up, is
final from the start.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chalicelib.model.exports import FROM_THE_BEGINNING_MS, ExportSelection
from chalicelib.model.ids import ExportId, ScheduleId, TenantId, derived_id
from chalicelib.model.write_options import Rendering


class RunStatus(StrEnum):
    """Where a run stands."""

    DUE = "due"
    """Its export has not been requested, as far as is known."""
    STARTED = "started"
    COMPLETED = "completed"
    """Its export is completed, and delivered where a destination was given."""
    FAILED = "failed"
    MISSED = "missed"


OPEN = frozenset({RunStatus.DUE, RunStatus.STARTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTemplate:
    """What all exports of a schedule have in common: a checked request."""

    dialect: str
    resource: str
    name: str | None = None
    selection: ExportSelection = field(default_factory=ExportSelection)
    renderings: tuple[Rendering, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredFile:
    """A file at its destination."""

    format: str
    key: str
    rows: int
    size_bytes: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRun:
    """One due time of a schedule, and what came of it."""

    schedule_id: ScheduleId
    tenant_id: TenantId
    due_at: int
    """Epoch seconds, as all times that do not end in `_ms`."""
    template: ExportTemplate
    status: RunStatus = RunStatus.DUE
    destination: str | None = None
    series: int = 1
    """The series of the schedule; windows follow each other within a series only."""
    since_ms: int | None = None
    """Where its window begins; None where the whole is exported every time."""
    fired_at: int = 0
    forgotten_at: int | None = None
    """When the history forgets it."""
    ended_at: int | None = None
    until_ms: int | None = None
    """Where its window ended, if it is completed; the next one begins here."""
    rows: int | None = None
    reason: str | None = None
    """Why it failed."""
    delivered: tuple[DeliveredFile, ...] = ()
    missed: int = 0
    """How many due times this entry stands for, if they were missed."""
    missed_until: int | None = None
    """The last of them."""

    @property
    def export_id(self) -> ExportId:
        """The id of this due time's export, the same however often it is requested."""
        return ExportId(derived_id("exp", self.schedule_id, self.due_at))

    @property
    def is_open(self) -> bool:
        """Whether the run has not ended."""
        return self.status in OPEN

    @property
    def is_full(self) -> bool:
        """Whether it exports everything though its schedule is incremental."""
        return self.since_ms == FROM_THE_BEGINNING_MS

    @property
    def next_since_ms(self) -> int | None:
        """Where the window after this one begins: what was not delivered is still to be exported."""
        if self.since_ms is None or self.until_ms is None:
            return self.since_ms
        return max(self.since_ms, self.until_ms)

    def started(self) -> "ScheduleRun":
        """Returns the run after its export was requested."""
        return replace(self, status=RunStatus.STARTED)

    def failed(self, reason: str, at: int) -> "ScheduleRun":
        """Returns the run after it failed."""
        return replace(self, status=RunStatus.FAILED, reason=reason, ended_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A schedule as it is stored."""

    schedule_id: ScheduleId
    tenant_id: TenantId
    expression: str
    time_zone: str
    template: ExportTemplate
    name: str | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    """The export as it was asked for, to be shown."""
    is_incremental: bool = False
    destination: str | None = None
    is_paused: bool = False
    anchor_at: int = 0
    """From when a rate such as `rate(2 hours)` counts."""
    next_due_at: int | None = None
    """None while it is paused."""
    last_run: ScheduleRun | None = None
    """The latest run that was started, as it was then; its own entry says what became of it."""
    series: int = 1
    """Counts changes of what is exported: a changed export is delivered from the beginning."""
    revision: int = 1
    """Counts writes; each write replaces the revision before it, and no other."""
    created_by: str = ""
    updated_by: str = ""
    created_at: int = 0
    updated_at: int = 0
