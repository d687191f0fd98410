"""An export has a file for each rendering, and one more where formulas were disarmed."""

from dataclasses import replace

import pytest

from chalicelib.exports.planned_files import SANITIZED, are_whole, find_unfinished, planned_files, rows_written
from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import ExportFile, ExportResult, ExportStage
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.stop_reasons import TIMED_OUT
from tests.world import World, an_export

FILE = ExportFile(format="csv", key="k", filename="f", content_type="text/csv", rows=2, size_bytes=1, parts=())


def a_context() -> ExportTaskContext:
    """A task of an export to CSV and JSON."""
    world = World()
    return ExportTaskContext(
        export=an_export(),
        resource=RESOURCES["contacts"],
        stores=world.stores,
        limits=DEFAULT_LIMITS,
        now=lambda: float(world.now),
        attempt_id="try1",
    )


def part(file_number: int, rows: int, *, is_last: bool = True, disarmed: int = 0) -> ExportResult:
    file = FILE if is_last else None
    return ExportResult(
        stage=ExportStage.JOIN,
        task=0,
        attempt_id="try1",
        file_number=file_number,
        rows=rows,
        disarmed=disarmed,
        file=file,
    )


@pytest.mark.parametrize(
    ("done", "formats"),
    [
        pytest.param([], ["csv", "json"], id="nothing is written"),
        pytest.param([part(0, 2)], ["csv", "json"], id="no formula"),
        pytest.param([part(0, 2, disarmed=1)], ["csv", "json", SANITIZED], id="a formula in the CSV file"),
        pytest.param([part(1, 2, disarmed=1)], ["csv", "json"], id="a formula in another file"),
    ],
)
def test_every_rendering_is_a_file(done: list[ExportResult], formats: list[str]) -> None:
    assert [one.format for one in planned_files(a_context(), done)] == formats


@pytest.mark.parametrize(
    ("done", "number"),
    [
        pytest.param([], 0, id="the first"),
        pytest.param([part(0, 1, is_last=False)], 0, id="the first, of which a part is written"),
        pytest.param([part(0, 2)], 1, id="the second"),
        pytest.param([part(0, 2, disarmed=1), part(1, 2)], 2, id="the one of disarmed rows"),
        pytest.param([part(0, 2), part(1, 2)], None, id="none is left"),
        pytest.param([replace(part(0, 2), stopped_by=TIMED_OUT)], None, id="a task was stopped"),
    ],
)
def test_files_are_written_one_after_the_other(done: list[ExportResult], number: int | None) -> None:
    planned = find_unfinished(a_context(), done)

    assert (planned.number if planned else None) == number


def test_files_are_whole_when_each_has_every_row() -> None:
    done = [part(0, 1, is_last=False, disarmed=1), part(0, 1), part(1, 2), part(2, 1)]

    assert are_whole(a_context(), done, rows=2)
    assert not are_whole(a_context(), done[:-1], rows=2)
    assert not are_whole(a_context(), done, rows=3)


def test_disarmed_rows_do_not_count_as_written() -> None:
    assert rows_written(a_context(), [part(0, 2, disarmed=1), part(1, 2), part(2, 1)]) == 4
