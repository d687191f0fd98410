"""An import: what was asked for, where it stands, what has been counted.

Holds the statuses and the counters of phases. Sources: PackageX for the words, `docs/semantics.md` for the rules.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chalicelib.model.columns import SourceColumn
from chalicelib.model.guard_rails import NO_GUARD_RAILS, GuardRails
from chalicelib.model.ids import CopiedProfile, ImportId, TenantId
from chalicelib.model.phases import PUBLIC_PHASES, PhaseName, spec_of
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Outcome


class Status(StrEnum):
    """Where an import stands; `model/status_changes.py` says which status may follow which."""

    REQUESTED = "requested"
    """Created; its source has not arrived."""
    QUEUED = "queued"
    """Its source is here; the state machine has been asked to start it."""
    PROCESSING = "processing"
    CANCELING = "canceling"
    """Cancel was asked for, or the execution died: tasks stop at their next slice, then what they did is counted."""
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"


FINAL = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TIMED_OUT, Status.EXPIRED})


class Action(StrEnum):
    """What a match, or its absence, leads to; `docs/semantics.md` has the table."""

    MERGE = "merge"
    OVERWRITE = "overwrite"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class DuplicateHandling(StrEnum):
    """What becomes of rows that mean the same thing as another row of their source."""

    IGNORE_ALL = "ignore_all"
    """All of them are skipped."""
    USE_FIRST = "use_first"
    """All but the first are skipped."""


class UploadMode(StrEnum):
    """Whether the first phases run inside the request."""

    SYNC = "sync"
    ASYNC = "async"


class PhaseStatus(StrEnum):
    """Where one phase stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Nothing to do for this action, or the import ended before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseProgress:
    """A phase with its counters. Rows, except in cleanup, which counts records."""

    name: PhaseName
    mode: UploadMode
    status: PhaseStatus = PhaseStatus.PENDING
    total: int = 0
    """Rows that entered."""
    processed: int = 0
    success: int = 0
    """Rows that go on."""
    error: int = 0
    """Rows that ended here, failed or skipped."""
    started_at: int | None = None
    ended_at: int | None = None
    tasks: int = 0
    """How many tasks it has, of a rehearsal that is the beginning of processing as many; 0 while that is not known."""
    part_done: float = 0.0
    """What part of it is done while it runs, from 0 to 1, as far as the results and reports of its tasks tell."""
    rows_per_second: int | None = None
    """How many rows were done in each second of the last minute, when somebody asks while it runs."""

    def as_ended(self, status: PhaseStatus, at: int) -> "PhaseProgress":
        """Returns the phase as it is once it has ended: what was estimated on the way is gone."""
        return replace(self, status=status, ended_at=at, part_done=0.0, rows_per_second=None)


