"""Exports and their files, schedules of exports and their runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sluice.models.base import Model

ENDED = frozenset({"completed", "failed", "timed_out", "expired", "canceled"})


@dataclass(frozen=True, kw_only=True)
class ExportProgress(Model):
    """How far an export has come."""

    shards_total: int = 0
    shards_done: int = 0
    records_read: int = 0
    records_selected: int = 0
    rows: int | None = None
    """Of each file; None until everything has been read."""
    rows_total: int | None = None
    rows_written: int = 0


@dataclass(frozen=True, kw_only=True)
class ExportFile(Model):
    """One file of an export."""

    format: str
    filename: str = ""
    content_type: str = ""
    rows: int = 0
    size_bytes: int = 0
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExportFields(Model):
    """What an export shows of itself."""

    id: str
    resource: str = ""
    status: str = ""
    reason: str | None = None
    name: str | None = None
    formats: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    since: str | None = None
    progress: ExportProgress = ExportProgress()
    files: tuple[ExportFile, ...] = ()
    snapshot_at: str | None = None
    until: str | None = None
    """The `since` of the next export by changes."""
    expires_at: datetime | None = None
    created_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Returns whether its status is final."""
        return self.status in ENDED


@dataclass(frozen=True, kw_only=True)
class Schedule(Model):
    """Exports again and again."""

    id: str
    name: str | None = None
    schedule: str = ""
    time_zone: str = "UTC"
    export: Mapping[str, Any] = field(default_factory=dict)
    incremental: bool = False
    destination: str | None = None
    paused: bool = False
    next_due_at: datetime | None = None
    last_due_at: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ScheduleRun(Model):
    """What became of one due time."""

    schedule_id: str = ""
    due_at: datetime | None = None
    status: str = ""
    reason: str | None = None
    ended_at: datetime | None = None
    export_id: str | None = None
    full: bool = False
    since: str | None = None
    until: str | None = None
    rows: int | None = None
    missed: int | None = None
