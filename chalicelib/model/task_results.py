"""What the tasks of a phase report: written once each, summed by the gate. And what a request that ran an import
answers with.

A retried or doubled task changes nothing.
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
    """Its number within the phase: of the split, batch, sub-partition or shard."""
    attempt_id: str = ""
    """The attempt that wrote the task's work objects; readers look for those of this attempt only."""
    entered: int = 0
    """Rows that entered; records in cleanup."""
    left: int = 0
    """Rows that go no further, failed or skipped."""
    marked_before: int = 0
    """Of those, duplicates that the phase before had marked: it is that phase's count they belong to."""
    stats: Stats = field(default_factory=Stats)
    """What this task adds to the import's stats."""
    problem_counts: dict[str, int] = field(default_factory=dict)
    """Problems by code."""
    lines: int = 0
    """Lines of the source that a split holds."""
    keys: int = 0
    """Identity keys of the rows that go on from a split."""
    batches: int = 0
    """Batches a split was divided into."""
    nameless: int = 0
    """Rows that carry no identity which could be read: where there are any, an overwrite must not clean up."""
    fed: tuple[str, ...] | None = None
    """The fields that keys of a split's JSON rows feed; None where none was read as an object, and of other formats."""
    spared: int = 0
    """Records that cleanup would have deleted, had all rows said which record they mean."""
    mentioned: int = 0
    """Records whose identity stands in the source where no field reads it: of a batch, and of cleanup those that it
    kept for this alone."""
    relocated: int = 0
    """Records of several locations that cleanup took out of the import's location."""
    stopped_by: StopReason | None = None
    """Why the task ended before its rows did."""


@dataclass(frozen=True, slots=True)
class InlineResult:
    """What a request has made of an import, and the rows that have their outcome by then."""

    import_: Import
    outcomes: tuple[RowOutcome, ...]
    """In file order."""
