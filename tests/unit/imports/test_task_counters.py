"""What rows with an outcome add to the result of a task."""

from chalicelib.imports.task_counters import problems_of, stats_of, with_outcomes
from chalicelib.model.imports import Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.task_results import TaskResult

FAILED = RowOutcome(2, 3, Outcome.FAILED, None, [Problem(ProblemCode.REQUIRED, 2, 3, "email")])
CREATED = RowOutcome(1, 2, Outcome.CREATED, None, [Problem(ProblemCode.NO_IDENTITY, 1, 2)])
SKIPPED = RowOutcome(3, 4, Outcome.SKIPPED)


def test_outcomes_and_warnings_are_counted() -> None:
    assert stats_of([CREATED, FAILED, SKIPPED]) == Stats(created=1, failed=1, skipped=1, warnings=1)


def test_problems_are_counted_by_code() -> None:
    assert problems_of([FAILED, FAILED, CREATED]) == {"required": 2, "no_identity": 1}


def test_only_rows_that_failed_or_were_skipped_leave() -> None:
    before = TaskResult(
        phase=PhaseName.PROCESSING, task=0, left=1, stats=Stats(failed=1), problem_counts={"required": 1}
    )

    result = with_outcomes(before, [CREATED, FAILED, SKIPPED])

    assert (result.left, result.stats.failed, result.problem_counts["required"]) == (3, 2, 2)
