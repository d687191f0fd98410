from chalicelib.model.imports import Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.task_results import TaskResult


def test_a_result_without_counts_adds_nothing() -> None:
    result = TaskResult(phase=PhaseName.PARSING, task=0)

    assert result.stats == Stats()
    assert (result.entered, result.left, result.problem_counts, result.stopped_by) == (0, 0, {}, None)


def test_results_do_not_share_their_counts_of_problems() -> None:
    one, other = (TaskResult(phase=PhaseName.PARSING, task=task) for task in (0, 1))

    one.problem_counts["invalid_email"] = 1

    assert other.problem_counts == {}


def test_that_no_json_row_was_read_differs_from_rows_that_feed_no_field() -> None:
    unread, empty = (TaskResult(phase=PhaseName.PREVALIDATION, task=0, fed=fed) for fed in (None, ()))

    assert unread != empty
