"""Results add up: what a task has done so far, plus what it does next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from chalicelib.model.imports import Stats
from chalicelib.model.problem_codes import Severity
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowOutcome
from chalicelib.model.task_results import TaskResult


def stats_of(departures: Sequence[RowOutcome]) -> Stats:
    """Outcomes by kind; the warnings of rows that left count too."""
    outcomes = Counter([departure.outcome for departure in departures])
    warnings = sum(problem.severity is Severity.WARNING for problem in _each_problem(departures))
    return Stats(**{outcome.value: count for outcome, count in outcomes.items()}, warnings=warnings)


def problems_of(departures: Iterable[RowOutcome]) -> dict[str, int]:
    return dict(Counter(problem.code.value for problem in _each_problem(departures)))


def with_departures(result: TaskResult, departures: list[RowOutcome]) -> TaskResult:
    """Adds rows that have left the road for good."""
    counts = Counter(result.problem_counts)
    counts.update(problems_of(departures))
    stats = stats_of(departures)
    left = result.left + stats.failed + stats.skipped
    return replace(result, left=left, stats=result.stats + stats, problem_counts=dict(counts))


def _each_problem(departures: Iterable[RowOutcome]) -> Iterator[Problem]:
    return chain.from_iterable([departure.problems for departure in departures if departure.problems])
