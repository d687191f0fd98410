"""How imports end that do not go well: canceled, out of time, tasks that die, events that come twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from chalicelib.errors import Fatal, Retryable
from chalicelib.imports.events import Event, FinishEvent
from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, Import, PhaseStatus, Stats, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Write, Written
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import TIMED_OUT, EndReason, StopCode, StopReason
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.memory import MemoryImports, MemoryRecords, MemoryTaskResults
from tests.import_world import TENANT, ImportWorld, run_import

ROWS = 3 * WRITE_BATCH_ROWS
PEOPLE = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(ROWS))
CUT = Limits(small_source_bytes=0, batch_rows=2 * WRITE_BATCH_ROWS)


class Crash(BaseException):
    """The process is gone."""


class InterruptedRecords(MemoryRecords):
    """Does something right after the n-th slice of rows has been written."""

    def __init__(self, nth: int, interrupt: Callable[[], None]) -> None:
        super().__init__()
        self._left = nth
        self._interrupt = interrupt

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        self._left -= 1
        if self._left == 0:
            self._interrupt()
        return written


class MiscountedResults(MemoryTaskResults):
    """Counts too much for every task of processing."""

    def __init__(self, surplus: Stats) -> None:
        super().__init__()
        self._surplus = surplus

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        if result.phase is PhaseName.PROCESSING:
            result = replace(result, stats=result.stats + self._surplus)
        return super().put_once(import_id, attempt, result)


def interrupted(world: ImportWorld, nth: int, interrupt: Callable[[], None]) -> None:
    """From now on the world's records are interrupted."""
    world.stores = replace(world.stores, records=InterruptedRecords(nth, interrupt))
    world.machine = replace(world.machine, stores=world.stores)


def cancel(world: ImportWorld, import_: Import) -> None:
    change = ImportChange(to=Status.CANCELING, at=int(world.clock()))
    assert world.stores.imports.change(TENANT, import_.import_id, change)


def event_of(import_: Import) -> Event:
    return Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt)


def death_of(import_: Import) -> FinishEvent:
    reason = StopReason(StopCode.INTERNAL_ERROR, "the import's execution ended as FAILED")
    return FinishEvent(**event_of(import_).model_dump(), stopped_by=reason, is_dead=True, is_from_outside=True)


def crash() -> None:
    raise Crash


def give_up() -> None:
    raise Fatal("the table is gone")


