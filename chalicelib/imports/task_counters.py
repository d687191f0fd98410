"""Results add up: what a task has done so far, plus what it does next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from chalicelib.model.imports import Stats
from chalicelib.model.problem_codes import Severity
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowOutcome
from chalicelib.model.task_results import TaskResult


def stats_of(outcomes: Sequence[RowOutcome]) -> Stats:
    """Returns how many rows have which outcome, and the warnings of those rows."""
    counts = Counter([row.outcome for row in outcomes])
    warnings = sum(problem.severity is Severity.WARNING for problem in _each_problem(outcomes))
    by_name: dict[str, Any] = {outcome.value: count for outcome, count in counts.items()}
    return Stats(**by_name, warnings=warnings)


def problems_of(outcomes: Iterable[RowOutcome]) -> dict[str, int]:
    """Returns how often each problem was found, by code."""
    return dict(Counter(problem.code.value for problem in _each_problem(outcomes)))


def with_outcomes(result: TaskResult, outcomes: list[RowOutcome]) -> TaskResult:
    """Returns the result with these rows counted as finished."""
    counts = Counter(result.problem_counts)
    counts.update(problems_of(outcomes))
    stats = stats_of(outcomes)
    left = result.left + stats.failed + stats.skipped
    return replace(result, left=left, stats=result.stats + stats, problem_counts=dict(counts))


def _each_problem(outcomes: Iterable[RowOutcome]) -> Iterator[Problem]:
    return chain.from_iterable([row.problems for row in outcomes if row.problems])
