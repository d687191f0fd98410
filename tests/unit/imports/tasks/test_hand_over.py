"""Tasks that stop before the time of their function is over, and what the next function is given."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from chalicelib.access.context import InlineRun
from chalicelib.errors import Throttled
from chalicelib.imports.events import Event, ImportRoute, TaskEvent
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.tasks.cleanup import clean_up_shard
from chalicelib.imports.tasks.hand_over import HandedOver, ShardProgress, outcomes_handed_over, shard_handed_over
from chalicelib.imports.tasks.processing import process_batch
from chalicelib.imports.workspace import AttemptMark
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Write, Written
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import CANCELED
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT, ImportWorld
from tests.task_contexts import started_context

ROWS = 2 * WRITE_BATCH_ROWS + 100
PEOPLE = "name,email\n" + "".join(f"P{n},p{n}@x.com\n" for n in range(ROWS))


def times_left(*seconds: float) -> Iterator[float]:
    """Each look finds the next of these times left; those behind the last are long again."""
    yield from seconds
    while True:
        yield 900


def with_time(world: ImportWorld, *seconds: float) -> ImportWorld:
    times = times_left(59)
    world.machine = replace(world.machine, time_left_s=lambda: next(times))
    return world


def processing(world: ImportWorld) -> tuple[Import, TaskEvent]:
    """An import in batches, up to processing of its only batch."""
    import_ = world.queue(PEOPLE)
    run_phases(started_context(world, import_), until=PhaseName.VALIDATION)
    ids = Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=1).model_dump()
    return import_, TaskEvent(**ids, phase=PhaseName.PROCESSING, task=0)


@pytest.fixture
def world() -> ImportWorld:
    return ImportWorld(Limits(small_source_bytes=0))


def test_a_task_stops_after_a_write_batch_and_goes_on_in_the_next_function(world: ImportWorld) -> None:
    import_, event = processing(world)
    with_time(world, 59)

    first = world.machine.run_task(event)
    written = len(world.records())
    second = world.machine.run_task(event)

    assert (first.route, second.route) == (TaskRoute.CONTINUE, TaskRoute.DONE)
    assert TaskEvent.model_validate(first.model_dump()) == event
    assert (written, len(world.records())) == (WRITE_BATCH_ROWS, ROWS)
    result = world.stores.results.find_result(import_.import_id, 1, PhaseName.PROCESSING, 0)
    assert result is not None
    assert (result.entered, result.stats.created) == (ROWS, ROWS)


def test_an_import_in_one_task_goes_on_with_the_phase_that_it_had_come_to() -> None:
    world = with_time(ImportWorld(), *[900] * 6, 59)
    import_ = world.queue(PEOPLE)
    event = Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=1)
    world.machine.plan(event)

    step = world.machine.run_phases(event)

    assert step.route == ImportRoute.CONTINUE
    assert world.machine.run_phases(event).route == ImportRoute.FINISH
    assert len(world.records()) == ROWS


def test_the_shipped_machine_calls_again_until_the_task_is_done(world: ImportWorld) -> None:
    with_time(world, *[900, 59, 10] * 20)

    import_ = world.run(PEOPLE)

    assert import_.status is Status.COMPLETED
    assert import_.stats.created == ROWS


def test_a_request_hands_nothing_over() -> None:
    world = with_time(ImportWorld(), *[1] * 100)

    done = world.machine.run_all_phases(world.queue(PEOPLE), InlineRun(PEOPLE.encode()))

    assert done.import_.status is Status.COMPLETED


class ThrottledRecords(MemoryRecords):
    """Throttles every write until the function's time is over."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        raise Throttled("no time is left")


def test_a_request_that_is_throttled_ends_its_import() -> None:
    world = ImportWorld()
    world.machine = replace(world.machine, stores=replace(world.stores, records=ThrottledRecords()))

    done = world.machine.run_all_phases(world.queue(PEOPLE), InlineRun(PEOPLE.encode()))

    assert done.import_.status is Status.TIMED_OUT
    assert (done.import_.stats.unprocessed, done.import_.stats.written) == (ROWS, 0)


