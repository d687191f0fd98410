"""How imports end that do not go well: canceled, out of time, tasks that die, events that come twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from chalicelib.errors import Fatal, Retryable
from chalicelib.imports.events import Event, FinishEvent, StoppedEvent
from chalicelib.imports.task_context import SLICE_ROWS
from chalicelib.imports.tasks.recovery import TRY_LIVES_S
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, PhaseName, PhaseStatus, Stats, Status, StatusChange
from chalicelib.model.limits import Limits
from chalicelib.model.records import Write, Written
from chalicelib.stores.memory import MemoryRecords
from tests.driving import TENANT, Town, play

ROWS = 3 * SLICE_ROWS
PEOPLE = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(ROWS))
CUT = Limits(small_source_bytes=0, batch_rows=2 * SLICE_ROWS)


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


def interrupted(town: Town, nth: int, interrupt: Callable[[], None]) -> None:
    """From now on the town's records are interrupted."""
    town.stores = replace(town.stores, records=InterruptedRecords(nth, interrupt))
    town.machine = replace(town.machine, stores=town.stores)


def cancel(town: Town, import_: Import) -> None:
    change = StatusChange(to=Status.CANCELING, at=int(town.clock()))
    assert town.stores.imports.change(TENANT, import_.import_id, change)


def event_of(import_: Import) -> Event:
    return Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt)


def death_of(import_: Import) -> FinishEvent:
    stopped = {"status": "FAILED", "input": event_of(import_).model_dump_json()}
    return StoppedEvent.model_validate(stopped).to_finish_event()


def crash() -> None:
    raise Crash


def give_up() -> None:
    raise Fatal("the table is gone")


@pytest.fixture(params=[Limits(), CUT], ids=["in one task", "in batches"])
def town(request: pytest.FixtureRequest) -> Town:
    return Town(limits=request.param)


def test_a_cancel_before_the_start_leaves_no_record(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    cancel(town, import_)

    play(town.machine, import_)

    ended = town.get(import_)
    assert (ended.status, ended.reason, ended.stats) == (Status.CANCELED, "canceled", Stats())
    assert town.records() == []


def test_a_cancel_while_rows_are_written_takes_effect_within_a_slice(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 2, lambda: cancel(town, import_))

    play(town.machine, import_)

    ended = town.get(import_)
    assert (ended.status, ended.reason) == (Status.CANCELED, "canceled")
    assert ended.stats == Stats(total=ROWS, created=2 * SLICE_ROWS, unprocessed=SLICE_ROWS)
    assert len(town.records()) == 2 * SLICE_ROWS


def test_a_cancel_after_the_last_row_keeps_the_counts(town: Town) -> None:
    import_ = town.queue("name,email\nA,a@x.com\n")
    interrupted(town, 1, lambda: cancel(town, import_))

    play(town.machine, import_)

    ended = town.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=1, created=1)


def test_an_import_that_runs_out_of_time_stops_and_counts_what_it_wrote(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 1, lambda: setattr(town.clock, "now_s", town.clock.now_s + town.limits.import_time_s))

    play(town.machine, import_)

    ended = town.get(import_)
    assert ended.status is Status.TIMED_OUT
    assert ended.stats == Stats(total=ROWS, created=SLICE_ROWS, unprocessed=2 * SLICE_ROWS)
    assert {one.name: one.status for one in ended.phases}[PhaseName.CLEANUP] is PhaseStatus.SKIPPED


def test_the_time_of_an_import_is_counted_from_when_it_begins(town: Town) -> None:
    import_ = town.queue(PEOPLE, deadline_at=int(town.clock()) + 60)
    town.clock.now_s += 3600

    play(town.machine, import_)

    assert town.get(import_).status is Status.COMPLETED


def test_a_task_that_crashed_goes_on_where_it_was_and_counts_every_row_once(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 2, crash)

    with pytest.raises(Crash):
        play(town.machine, import_)
    play(town.machine, import_)

    ended = town.get(import_)
    assert ended.status is Status.COMPLETED
    assert ended.stats == Stats(total=ROWS, created=ROWS)
    assert len(town.records()) == ROWS


def test_an_execution_that_died_is_counted_off_the_records(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 2, crash)
    with pytest.raises(Crash):
        play(town.machine, import_)

    town.clock.now_s += TRY_LIVES_S
    town.machine.finish(death_of(import_))

    ended = town.get(import_)
    assert (ended.status, ended.reason) == (Status.FAILED, "internal_error: the import's execution ended as FAILED")
    assert ended.stats == Stats(total=ROWS, created=2 * SLICE_ROWS, unprocessed=SLICE_ROWS)


def test_an_execution_is_not_counted_while_its_tasks_may_still_write(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 2, crash)
    with pytest.raises(Crash):
        play(town.machine, import_)

    with pytest.raises(Retryable):
        town.machine.finish(death_of(import_))

    stopping = town.get(import_)
    assert stopping.status is Status.CANCELING
    assert stopping.reason == "internal_error: the import's execution ended as FAILED"
    assert stopping.deadline_at is not None
    assert stopping.deadline_at <= town.clock.now_s + TRY_LIVES_S


def test_what_was_written_is_counted_where_a_cancel_comes_between_a_crash_and_the_retry(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 2, crash)
    with pytest.raises(Crash):
        play(town.machine, import_)
    cancel(town, import_)
    town.clock.now_s += TRY_LIVES_S

    play(town.machine, import_)

    ended = town.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=ROWS, created=2 * SLICE_ROWS, unprocessed=SLICE_ROWS)


def test_what_was_written_is_counted_where_a_task_ends_for_good(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 2, give_up)

    play(town.machine, import_)

    ended = town.get(import_)
    assert (ended.status, ended.reason) == (Status.FAILED, "the table is gone")
    assert ended.stats.created == len(town.records()) >= 2 * SLICE_ROWS
    assert ended.stats.unprocessed == ROWS - ended.stats.created


def test_finishing_twice_changes_nothing(town: Town) -> None:
    ended = town.run("name,email\nA,a@x.com\n")

    town.machine.finish(FinishEvent(**event_of(ended).model_dump(), stopped_by="anything"))

    assert town.get(ended) == ended


def test_an_older_attempt_cannot_end_the_import(town: Town) -> None:
    import_ = town.queue("name,email\nA,a@x.com\n", attempt=2)

    town.machine.finish(FinishEvent(**{**event_of(import_).model_dump(), "attempt": 1}, stopped_by="late"))

    assert town.get(import_).status is Status.QUEUED


def test_a_canceled_import_is_not_counted_while_another_try_is_within_its_slice(town: Town) -> None:
    import_ = town.queue(PEOPLE)

    def cancel_and_try_again() -> None:
        cancel(town, import_)
        with pytest.raises(Retryable):
            play(town.machine, import_)
        assert town.get(import_).status is Status.CANCELING

    interrupted(town, 1, cancel_and_try_again)

    play(town.machine, import_)

    ended = town.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=ROWS, created=SLICE_ROWS, unprocessed=2 * SLICE_ROWS)


def throttled() -> None:
    raise Retryable("slow down")


def test_nobody_waits_for_a_try_that_gave_up_by_itself(town: Town) -> None:
    import_ = town.queue(PEOPLE)
    interrupted(town, 1, throttled)
    with pytest.raises(Retryable):
        play(town.machine, import_)
    cancel(town, import_)

    play(town.machine, import_)

    ended = town.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=ROWS, created=SLICE_ROWS, unprocessed=2 * SLICE_ROWS)