def pending_phases(upload_mode: UploadMode) -> tuple[PhaseProgress, ...]:
    """Returns the phases of an import that has not begun; only the first two follow its upload mode (PackageX)."""
    return tuple(
        PhaseProgress(name=one, mode=upload_mode if spec_of(one).follows_upload_mode else UploadMode.ASYNC)
        for one in PUBLIC_PHASES
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The counts of outcomes: total = created + updated + unchanged + deleted + skipped + failed + unprocessed."""

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: int = 0
    failed: int = 0
    unprocessed: int = 0
    overwritten: int = 0
    """Records removed by cleanup; outside the equation, which counts rows."""
    warnings: int = 0
    """Warnings among all problems; a row may have several."""
    created_references: dict[str, int] = field(default_factory=dict)
    """By resource, the records that were made because rows named them; outside the equation."""

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by name: all but those by resource."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "created_references"}

    @property
    def accounted(self) -> int:
        """How many rows have an outcome."""
        return sum(getattr(self, outcome.value) for outcome in Outcome)

    @property
    def written(self) -> int:
        """How many changes of records there were."""
        return self.created + self.updated + self.deleted + self.overwritten

    def __add__(self, other: "Stats") -> "Stats":
        counts: dict[str, Any] = {name: count + getattr(other, name) for name, count in self.counts.items()}
        made = Counter(self.created_references) + Counter(other.created_references)
        return Stats(**counts, created_references=dict(made))

    def with_unprocessed_rest(self) -> "Stats":
        """Returns the stats with all rows that have no outcome counted as unprocessed, so that the equation holds."""
        return replace(self, unprocessed=self.unprocessed + self.total - self.accounted)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSummary:
    """What an undo has come to, in records, as the import shows it that was undone."""

    import_id: ImportId
    """The undo."""
    status: Status = Status.PROCESSING
    reversed: int = 0
    """Brought back, restored or removed, by this undo or an earlier one."""
    kept: int = 0
    """Left as they are, since others have changed them after the import."""
    failed: int = 0
    unprocessed: int = 0

    @classmethod
    def of(cls, import_id: ImportId, status: Status, stats: Stats) -> "UndoSummary":
        """Returns what an undo has come to, by its status and stats."""
        return cls(
            import_id=import_id,
            status=status,
            reversed=stats.created + stats.updated + stats.deleted + stats.unchanged,
            kept=stats.skipped,
            failed=stats.failed,
            unprocessed=stats.unprocessed,
        )

    @property
    def is_whole(self) -> bool:
        """Whether it has reversed everything."""
        return self.reversed > 0 and not (self.kept or self.failed or self.unprocessed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows come from: one version of an object in the bucket, the same for all tasks."""

    key: str
    version_id: str | None = None
    size_bytes: int = 0
    checksum: str = ""
    """The object's entity tag, without quotes."""
    filename: str = ""
    content_type: str = ""
    upload_id: str = ""
    """Of the multipart upload as which it is sent; empty for a file that is sent whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One request to bring data in."""

    import_id: ImportId
    tenant_id: TenantId
    resource: str
    action: Action
    upload_mode: UploadMode
    status: Status = Status.REQUESTED
    duplicate_handling: DuplicateHandling = DuplicateHandling.IGNORE_ALL
    dialect: str = ""
    """Through which dialect it came; all of them show it."""
    reason: str | None = None
    """Why it has its final status; while canceling, why it fails, None where it was canceled on request."""
    name: str | None = None
    location_id: str | None = None
    column_mapping: dict[str, str] = field(default_factory=dict)
    """Header by field name."""
    value_mapping: dict[str, dict[str, str | bool]] = field(default_factory=dict)
    """By field and word of the source, what the word means."""
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    rules: RowRules = field(default_factory=RowRules)
    guard_rails: GuardRails = NO_GUARD_RAILS
    is_preview: bool = False
    """It decides everything, and writes no record: its stats are those of the import that it would be."""
    confirm_until: int | None = None
    """Until when it can be confirmed, if it is a preview that has completed."""
    confirmed_as: ImportId | None = None
    """The import that was made of a preview when it was confirmed."""
    preview_of: ImportId | None = None
    """The preview that it is made of, once that was confirmed."""
    retry_of: ImportId | None = None
    """The import whose rows it tries again."""
    retries: tuple[ImportId, ...] = ()
    """The imports that have tried its rows again, the oldest first."""
    mended: int = 0
    """How many of its rows they have brought to a good end."""
    ids_of: ImportId | None = None
    """The import of whose id the ids of new records are made, where it is no other that is named here."""
    undo_of: ImportId | None = None
    """The import that it undoes."""
    undo_until: int | None = None
    """Until when it can be undone; None where it has changed nothing."""
    undo: UndoSummary | None = None
    """What its last undo has come to."""
    undo_due: bool = False
    """It was to be done as a whole or not at all, and was not done as a whole: its undo is about to begin."""
    reverted_by: ImportId | None = None
    """The undo that has reversed everything that it had changed."""
    busy_with: ImportId | None = None
    """The child that is made of it and has not ended, or itself while it is deleted."""
    strict_since_ms: int | None = None
    """It leaves records alone that have changed since its preview, which began at this time, in epoch milliseconds;
    None where it takes them as they are."""
    drift: dict[str, int] = field(default_factory=dict)
    """How many rows have come to another outcome than the preview told: created>updated."""
    save_upload: bool = True
    hold: bool = False
    """It waits, once its source is here, until it is let go; until then its options may be changed."""
    profile: CopiedProfile | None = None
    """Whose options it has copied."""
    held_until: int | None = None
    """Until when it waits so; set when its source is here."""
    revision: int = 0
    """Counts the changes of an import that is requested: that it is held, and those of its options."""
    source: Source | None = None
    source_until: int | None = None
    """Once it has ended: until when its source is kept that is not to be saved; None where it is saved, or gone."""
    has_upload_file: bool = False
    has_errors_file: bool = False
    phases: tuple[PhaseProgress, ...] = ()
    stats: Stats = field(default_factory=Stats)
    findings: tuple[Problem, ...] = ()
    """Problems of the source as a whole: headers that mean nothing, an encoding that was guessed."""
    columns: tuple[SourceColumn, ...] = ()
    """The columns of the source, or the keys of its JSON rows, `Limits.columns_shown` at most; known when it has been
    read."""
    notes: tuple[Problem, ...] = ()
    """Problems beside those that reading has found, whenever they come: files that were ignored."""
    problem_counts: dict[str, int] = field(default_factory=dict)
    """Problems of rows by code, warnings included; known when the import has ended."""
    canceled_by: str | None = None
    """Who asked for the cancel."""
    canceled_at: int | None = None
    attempt: int = 1
    """Counts redrives; writes of an older attempt are refused."""
    created_by: str = ""
    updated_by: str = ""
    created_at: int = 0
    """Epoch seconds, as all times of an import."""
    updated_at: int = 0
    started_at: int | None = None
    began_ms: int | None = None
    """When it began, in epoch milliseconds: what an overwrite cleans up was there before."""
    ended_at: int | None = None
    queued_at: int | None = None
    """When it was queued; in this order imports wait for slots."""
    upload_expires_at: int | None = None
    """Until when the signed upload URL is good."""
    deadline_at: int | None = None
    """When the import is timed_out; set when it is queued."""
    end_tries: int = 0
    """How often the reaper has begun to end it since its deadline was set."""
    postponed_until: int | None = None
    """When the reaper tries again to end it; None where it has not tried."""
    work: bytes | None = None
    """What one function has done of it by itself, packed; none where that is nothing, or too large for an item."""
    work_key: str = ""
    """The object in which that lies where it is too large; empty where it is not."""
    work_revision: int = 0
    """Counts how often that was kept: who goes on with it finds out where somebody else has, too."""
    unpublished_since: int | None = None
    """When it got its final status, or was held, while the event of that has not been published; None otherwise."""

    @property
    def is_final(self) -> bool:
        """Whether the import has ended."""
        return self.status in FINAL

    @property
    def is_held(self) -> bool:
        """Whether its source is here, and it waits until it is let go."""
        return self.status is Status.REQUESTED and self.held_until is not None

    @property
    def has_kept_work(self) -> bool:
        """Whether tasks of it ran in one function, whose work was kept in one piece."""
        return bool(self.work or self.work_key)

    @property
    def all_findings(self) -> tuple[Problem, ...]:
        """The findings, followed by the notes."""
        return (*self.findings, *self.notes)

    @property
    def due_at(self) -> int | None:
        """When the reaper has to look: at the end of the upload window, or of being held, at the deadline, or when it
        tries again."""
        if self.postponed_until is not None:
            return self.postponed_until
        if self.is_held:
            return self.held_until
        if self.status is Status.REQUESTED or self.deadline_at is None:
            return self.upload_expires_at or self.deadline_at
        return self.deadline_at
