import pytest

from chalicelib.imports.counters import counted_so_far, has_written, phases_of, problem_counts_of, stats_of
from chalicelib.model.imports import PhaseProgress, Stats, UploadMode, pending_phases
from chalicelib.model.phases import PhaseName
from chalicelib.model.stop_reasons import CANCELED
from chalicelib.model.task_results import TaskResult

READ = [
    TaskResult(phase=PhaseName.PREVALIDATION, task=0, entered=10, left=2, stats=Stats(total=10, failed=2)),
    TaskResult(phase=PhaseName.PREVALIDATION, task=1, entered=5, left=0, stats=Stats(total=5)),
]
MARKED_TWICE = [
    TaskResult(phase=PhaseName.PREPARSING, task=0, left=2),
    TaskResult(phase=PhaseName.PREPARSING, task=1, left=2),
]
MATCHED = [
    TaskResult(
        phase=PhaseName.TRANSFORMING,
        task=0,
        entered=13,
        left=4,
        marked_before=3,
        stats=Stats(skipped=3, failed=1),
        problem_counts={"duplicate_in_source": 3, "ambiguous_match": 1},
    )
]


def counters(phase: PhaseProgress) -> tuple[int, int, int, int]:
    return phase.total, phase.processed, phase.success, phase.error


def test_the_stats_are_the_sums_of_all_results() -> None:
    stats = stats_of({PhaseName.PREVALIDATION: READ, PhaseName.TRANSFORMING: MATCHED})

    assert stats == Stats(total=15, failed=3, skipped=3)


def test_a_row_that_two_partitions_mark_counts_as_one_duplicate_of_the_marking_phase() -> None:
    results = {
        PhaseName.PREVALIDATION: READ,
        PhaseName.PREPARSING: MARKED_TWICE,
        PhaseName.TRANSFORMING: MATCHED,
    }

    first, second, third, *_ = phases_of(pending_phases(UploadMode.ASYNC), results)

    assert counters(first) == (15, 15, 13, 2)
    assert counters(second) == (13, 13, 10, 3)
    assert counters(third) == (10, 10, 9, 1)


def test_a_single_partition_knows_its_duplicates_before_they_are_taken_out() -> None:
    results = {PhaseName.PREVALIDATION: READ, PhaseName.PREPARSING: MARKED_TWICE[:1]}

    second = phases_of(pending_phases(UploadMode.ASYNC), results)[1]

    assert counters(second) == (13, 13, 11, 2)


def test_what_was_rehearsed_counts_until_its_phase_has_results_of_its_own() -> None:
    rehearsed = TaskResult(phase=PhaseName.REHEARSAL, task=0, entered=3, stats=Stats(failed=1))
    processed = TaskResult(phase=PhaseName.PROCESSING, task=0, entered=3, stats=Stats(failed=1, created=2))

    before = {PhaseName.REHEARSAL: [rehearsed], PhaseName.PROCESSING: []}
    after = {PhaseName.REHEARSAL: [rehearsed], PhaseName.PROCESSING: [processed]}

    assert stats_of(before) == Stats(failed=1)
    assert stats_of(after) == Stats(failed=1, created=2)


def test_a_running_phase_shows_the_tasks_that_are_done() -> None:
    running = PhaseProgress(name=PhaseName.PROCESSING, mode=UploadMode.ASYNC, total=100)
    done = [TaskResult(phase=PhaseName.PROCESSING, task=3, entered=40, left=1)]

    assert counters(counted_so_far(running, done)) == (100, 40, 39, 1)


def test_a_running_task_that_has_told_more_than_the_results_is_believed() -> None:
    running = PhaseProgress(name=PhaseName.PROCESSING, mode=UploadMode.ASYNC, total=100, processed=50)

    assert counted_so_far(running, []) == running


@pytest.mark.parametrize("name", [PhaseName.PREVALIDATION, PhaseName.CLEANUP])
def test_the_total_grows_where_the_number_of_rows_is_not_known_before(name: PhaseName) -> None:
    running = PhaseProgress(name=name, mode=UploadMode.ASYNC)
    done = [TaskResult(phase=name, task=0, entered=10, left=2), TaskResult(phase=name, task=1, entered=5)]

    assert counters(counted_so_far(running, done)) == (15, 15, 13, 2)
    assert counters(counted_so_far(running, done, under_way=4)) == (19, 19, 13, 2)


def test_rows_under_way_are_processed_and_neither_success_nor_error_yet() -> None:
    running = PhaseProgress(name=PhaseName.PROCESSING, mode=UploadMode.ASYNC, total=100)
    done = [TaskResult(phase=PhaseName.PROCESSING, task=0, entered=40, left=1)]

    assert counters(counted_so_far(running, done, under_way=20)) == (100, 60, 39, 1)


def test_rows_that_two_tries_have_counted_do_not_exceed_the_total() -> None:
    running = PhaseProgress(name=PhaseName.PROCESSING, mode=UploadMode.ASYNC, total=50)
    done = [TaskResult(phase=PhaseName.PROCESSING, task=0, entered=40, left=1)]

    assert counters(counted_so_far(running, done, under_way=40)) == (50, 50, 39, 1)


def test_a_marking_phase_that_was_stopped_has_processed_nothing() -> None:
    stopped = [TaskResult(phase=PhaseName.PREPARSING, task=0, stopped_by=CANCELED)]
    results = {PhaseName.PREVALIDATION: READ, PhaseName.PREPARSING: stopped}

    _, second, third, *_ = phases_of(pending_phases(UploadMode.ASYNC), results)

    assert (counters(second), counters(third)) == ((13, 0, 0, 0), (0, 0, 0, 0))


def test_problems_are_counted_by_code() -> None:
    assert problem_counts_of({PhaseName.TRANSFORMING: MATCHED}) == {"duplicate_in_source": 3, "ambiguous_match": 1}


@pytest.mark.parametrize(
    ("stats", "relocated", "changed"),
    [
        (Stats(total=5, unchanged=2, failed=2, skipped=1), 0, False),
        (Stats(created=1), 0, True),
        (Stats(overwritten=1), 0, True),
        (Stats(total=1, failed=1, created_references={"companies": 1}), 0, True),
        (Stats(), 1, True),
    ],
    ids=["no record", "by a row", "by cleanup", "what a row that failed had named", "a record left its location"],
)
def test_an_import_has_written_where_any_record_was_changed(stats: Stats, relocated: int, changed: bool) -> None:
    cleanup = TaskResult(phase=PhaseName.CLEANUP, task=0, relocated=relocated)

    assert has_written(stats, {PhaseName.CLEANUP: [cleanup]}) is changed