@pytest.fixture(params=[Limits(), CUT], ids=["in one task", "in batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    return ImportWorld(limits=request.param)


def test_a_cancel_before_the_start_leaves_no_record(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    cancel(world, import_)

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert (ended.status, ended.reason, ended.stats) == (Status.CANCELED, "canceled", Stats())
    assert world.records() == []


def test_a_cancel_while_rows_are_written_takes_effect_within_a_write_batch(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 2, lambda: cancel(world, import_))

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert (ended.status, ended.reason) == (Status.CANCELED, "canceled")
    assert ended.stats == Stats(total=ROWS, created=2 * WRITE_BATCH_ROWS, unprocessed=WRITE_BATCH_ROWS)
    assert len(world.records()) == 2 * WRITE_BATCH_ROWS


def test_a_cancel_after_the_last_row_keeps_the_counts(world: ImportWorld) -> None:
    import_ = world.queue("name,email\nA,a@x.com\n")
    interrupted(world, 1, lambda: cancel(world, import_))

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=1, created=1)


def test_an_import_that_runs_out_of_time_stops_and_counts_what_it_wrote(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 1, lambda: setattr(world.clock, "now_s", world.clock.now_s + world.limits.import_time_s))

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.TIMED_OUT
    assert ended.stats == Stats(total=ROWS, created=WRITE_BATCH_ROWS, unprocessed=2 * WRITE_BATCH_ROWS)
    assert {one.name: one.status for one in ended.phases}[PhaseName.CLEANUP] is PhaseStatus.SKIPPED


def test_the_time_of_an_import_is_counted_from_when_it_begins(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE, deadline_at=int(world.clock()) + 60)
    world.clock.now_s += 3600

    run_import(world.machine, import_)

    assert world.get(import_).status is Status.COMPLETED


def test_a_task_that_crashed_goes_on_where_it_was_and_counts_every_row_once(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 2, crash)

    with pytest.raises(Crash):
        run_import(world.machine, import_)
    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.COMPLETED
    assert ended.stats == Stats(total=ROWS, created=ROWS)
    assert len(world.records()) == ROWS


def test_an_execution_that_died_is_counted_off_the_records(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 2, crash)
    with pytest.raises(Crash):
        run_import(world.machine, import_)

    world.clock.now_s += ATTEMPT_LIVES_S
    world.machine.finish(death_of(import_))

    ended = world.get(import_)
    assert (ended.status, ended.reason) == (Status.FAILED, "internal_error: the import's execution ended as FAILED")
    assert ended.stats == Stats(total=ROWS, created=2 * WRITE_BATCH_ROWS, unprocessed=WRITE_BATCH_ROWS)


def test_an_execution_is_not_counted_while_its_tasks_may_still_write(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 2, crash)
    with pytest.raises(Crash):
        run_import(world.machine, import_)

    world.machine.finish(death_of(import_))

    stopping = world.get(import_)
    assert stopping.status is Status.CANCELING
    assert stopping.reason == "internal_error: the import's execution ended as FAILED"
    assert stopping.deadline_at is not None
    assert stopping.deadline_at <= world.clock.now_s + ATTEMPT_LIVES_S


def test_what_was_written_is_counted_where_a_cancel_comes_between_a_crash_and_the_retry(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 2, crash)
    with pytest.raises(Crash):
        run_import(world.machine, import_)
    cancel(world, import_)
    world.clock.now_s += ATTEMPT_LIVES_S

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=ROWS, created=2 * WRITE_BATCH_ROWS, unprocessed=WRITE_BATCH_ROWS)


def test_what_was_written_is_counted_where_a_task_ends_for_good(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 2, give_up)

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert (ended.status, ended.reason) == (Status.FAILED, "the table is gone")
    assert ended.stats.created == len(world.records()) >= 2 * WRITE_BATCH_ROWS
    assert ended.stats.unprocessed == ROWS - ended.stats.created


def test_finishing_twice_changes_nothing(world: ImportWorld) -> None:
    ended = world.run("name,email\nA,a@x.com\n")

    world.machine.finish(FinishEvent(**event_of(ended).model_dump(), stopped_by=TIMED_OUT))

    assert world.get(ended) == ended


@pytest.mark.parametrize(
    "surplus", [Stats(created=1), Stats(failed=1), Stats(total=-1), Stats(created=-1), Stats(total=1)], ids=str
)
def test_an_import_whose_rows_and_outcomes_differ_is_not_completed(surplus: Stats) -> None:
    world = ImportWorld(limits=CUT)
    world.stores = replace(world.stores, results=MiscountedResults(surplus))
    world.machine = replace(world.machine, stores=world.stores)
    import_ = world.queue("name,email\nA,a@x.com\nB,b@x.com\n")

    with pytest.raises(Fatal, match="rows have"):
        run_import(world.machine, import_)

    assert world.get(import_).status is Status.PROCESSING


@pytest.mark.parametrize("surplus", [Stats(created=1), Stats(failed=1), Stats(total=-1)], ids=str)
def test_an_import_with_more_outcomes_than_rows_does_not_end_otherwise_either(surplus: Stats) -> None:
    world = ImportWorld()
    world.stores = replace(world.stores, results=MiscountedResults(surplus))
    world.machine = replace(world.machine, stores=world.stores)
    import_ = world.queue("name,email\nA,a@x.com\nB,b@x.com\n")
    with pytest.raises(Fatal):
        run_import(world.machine, import_)

    with pytest.raises(Fatal, match="rows have"):
        world.machine.end(world.get(import_), EndReason(Status.FAILED, "internal_error"))


def test_an_older_attempt_cannot_end_the_import(world: ImportWorld) -> None:
    import_ = world.queue("name,email\nA,a@x.com\n", attempt=2)

    world.machine.finish(FinishEvent(**{**event_of(import_).model_dump(), "attempt": 1}, stopped_by=TIMED_OUT))

    assert world.get(import_).status is Status.QUEUED


def test_a_canceled_import_is_not_counted_while_another_attempt_writes(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)

    def cancel_and_finalize_again() -> None:
        cancel(world, import_)
        with pytest.raises(Retryable):
            run_import(world.machine, import_)
        assert world.get(import_).status is Status.CANCELING

    interrupted(world, 1, cancel_and_finalize_again)

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=ROWS, created=WRITE_BATCH_ROWS, unprocessed=2 * WRITE_BATCH_ROWS)


def throttled() -> None:
    raise Retryable("slow down")


def test_the_end_does_not_wait_for_an_attempt_that_gave_up_by_itself(world: ImportWorld) -> None:
    import_ = world.queue(PEOPLE)
    interrupted(world, 1, throttled)
    with pytest.raises(Retryable):
        run_import(world.machine, import_)
    cancel(world, import_)

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=ROWS, created=WRITE_BATCH_ROWS, unprocessed=2 * WRITE_BATCH_ROWS)


class CanceledImports(MemoryImports):
    """Somebody cancels an import, or it is begun anew, right before it ends."""

    attempt = 1
    is_over = False

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        if change.to in FINAL and not self.is_over:
            self.is_over = True
            assert super().change(tenant_id, import_id, ImportChange(to=Status.CANCELING, at=change.at))
            found = self._imports[tenant_id, import_id]
            assert found is not None
            self._imports[tenant_id, import_id] = replace(found, attempt=self.attempt)
        return super().change(tenant_id, import_id, change)


def canceled_at_the_end(attempt: int) -> Import:
    world = ImportWorld()
    imports = CanceledImports(clock=world.clock)
    imports.attempt = attempt
    world.stores = replace(world.stores, imports=imports)
    world.machine = replace(world.machine, stores=world.stores)
    return world.run("name,email\nA,a@x.com\n")


def test_a_cancel_that_comes_when_the_import_is_about_to_complete_wins_and_keeps_the_counts() -> None:
    ended = canceled_at_the_end(attempt=1)

    assert (ended.status, ended.reason) == (Status.CANCELED, "canceled")
    assert ended.stats == Stats(total=1, created=1)


def test_an_attempt_that_a_newer_one_has_taken_over_leaves_the_end_to_it() -> None:
    assert canceled_at_the_end(attempt=2).status is Status.CANCELING
