"""How often progress is written."""

from chalicelib.lifecycle.progress_reporter import ProgressReporter


def test_progress_is_written_once_a_second_and_the_rest_dropped() -> None:
    seconds = iter([9.0, 10.0, 10.9, 11.0, 11.1])
    written: list[int] = []
    reporter = ProgressReporter(written.append, lambda: next(seconds))

    for rows in (1, 2, 3, 4):
        reporter.report_progress(rows)

    assert written == [1, 3]
