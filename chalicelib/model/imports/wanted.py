"""What whoever asks for an import may ask: what to do, with what, read how."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.model.changes import MergeStrategy


class Action(StrEnum):
    """What a match, or its absence, leads to; `docs/semantics.md` has the table."""

    MERGE = "merge"
    OVERWRITE = "overwrite"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class DuplicateHandling(StrEnum):
    IGNORE_ALL = "ignore_all"
    USE_FIRST = "use_first"


class UploadMode(StrEnum):
    SYNC = "sync"
    ASYNC = "async"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows come from: one object version, read as it was when the import started."""

    key: str
    version_id: str | None = None
    size_bytes: int = 0
    checksum: str = ""
    """The object's entity tag, without quotes."""
    filename: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """Overrides for what is otherwise detected. None means: detect."""

    format: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    null_marker: str | None = None
    """Text that stands for an explicit null in CSV, TSV and XLSX cells; without one no cell can clear a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRules:
    """How the rows of an import are taken, where dialects differ."""

    strategy: MergeStrategy = MergeStrategy.UPDATE
    """What a match does to the stored record (cStar, mergeStrategy)."""
    matches_any_field: bool = False
    """A row that shares any identity or match field with a record is a duplicate of it, and skipped (Kasar)."""
    refuses_unknown_fields: bool = False
    """A field nobody declared fails the row (Kasar); otherwise it is reported and not read."""
    creates_missing: bool = False
    """A dead reference creates the record it names, where its declaration allows it (Kasar, company_name)."""
