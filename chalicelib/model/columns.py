"""What becomes of the columns of a source: which field each feeds or may feed, and why, or why it is left alone."""

from dataclasses import dataclass
from enum import StrEnum


class ColumnReason(StrEnum):
    """Why a column feeds its field, or none."""

    MAPPING = "mapping"
    """The column mapping of the import says so."""
    NAME = "name"
    """Its header is the field's name."""
    ALIAS = "alias"
    """Its header is another name of the field."""
    DUPLICATE = "duplicate"
    """Another column feeds the field that its header means."""
    PROTECTED = "protected"
    """Its header names what the service sets itself."""
    UNKNOWN = "unknown"
    """Its header means no field."""
    NAMELESS = "nameless"
    """It has no header."""


class Evidence(StrEnum):
    """What leads to a field that a column may feed."""

    NAME = "name"
    ALIAS = "alias"
    WORDS = "words"
    VALUES = "values"
    NEIGHBOURS = "neighbours"


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of a source, or a key of its JSON rows."""

    header: str
    field: str | None
    """The field that it feeds; None where it is left alone."""
    why: ColumnReason
