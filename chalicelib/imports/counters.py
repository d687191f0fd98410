"""What the results of tasks add up to: the counters of the phases and the stats of the import.

Pure sums over results that are written once each, so that nothing is counted twice however often a gate runs. A
duplicate is marked in one phase and taken out in the next, which alone knows how many rows that were: its `dropped`
belongs to the phase before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.model.imports import PhaseName, PhaseProgress, Stats
from chalicelib.model.task_results import TaskResult

Results = Mapping[PhaseName, Sequence[TaskResult]]

MARKING = {PhaseName.TRANSFORMING: PhaseName.PREPARSING, PhaseName.VALIDATION: PhaseName.PARSING}
"""Which phase marked the duplicates that a phase takes out."""

OPEN_ENDED = frozenset({PhaseName.PREVALIDATION, PhaseName.CLEANUP})
"""The phases of which nobody knows before their end how many rows, or records, there are."""


def stats_of(results: Results) -> Stats:
    return sum((one.stats for ones in results.values() for one in ones), Stats())


def problem_counts_of(results: Results) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for ones in results.values():
        for one in ones:
            counts.update(one.problem_counts)
    return dict(counts)


def phases_of(phases: Iterable[PhaseProgress], results: Results) -> tuple[PhaseProgress, ...]:
    """The phases with their counters; names, statuses and times stay as they are."""
    entering = 0
    counted: list[PhaseProgress] = []
    for phase in phases:
        now = _counted(phase, entering, results)
        counted.append(now)
        entering = now.success
    return tuple(counted)


def counted_so_far(phase: PhaseProgress, results: Sequence[TaskResult], *, under_way: int = 0) -> PhaseProgress:
    """A phase that is running, by the tasks that are done and the rows of one that is not; a single task that has told
    more is believed. Of rows under way nobody knows yet whether they go on."""
    if phase.name in MARKING.values():
        return phase
    done = sum(one.entered - one.dropped for one in results)
    if done + under_way < phase.processed:
        return phase
    error = sum(one.left - one.dropped for one in results)
    return _within_total(replace(phase, processed=done + under_way, success=done - error, error=error))


def _within_total(phase: PhaseProgress) -> PhaseProgress:
    """Where nobody knows how many are to come, the total grows with what has come; elsewhere a row that two tries of a
    task have counted counts once."""
    if phase.name in OPEN_ENDED:
        return replace(phase, total=max(phase.total, phase.processed))
    return replace(phase, processed=min(phase.total, phase.processed))


def _counted(phase: PhaseProgress, entering: int, results: Results) -> PhaseProgress:
    ones = results.get(phase.name, ())
    if phase.name is PhaseName.CLEANUP:
        seen = sum(one.entered for one in ones)
        return replace(phase, total=seen, processed=seen, success=seen, error=0)
    if phase.name in MARKING.values():
        return _marking(phase, entering, results)
    entered = sum(one.entered - one.dropped for one in ones)
    error = sum(one.left - one.dropped for one in ones)
    total = entered if phase.name is PhaseName.PREVALIDATION else entering
    return replace(phase, total=total, processed=entered, success=entered - error, error=error)


def _marking(phase: PhaseProgress, entering: int, results: Results) -> PhaseProgress:
    """Several partitions may mark the same row: then its number is known when the marks have been applied. Where one
    of them was stopped, none has been marked for good."""
    ones = results.get(phase.name, ())
    if not ones or any(one.stopped_by for one in ones):
        return replace(phase, total=entering, processed=0, success=0, error=0)
    applying = next(after for after, before in MARKING.items() if before is phase.name)
    applied = results.get(applying, ())
    error = sum(one.dropped for one in applied) if applied or len(ones) > 1 else ones[0].left
    return replace(phase, total=entering, processed=entering, success=entering - error, error=error)
