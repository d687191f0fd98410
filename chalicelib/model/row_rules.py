"""How the rows of an import are taken: what a match does, by what rows are matched, and where dialects differ."""

from dataclasses import dataclass, field
from enum import StrEnum


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


class MergeRule(StrEnum):
    """What a match does to one field, where the import states it; `schema/merge_rules.py` carries it out."""

    ALWAYS = "always"
    IF_EMPTY = "if_empty"
    NEVER = "never"
    APPEND = "append"
    APPEND_LINE = "append_line"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRules:
    """How the rows of an import are taken, where dialects differ."""

    strategy: MergeStrategy = MergeStrategy.UPDATE
    """What a match does to the stored record (cStar, mergeStrategy)."""
    merge_rules: dict[str, MergeRule] = field(default_factory=dict)
    """By field, what a match does to it; fields without a rule follow the strategy."""
    match_by: tuple[str, ...] = ()
    """Names of the unique identities by which alone a row means a record; the first that finds one decides. Empty for
    all of them, of which none may mean another record."""
    matches_any_field: bool = False
    """A row that shares any identity or match field with a record is a duplicate of it, and skipped (Kasar)."""
    refuses_unknown_fields: bool = False
    """An undeclared field fails the row (Kasar); otherwise it is reported and not read."""
    create_missing: tuple[str, ...] = ()
    """Fields whose dead references create the record they name, where they are declared so (Kasar, company_name)."""
    header: tuple[str, ...] = ()
    """The source is a CSV file with exactly this header line (Talkdesk, template); empty where any header will do."""
    required: tuple[str, ...] = ()
    """Fields that every row must give, whatever becomes of it (Talkdesk, Current Email)."""
    max_rows: int = 0
    """A source with more rows is refused as a whole (Talkdesk); 0 for no limit."""
