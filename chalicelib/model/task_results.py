"""What the tasks of a phase report, and what a request reports that has run an import by itself.

Each result is written once, so a retried or doubled task changes nothing; the gate of the phase adds the results up.
"""

from dataclasses import dataclass, field

from chalicelib.model.imports import Import, Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import RowOutcome
from chalicelib.model.stop_reasons import StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """The result of one task: of one split, batch, sub-partition or shard in one phase of one attempt of an import."""

    phase: PhaseName
    task: int
    """The number, within the phase, of the split, batch, sub-partition or shard."""
    attempt_id: str = ""
    """The attempt that wrote the task's work objects; readers look for those of this attempt only."""
    place: int = 0
    """The attempt of the import under which those lie; 0 for the one that the result belongs to."""
    entered: int = 0
    """How many rows entered; in cleanup, how many records."""
    left: int = 0
    """How many rows go no further, failed or skipped."""
    marked_before: int = 0
    """How many of `left` are duplicates that the phase before had marked; they belong to the counts of that phase."""
    stats: Stats = field(default_factory=Stats)
    """What this task adds to the import's stats."""
    problem_counts: dict[str, int] = field(default_factory=dict)
    """How many problems of each code were found."""
    lines: int = 0
    """How many lines of the source a split holds."""
    keys: int = 0
    """How many identity keys the rows have that go on from a split; of a batch in transforming, how many rows mean a
    stored record."""
    batches: int = 0
    """How many batches a split was divided into."""
    nameless: int = 0
    """How many rows have no identity that could be read; if there are any, an overwrite must not clean up."""
    resent_from: str = ""
    """The import from which the rows of a split come, where its source is a file of rows of that; else empty."""
    fed: tuple[str, ...] | None = None
    """The fields that keys of a split's JSON rows feed; None where none was read as an object, and of other formats."""
    spared: int = 0
    """How many records cleanup would have deleted if all rows had said which record they mean."""
    mentioned: int = 0
    """How many records have their identity in the source where no field reads it; in cleanup, how many were kept for
    this alone."""
    drift: dict[str, int] = field(default_factory=dict)
    """How many rows have come to another outcome than the preview told, by both outcomes: created>updated."""
    rehearsed: Stats = field(default_factory=Stats)
    """What a rehearsal's rows and records would do; what of it counts already is in `stats`."""
    in_scope: int = 0
    """How many records a rehearsed cleanup has seen of those that `max_deleted` is a part of."""
    relocated: int = 0
    """How many records of several locations cleanup took out of the import's location."""
    put_at: int = 0
    """When it was put, in epoch seconds."""
    stopped_by: StopReason | None = None
    """Why the task ended before its rows did."""


@dataclass(frozen=True, slots=True)
class InlineResult:
    """An import after a request has run it, and the rows that have their outcome by then."""

    import_: Import
    outcomes: tuple[RowOutcome, ...]
    """In file order."""
