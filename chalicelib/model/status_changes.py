"""What is decided for one row before anything is written: a decision can be printed, tested and performed twice."""

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.model.problems import Problem
from chalicelib.model.rows import Fields


class MergeStrategy(StrEnum):
    """What a match does to the stored record, where the action changes records at all. Source: cStar, mergeStrategy."""

    UPDATE = "update"
    """Given fields replace stored ones."""
    FILL = "fill"
    """Given fields are taken only where the stored one is empty."""
    REPLACE = "replace"
    """The record becomes the row."""
    SKIP = "skip"
    """The record stays, the row counts as skipped."""


class RowChangeKind(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    DELETE = "delete"
    SKIP = "skip"
    FAIL = "fail"


@dataclass(slots=True)
class RowChange:
    """The decision for one row. Made for every row, hence unfrozen; nobody changes one."""

    kind: RowChangeKind
    fields: Fields = field(default_factory=dict)
    """All fields the record has afterwards; empty unless the kind is create, update or unchanged."""
    problem: Problem | None = None
    """Why the row fails."""
