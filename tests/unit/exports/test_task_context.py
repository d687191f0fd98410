"""When a task of an export stops, and how often it tells of its progress."""

import pytest

from chalicelib.exports.task_context import ExportTaskContext, progress_reporter
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import ExportStatus, Progress
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.stop_reasons import SUPERSEDED, TIMED_OUT
from tests.world import NOW, World, an_export


def a_context(world: World) -> ExportTaskContext:
    return ExportTaskContext(
        export=an_export(),
        resource=RESOURCES["contacts"],
        stores=world.stores,
        limits=DEFAULT_LIMITS,
        now=lambda: float(world.now),
        attempt_id="try1",
    )


def test_a_task_goes_on_while_its_export_is_processing() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.PROCESSING))

    assert a_context(world).find_stop() is None


@pytest.mark.parametrize("status", sorted(set(ExportStatus) - {ExportStatus.PROCESSING}))
def test_a_task_stops_when_its_export_has_ended(status: ExportStatus) -> None:
    world = World()
    world.stores.exports.add(an_export(status))

    assert a_context(world).find_stop() == SUPERSEDED


def test_a_task_stops_when_its_export_is_gone() -> None:
    assert a_context(World()).find_stop() == SUPERSEDED


def test_a_task_stops_at_the_deadline() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.PROCESSING, deadline_at=NOW))

    assert a_context(world).find_stop() == TIMED_OUT


def test_progress_is_reported_once_a_second_and_not_in_the_first() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.PROCESSING))
    reporter = progress_reporter(a_context(world), Progress(rows_total=90, rows_written=30))
    reported = []

    for rows, at in ((1, NOW), (2, NOW + 1), (3, NOW + 1), (4, NOW + 2)):
        world.now = at
        reporter.report_progress(rows)
        stored = world.stores.exports.find(an_export().tenant_id, an_export().export_id)
        assert stored is not None
        reported.append(stored.progress.rows_written)

    assert reported == [0, 32, 32, 34]


def test_every_object_bears_the_attempt_that_wrote_it() -> None:
    context = a_context(World())

    assert context.shard_file_key("3").endswith("/exp_1/try1/3")
    assert context.file_key("a.csv").endswith("/exp_1/try1/a.csv")
