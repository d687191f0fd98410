"""What the results of tasks add up to: the counters of the phases and the stats of the import.

Pure sums over results that are written once each, so that nothing is counted twice however often a gate runs. A
duplicate is marked in one phase and taken out in the next, which alone knows how many rows that were: its
`marked_before` belongs to the phase before. What was rehearsed counts as long as it has not been done.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.model.imports import PhaseProgress, PhaseStatus, Stats
from chalicelib.model.phases import PhaseName, public_name, spec_of
from chalicelib.model.task_results import TaskResult

Results = Mapping[PhaseName, Sequence[TaskResult]]


def counting(results: Results) -> Results:
    """Returns the results without those of rehearsals whose phase has results of its own."""
    return {name: () if _is_superseded(name, results) else ones for name, ones in results.items()}


def by_public_phase(results: Results) -> Results:
    """Returns the results that count by the phases that callers see."""
    return {public_name(name): ones for name, ones in counting(results).items() if ones}


def _is_superseded(name: PhaseName, results: Results) -> bool:
    rehearsed = spec_of(name).rehearses
    return rehearsed is not None and bool(results.get(rehearsed))


def stats_of(results: Results) -> Stats:
    """Returns the stats of the import: the sum of what its tasks have counted."""
    return sum((one.stats for ones in counting(results).values() for one in ones), Stats())


def has_written(stats: Stats, results: Results) -> bool:
    """Returns whether an import has changed any record: by its rows, by what they named, or by its cleanup, which takes
    records from their location, too.
    """
    is_relocated = any(one.relocated for one in results.get(PhaseName.CLEANUP, ()))
    return is_relocated or bool(stats.written or stats.created_references)


def problem_counts_of(results: Results) -> dict[str, int]:
    """Returns how often each problem was found, by code."""
    counts: Counter[str] = Counter()
    for ones in counting(results).values():
        for one in ones:
            counts.update(one.problem_counts)
    return dict(counts)


def drift_of(results: Results) -> dict[str, int]:
    """Returns how many rows have come to another outcome than the preview told, by both outcomes."""
    counts: Counter[str] = Counter()
    for ones in counting(results).values():
        for one in ones:
            counts.update(one.drift)
    return dict(counts)


def phases_of(phases: Iterable[PhaseProgress], results: Results) -> tuple[PhaseProgress, ...]:
    """Returns the phases with their counters; names, statuses and times stay as they are."""
    entering, results = 0, by_public_phase(results)
    counted: list[PhaseProgress] = []
    for phase in phases:
        if phase.status is PhaseStatus.SKIPPED:
            counted.append(phase)
            continue
        now = _counted(phase, entering, results)
        counted.append(now)
        entering = now.success
    return tuple(counted)


def counted_so_far(phase: PhaseProgress, results: Sequence[TaskResult], *, under_way: int = 0) -> PhaseProgress:
    """Returns a running phase with the counters of the tasks that are done and the rows of one that is not. A single
    task that has reported more before is believed. Whether rows under way go on is not known yet.
    """
    if spec_of(phase.name).duplicates_skipped_by:
        return phase
    done = sum(one.entered - one.marked_before for one in results)
    if done + under_way < phase.processed:
        return phase
    error = sum(one.left - one.marked_before for one in results)
    return _within_total(replace(phase, processed=done + under_way, success=done - error, error=error))


def _within_total(phase: PhaseProgress) -> PhaseProgress:
    """Where it is not known how many are to come, the total grows with what has come; elsewhere a row that two attempts
    of a task have counted counts once."""
    if spec_of(phase.name).is_open_ended:
        return replace(phase, total=max(phase.total, phase.processed))
    return replace(phase, processed=min(phase.total, phase.processed))


def _counted(phase: PhaseProgress, entering: int, results: Results) -> PhaseProgress:
    spec, ones = spec_of(phase.name), results.get(phase.name, ())
    if spec.duplicates_skipped_by:
        return _marking(phase, entering, ones, results.get(spec.duplicates_skipped_by, ()))
    entered = sum(one.entered - one.marked_before for one in ones)
    error = sum(one.left - one.marked_before for one in ones)
    total = entered if spec.is_open_ended else entering
    return replace(phase, total=total, processed=entered, success=entered - error, error=error)


def _marking(
    phase: PhaseProgress, entering: int, ones: Sequence[TaskResult], skipping: Sequence[TaskResult]
) -> PhaseProgress:
    """Several tasks may mark the same row: then its number is known when the phase that skips marked rows has results.
    Where one of the tasks was stopped, no row has been marked for good."""
    if not ones or any(one.stopped_by for one in ones):
        return replace(phase, total=entering, processed=0, success=0, error=0)
    error = sum(one.marked_before for one in skipping) if skipping or len(ones) > 1 else ones[0].left
    return replace(phase, total=entering, processed=entering, success=entering - error, error=error)