def test_a_batch_that_is_throttled_is_handed_over_where_it_can_be() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue(PEOPLE))
    run_phases(context, until=PhaseName.VALIDATION)
    stores = replace(context.stores, records=ThrottledRecords())

    with pytest.raises(HandedOver):
        process_batch(replace(context, stores=stores, can_hand_over=True), 0)


class CancelingRecords(MemoryRecords):
    """The import is canceled while its first rows are written."""

    def __init__(self, cancel: Callable[[], object]) -> None:
        super().__init__()
        self._cancel = cancel

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        self._cancel()
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)


def test_a_batch_of_an_import_that_was_canceled_ends_instead_of_being_handed_over() -> None:
    world = ImportWorld()
    import_ = world.queue(PEOPLE)
    context = started_context(world, import_)
    run_phases(context, until=PhaseName.VALIDATION)
    canceling = ImportChange(to=Status.CANCELING, at=1)
    records = CancelingRecords(lambda: world.stores.imports.change(TENANT, import_.import_id, canceling))
    stores = replace(context.stores, records=records)

    result = process_batch(replace(context, stores=stores, can_hand_over=True, time_left_s=lambda: 0), 0)

    assert result.stopped_by == CANCELED
    assert (result.entered, result.stats.created) == (WRITE_BATCH_ROWS, WRITE_BATCH_ROWS)


def cleaning_up(counts_only: bool) -> TaskContext:
    """An overwrite that has come to cleanup: all records lie in one shard, and all but one go."""
    world = ImportWorld(Limits(small_source_bytes=0))
    world.stores = replace(world.stores, records=MemoryRecords(shards_at_least=1))
    world.machine = replace(world.machine, stores=world.stores)
    world.run(PEOPLE)
    source = "name,email\nP0,p0@x.com\n" + ("Nameless,\n" if counts_only else "")
    context = started_context(world, world.queue(source, action="overwrite"))
    run_phases(context, until=PhaseName.PROCESSING)
    return replace(context, can_hand_over=True)


@pytest.mark.parametrize("counts_only", [False, True])
def test_cleanup_goes_on_behind_the_last_record_that_it_has_looked_at(counts_only: bool) -> None:
    context = cleaning_up(counts_only)
    short = replace(context, time_left_s=lambda: next(times))

    for name in ("first", "second"):
        times = times_left(59)
        short.workspace.attempts._attempt_id = name
        with pytest.raises(HandedOver):
            clean_up_shard(short, 0)
    result = clean_up_shard(context, 0)

    gone = 0 if counts_only else ROWS - 1
    assert (result.stats.overwritten, result.spared) == (gone, ROWS - 1 - gone)
    assert result.entered == (0 if counts_only else ROWS)


@pytest.mark.parametrize(("can_hand_over", "error"), [(True, HandedOver), (False, Throttled)])
def test_a_cleanup_that_is_throttled_is_handed_over_where_it_can_be(
    can_hand_over: bool, error: type[Exception]
) -> None:
    context, throttled = cleaning_up(counts_only=False), ThrottledRecords(shards_at_least=1)
    vars(throttled).update(vars(context.stores.records))
    stores = replace(context.stores, records=throttled)

    with pytest.raises(error):
        clean_up_shard(replace(context, stores=stores, can_hand_over=can_hand_over), 0)


def test_the_furthest_of_several_attempts_counts() -> None:
    marks = [
        AttemptMark("a", 0, ["r5", 5, 1, 0, 0, 0]),
        AttemptMark("b", 0),
        AttemptMark("c", 0, ["r9", 9, 2, 0, 0, 0]),
        AttemptMark("d", 100.0),
    ]

    assert shard_handed_over(marks) == ShardProgress("r9", 9, 2)
    assert shard_handed_over([]) == ShardProgress()


def test_what_nobody_has_handed_over_begins_anew(world: ImportWorld) -> None:
    context = started_context(world, world.queue(PEOPLE))

    assert outcomes_handed_over(context, PhaseName.PROCESSING, 0, [AttemptMark("a", 5.0), AttemptMark("b", 0)]) == []
