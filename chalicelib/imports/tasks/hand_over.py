"""How a task goes on in another function: when the time of one is nearly over, it notes what it has done, and stops.

    first function ── outcomes or counts so far, then its mark ──> `HandedOver` ──> the machine calls again ──> goes on

The mark comes last. A function that dies before it has handed nothing over: its task is tried again, and finds by the
stamps on the records what was written. What was handed over is neither written nor read again.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from chalicelib.errors import SluiceError
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import AttemptMark
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import RowOutcome


class HandedOver(SluiceError):
    """Raised where a task stops because the time of its function is nearly over, and can be gone on with at once."""


@dataclass(frozen=True, slots=True)
class ShardProgress:
    """How far cleanup of a shard has come."""

    after: str = ""
    """The id of the last record that was looked at."""
    entered: int = 0
    overwritten: int = 0
    relocated: int = 0
    mentioned: int = 0
    spared: int = 0
    in_scope: int = 0
    """Counts of the task's result."""


def hand_over_batch(context: TaskContext, phase: PhaseName, batch: int, outcomes: list[RowOutcome]) -> HandedOver:
    """Keeps the outcomes of all rows that are done, those of functions before this one included. Returns the error to
    raise.
    """
    context.workspace.write_outcomes(phase, batch, outcomes)
    context.workspace.attempts.mark_handed_over(phase, batch, len(outcomes))
    return HandedOver(f"{phase} {batch}: {len(outcomes)} rows are done")


def outcomes_handed_over(
    context: TaskContext, phase: PhaseName, batch: int, attempts: Iterable[AttemptMark]
) -> list[RowOutcome]:
    """Returns the outcomes of the rows that need not be looked at again."""
    furthest = max(_handed_over(attempts), key=lambda one: int(one.progress), default=None)
    if furthest is None:
        return []
    return list(context.workspace.each_outcome_of_attempt(furthest.attempt_id, phase, batch))


def hand_over_shard(context: TaskContext, phase: PhaseName, shard: int, progress: ShardProgress) -> HandedOver:
    """Keeps how far a shard has been cleaned up. Returns the error to raise."""
    context.workspace.attempts.mark_handed_over(phase, shard, astuple(progress))
    return HandedOver(f"{phase} {shard}: {progress.entered} records are done")


def shard_handed_over(attempts: Iterable[AttemptMark]) -> ShardProgress:
    """Returns how far a shard has been cleaned up."""
    return max((ShardProgress(*one.progress) for one in _handed_over(attempts)), key=_after, default=ShardProgress())


def _handed_over(attempts: Iterable[AttemptMark]) -> list[AttemptMark]:
    return [one for one in attempts if one.progress is not None]


def _after(progress: ShardProgress) -> str:
    return progress.after
