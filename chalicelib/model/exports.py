"""An export: which records were asked for, in which formats, where it stands, and the files it left.

Statuses bear the words of imports; `model/status_changes.py` says which may follow which. What the tasks report is an
`ExportResult`, written once each.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.model.filters import EVERYTHING, Filter
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.stop_reasons import StopReason
from chalicelib.model.write_options import Rendering


class ExportStatus(StrEnum):
    """Where an export stands; `model/status_changes.py` says which status may follow which."""

    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"
    """It was completed, and its files have been deleted since."""


FROM_THE_BEGINNING_MS = 0
"""The time since which everything has changed: where the first of a chain of incremental exports begins. It has no
deletions to report."""

UNDER_WAY = frozenset({ExportStatus.QUEUED, ExportStatus.PROCESSING})
ENDINGS = frozenset(ExportStatus) - UNDER_WAY - {ExportStatus.EXPIRED}
"""The statuses that are published as events. `expired` is none of them, since the event of the end says how long the
files live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSelection:
    """Which records are exported, in which order, and which of their fields."""

    filter: Filter = EVERYTHING
    fields: tuple[str, ...] = ()
    """The columns, in order."""
    order_by: str | None = None
    """The field to sort by; None for the order in which the store keeps records, which is the same every time."""
    is_descending: bool = False
    limit: int | None = None
    """How many records at most, after sorting; None for all of them."""
    since_ms: int | None = None
    """Only records that changed at or after this time are exported, deletions included; epoch milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """A part of a file, stored as one object: the consecutive bytes that one task wrote before its time was over."""

    key: str
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """One file, as the caller may fetch it."""

    format: str
    """What `include_…` asks for: a format, `csv_sanitized` or `manifest`."""
    key: str
    filename: str
    content_type: str
    rows: int
    size_bytes: int
    parts: tuple[FilePart, ...]
    """What the file consists of, in order; one, unless writing took longer than a function may."""

    @property
    def sha256(self) -> str | None:
        """The checksum of the whole file; None if there are several parts, each with its own."""
        return self.parts[0].sha256 if len(self.parts) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an export has come."""

    shards: int = 0
    shards_done: int = 0
    records_read: int = 0
    records_selected: int = 0
    """How many of the records that were read are exported."""
    rows: int | None = None
    """Rows of each file; None until every shard has been read."""
    rows_total: int | None = None
    """Rows of all files together."""
    rows_written: int = 0
    """How many of `rows_total` have been written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One request to bring data out."""

    export_id: ExportId
    tenant_id: TenantId
    resource: str
    status: ExportStatus = ExportStatus.QUEUED
    dialect: str = ""
    """The dialect through which it was asked for; every dialect lists it."""
    name: str | None = None
    selection: ExportSelection = field(default_factory=ExportSelection)
    renderings: tuple[Rendering, ...] = ()
    """How each of its files is written; no two have the same format."""
    options: dict[str, Any] = field(default_factory=dict)
    """The options as the caller gave them, to be returned as they were."""
    reason: str | None = None
    """Why it has its final status."""
    progress: Progress = field(default_factory=Progress)
    files: tuple[ExportFile, ...] = ()
    created_by: str = ""
    updated_by: str = ""
    created_at: int = 0
    """Epoch seconds, as all times of an export that do not end in `_ms`."""
    updated_at: int = 0
    started_at: int | None = None
    ended_at: int | None = None
    snapshot_ms: int | None = None
    """When reading began: records created later are left out."""
    until_ms: int | None = None
    """Every change before this time is in the file; the next incremental export begins here."""
    deadline_at: int | None = None
    """When the export is timed_out."""
    files_until: int | None = None
    """Until when its files can be fetched; set when it is completed. The export itself is kept."""
    end_tries: int = 0
    """How often the reaper has begun to end it, or to delete its files."""
    postponed_until: int | None = None
    """When the reaper tries that again; None where it has not tried."""
    unpublished_since: int | None = None
    """When it ended, while the event has not been published; None before and after."""

    @property
    def is_final(self) -> bool:
        """Whether the export has ended."""
        return self.status not in UNDER_WAY

    @property
    def due_at(self) -> int | None:
        """When the reaper has to look: at the deadline, later at the end of the files' life, and again where it has
        tried before; then never again."""
        if self.is_final and self.status is not ExportStatus.COMPLETED:
            return None
        if self.postponed_until is not None:
            return self.postponed_until
        return self.files_until if self.is_final else self.deadline_at


class ExportStage(StrEnum):
    """What tasks report on."""

    SHARD = "shard"
    """Reading one shard of the record store."""
    JOIN = "join"
    """Writing the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardFile:
    """A work object with the selected records of one shard."""

    key: str
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What one task did; the first result stands, those of doubled and late attempts are dropped."""

    stage: ExportStage
    task: int
    attempt_id: str
    """The task attempt that wrote the objects."""
    records_read: int = 0
    records_selected: int = 0
    shard_files: tuple[ShardFile, ...] = ()
    flat_columns: tuple[str, ...] = ()
    """The columns that lists and maps need, where they are to be flattened."""
    rows: int = 0
    """How many rows the shard files hold, or the file part."""
    lines: int = 0
    """How many lines of shard files were read for the file part."""
    file_number: int = 0
    """The index of the file, among those of the export, that the part belongs to."""
    file_part: FilePart | None = None
    disarmed: int = 0
    """Rows of the file part in which formulas were disarmed."""
    offsets: tuple[int, ...] = ()
    """How far each shard file has been read, in bytes."""
    file: ExportFile | None = None
    """The whole file, with its last part."""
    stopped_by: StopReason | None = None
    """Why the task ended early: the export ended, its time was over, or something that no retry can mend."""
