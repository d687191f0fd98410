"""What was found out about the source on reading it: by each split, united for the whole."""

from dataclasses import dataclass, field

from chalicelib.model.problems import Problem

FINDINGS_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """What was found out about the source on reading it."""

    format: str
    headers: tuple[str, ...] = ()
    """Of tabular formats."""
    keys: tuple[str, ...] = ()
    """Of JSON rows, in order of appearance."""
    findings: tuple[Problem, ...] = ()
    widest: int = 0
    """Cells of the longest row that something is wrong with."""
    column_mapping: dict[str, str] = field(default_factory=dict)
    """That of the earlier import, if this source is its errors file and the import has no mapping of its own."""
    comes_from: str = ""
    """The id of the import whose errors file this source is; empty also where the import has a mapping of its own."""


def united(parts: list[list[str]]) -> tuple[str, ...]:
    """Returns each key once, in order of appearance."""
    return tuple(dict.fromkeys(key for part in parts for key in part))
