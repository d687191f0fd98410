"""Imports, their phases, stats and rows, and what is suggested before one."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sluice.models.base import JSON_NAME, Model

ENDED = frozenset({"completed", "failed", "timed_out", "expired", "canceled", "reverted"})
"""Statuses that change no more, but to reverted."""


@dataclass(frozen=True, kw_only=True)
class Stats(Model):
    """What became of the rows. All but `overwritten` and `created_references` add up to the total."""

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    overwritten: int = 0
    """Records that an overwrite removed because no row names them."""
    skipped: int = 0
    failed: int = 0
    unprocessed: int = 0
    created_references: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Phase(Model):
    """One of the seven phases of an import."""

    name: str
    status: str = ""
    total: int = 0
    processed: int = 0
    success: int = 0
    error: int = 0
    """Rows that left here, failed or skipped."""
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Finding(Model):
    """Something to be said of the source as a whole."""

    code: str
    field: str | None = None
    value: str | None = None
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Problem(Model):
    """A problem of one row."""

    code: str
    severity: str = "error"
    field: str | None = None
    value: str | None = None
    message: str = ""
    hint: str = ""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Change(Model):
    """The value of a field before and after; None is none."""

    before: Any = field(default=None, metadata={JSON_NAME: "from"})
    after: Any = field(default=None, metadata={JSON_NAME: "to"})


@dataclass(frozen=True, kw_only=True)
class Row(Model):
    """A row of the source, and what became of it."""

    number: int = field(default=0, metadata={JSON_NAME: "row_number"})
    """Counts data rows from 1."""
    line: int = 0
    """Of the file, on which the row begins."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What stood in the row, by header."""
    outcome: str = ""
    record_id: str | None = None
    problems: tuple[Problem, ...] = ()
    shortened: bool = False

    @property
    def changes(self) -> dict[str, Change] | None:
        """Returns what the row changed in its record, by field; None where it did not, or nobody knows."""
        found = self.raw.get("changes")
        return None if found is None else {name: Change.from_json(one) for name, one in found.items()}


@dataclass(frozen=True, kw_only=True)
class Column(Model):
    """A column of the source, and the field that it feeds."""

    header: str = ""
    field: str | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Undo(Model):
    """What the last undo of an import has come to, in records."""

    id: str = ""
    status: str = ""
    reversed: int = 0
    kept: int = 0
    """Changed by others since."""
    failed: int = 0
    unprocessed: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportProgress(Model):
    """How far an import has come. Lists show it as it was reported last."""

    percent: int = 0
    """From 0 to 100; it never falls while the import runs."""
    rows_per_second: int | None = None
    """Of the running phase, in the last minute; None where that is not known."""
    remaining_s: int | None = None
    """How many seconds it is likely to take still; None where that is not known."""


@dataclass(frozen=True, kw_only=True)
class CopiedProfile(Model):
    """An import profile, as it was when an import copied its options."""

    id: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportFields(Model):
    """What an import shows of itself."""

    id: str
    resource: str = ""
    action: str = ""
    status: str = ""
    upload_mode: str = ""
    duplicate_handling: str = ""
    reason: str | None = None
    """Why it did not complete."""
    name: str | None = None
    has_errors_file: bool = False
    column_mapping: Mapping[str, str | None] = field(default_factory=dict)
    """Header by field; None for a field that no column feeds."""
    value_mapping: Mapping[str, Mapping[str, str | bool]] = field(default_factory=dict)
    """By field, what words of the source mean, as it was stated."""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """How the source is to be read, as far as it was stated."""
    profile: CopiedProfile | None = None
    """Whose options it has copied."""
    match_by: tuple[str, ...] = ()
    merge_rules: Mapping[str, str] = field(default_factory=dict)
    create_missing: tuple[str, ...] = ()
    progress: ImportProgress = ImportProgress()
    phases: tuple[Phase, ...] = ()
    stats: Stats = Stats()
    findings: tuple[Finding, ...] = ()
    problems: Mapping[str, int] = field(default_factory=dict)
    """Problems of rows, counted by code."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    created_by: str = ""
    checksum: str | None = None
    is_preview: bool = False
    confirm_until: datetime | None = None
    confirmed_as: str | None = None
    preview_of: str | None = None
    drift: Mapping[str, int] = field(default_factory=dict)
    max_failed: int | str | None = None
    max_deleted: int | str | None = None
    all_or_nothing: bool = False
    columns: tuple[Column, ...] = ()
    """The columns of the source, once it has been read."""
    hold: bool = False
    """Whether it waits, once its file is here, to be let go."""
    held: bool = False
    """Whether its file is here, and it waits to be let go."""
    held_until: datetime | None = None
    retry_of: str | None = None
    retries: tuple[str, ...] = ()
    """The imports that have tried its rows again, the oldest first."""
    mended: int = 0
    """Rows that failed and that retries have mended."""
    undo_of: str | None = None
    undo_until: datetime | None = None
    last_undo: Undo | None = field(default=None, metadata={JSON_NAME: "undo"})
    reverted: bool = False
    upload_url: str | None = field(default=None, repr=False)
    """Where to PUT the file, while the import waits for it."""

    @property
    def has_ended(self) -> bool:
        """Returns whether its status is final."""
        return self.status in ENDED

    @property
    def is_canceled(self) -> bool:
        """Returns whether it was canceled, which PackageX calls failed."""
        return self.status == "canceled" or (self.status == "failed" and self.reason == "canceled")


@dataclass(frozen=True, kw_only=True)
class Candidate(Model):
    """A field that a column may feed."""

    field: str
    label: str = ""
    confidence: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SourceFault(Model):
    """Why a source cannot be read as it is stated."""

    code: str = ""
    message: str = ""
    param: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnknownWord(Model):
    """A word of a column that a field does not know; `value_mapping` says what it means."""

    field: str
    word: str
    rows: int = 0
    """In how many of the first 1,000 rows it stands."""


@dataclass(frozen=True, kw_only=True)
class SeenDates(Model):
    """What the first dates of a column show of the order of day and month."""

    order: str | None = None
    """What they prove, `day_first` or `month_first`; None: nothing, or both."""
    proof: str | None = None
    """A value that can be read in this order only."""
    unclear: str | None = None
    """A value that could be two dates, such as 03/04/2024."""


@dataclass(frozen=True, kw_only=True)
class SourceColumn(Column):
    """A column of a source that is held: the field that it feeds now, and the one that it should."""

    suggested: str | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    unknown_words: tuple[UnknownWord, ...] = ()
    """Those that a field would not know which the column feeds, or may feed."""
    dates: SeenDates | None = None
    """None where it has no dates whose year stands last."""


@dataclass(frozen=True, kw_only=True)
class SourceDescription(Model):
    """What the source of an import looks like, read by the options that the import has now."""

    fault: SourceFault | None = None
    """Why it cannot be read so; all else is empty then."""
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    columns: tuple[SourceColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The first rows, each with its cells in the order of the columns."""
    column_mapping: Mapping[str, str] = field(default_factory=dict)
    """Header by field, as it is suggested."""
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ColumnSuggestion(Model):
    """What is suggested for one column."""

    header: str = ""
    field: str | None = None
    """None: leave the column alone."""
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MappingSuggestion(Model):
    """Which column should feed which field."""

    resource: str = ""
    header_sample: int | None = None
    columns: tuple[ColumnSuggestion, ...] = ()
    column_mapping: Mapping[str, str] = field(default_factory=dict)
    """Header by field, as an import takes it."""
    missing: tuple[str, ...] = ()
    """Fields that a new record needs and no column feeds."""
