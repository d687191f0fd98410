"""Results add up: what a task has done so far, plus what it does next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from chalicelib.model.imports import Stats
from chalicelib.model.problem_codes import Severity
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Departure, Outcome

LEAVING = (Outcome.FAILED, Outcome.SKIPPED)


def stats_of(departures: Iterable[Departure]) -> Stats:
    """Outcomes by kind; the warnings of rows that left count too."""
    outcomes: Counter[str] = Counter()
    warnings = 0
    for departure in departures:
        outcomes[departure.outcome.value] += 1
        warnings += sum(problem.severity is Severity.WARNING for problem in departure.problems)
    return Stats(**outcomes, warnings=warnings)


def problems_of(departures: Iterable[Departure]) -> dict[str, int]:
    return dict(Counter(problem.code.value for departure in departures for problem in departure.problems))


def with_departures(result: TaskResult, departures: list[Departure]) -> TaskResult:
    """Adds rows that have left the road for good."""
    counts = Counter(result.problem_counts)
    counts.update(problems_of(departures))
    left = sum(departure.outcome in LEAVING for departure in departures)
    return replace(
        result, left=result.left + left, stats=result.stats + stats_of(departures), problem_counts=dict(counts)
    )
