"""A small import in one function: what is written and when, how it goes on elsewhere, and what is too large for it."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.imports.events import Event, FinishEvent, ImportRoute
from chalicelib.imports.import_state import KeptByOthers
from chalicelib.imports.inside_function import may_be_held
from chalicelib.imports.workspace import read_work
from chalicelib.model.imports import Import, PhaseStatus, Stats, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.status_changes import ImportChange
from tests.faults.recorder import Call, CallRecorder
from tests.import_world import TENANT, ImportWorld

PEOPLE = "name,email\nAnn,ann@x.com\nBob,bob@x.com\nCid,wrong\n"
COUNTED = Stats(total=3, created=2, failed=1)


def a_world(limits: Limits = DEFAULT_LIMITS) -> ImportWorld:
    return ImportWorld(limits=limits, is_held=True)


def event_of(import_: Import) -> Event:
    return Event(tenant_id=TENANT, import_id=import_.import_id, attempt=import_.attempt)


def work_keys(world: ImportWorld) -> list[str]:
    return world.stores.files.list_keys("work/")


def begun(world: ImportWorld, source: str | bytes = PEOPLE, **options: Any) -> Import:
    """An import that is planned."""
    import_ = world.queue(source, **options)
    assert world.machine.plan(event_of(import_)).route in (ImportRoute.RUN_PHASES, ImportRoute.RUN_PHASES_ON_WORKBOOK)
    return world.get(import_)


def interrupt(world: ImportWorld, name: str, do: Callable[[Call], Any]) -> None:
    """The stores do something else at the first call of this name."""
    waiting = [do]

    def intercept(call: Call) -> Any:
        return waiting.pop()(call) if call.name == name and waiting else call.perform()

    world.machine = replace(world.machine, stores=CallRecorder(world.stores, intercept).stores)


def fail(call: Call) -> Any:
    raise Retryable("connection reset")


def test_it_ends_in_the_function_that_runs_it_and_leaves_nothing_in_the_bucket() -> None:
    world = a_world()
    import_ = begun(world)

    step = world.machine.run_phases(event_of(import_))

    ended = world.get(import_)
    assert step.route == ImportRoute.DONE
    assert (ended.status, ended.stats) == (Status.COMPLETED, COUNTED)
    assert [one.status for one in ended.phases[:-1]] == [PhaseStatus.COMPLETED] * 6
    assert work_keys(world) == []
    assert world.codes(ended) == {3: ["invalid_email"]}


def test_its_work_is_kept_before_its_first_record_is_written() -> None:
    world, seen = a_world(), list[Import]()
    import_ = begun(world)

    def look(call: Call) -> Any:
        seen.append(world.get(import_))
        return call.perform()

    interrupt(world, "records.write_many", look)
    world.machine.run_phases(event_of(import_))

    work = read_work(world.stores.files, seen[0])
    assert work.is_whole
    assert any("/processing/attempts/0/" in key for key in work.objects)


@pytest.mark.parametrize("name", ["records.write_many", "records.find_claims", "imports.keep_work"])
def test_what_breaks_off_goes_on_from_what_was_kept(name: str) -> None:
    world = a_world()
    import_ = begun(world)
    interrupt(world, name, fail)

    with pytest.raises(Retryable):
        world.machine.run_phases(event_of(import_))
    step = world.machine.run_phases(event_of(import_))

    assert (step.route, world.get(import_).stats) == (ImportRoute.DONE, COUNTED)


@pytest.mark.parametrize("name", ["files.write_streams", "imports.change_known", "slots.leave"])
def test_what_cannot_end_there_is_left_to_a_function_that_only_ends_it(name: str) -> None:
    world = a_world()
    import_ = begun(world)
    interrupt(world, name, fail)

    step = world.machine.run_phases(event_of(import_))
    world.machine.finish(FinishEvent(**event_of(import_).model_dump()))

    ended = world.get(import_)
    assert step.route == ImportRoute.FINISH
    assert (ended.status, ended.stats) == (Status.COMPLETED, COUNTED)
    assert work_keys(world) == []


def test_an_end_whose_answer_was_lost_is_told_by_a_function_that_only_ends_it() -> None:
    world = a_world()
    import_ = begun(world)

    def lose_answer(call: Call) -> Any:
        call.perform()
        raise Retryable("connection reset")

    interrupt(world, "imports.change_known", lose_answer)
    with pytest.raises(Retryable):
        world.machine.run_phases(event_of(import_))
    step = world.machine.run_phases(event_of(import_))
    world.machine.finish(FinishEvent(**event_of(import_).model_dump()))

    ended = world.get(import_)
    assert step.route == ImportRoute.FINISH
    assert (ended.status, ended.stats, ended.unpublished_since) == (Status.COMPLETED, COUNTED, None)


def test_a_cancel_before_the_first_write_is_found_in_time() -> None:
    world = a_world()
    import_ = begun(world)

    def cancel(call: Call) -> Any:
        world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))
        return call.perform()

    interrupt(world, "records.find_claims", cancel)
    step = world.machine.run_phases(event_of(import_))
    world.machine.finish(FinishEvent(**event_of(import_).model_dump(), stopped_by=step.stopped_by))

    ended = world.get(import_)
    assert (ended.status, ended.stats) == (Status.CANCELED, Stats(total=3, failed=1, unprocessed=2))
    assert world.records() == []


def test_only_one_of_two_functions_goes_on() -> None:
    world = a_world()
    import_ = begun(world)
    other = world.machine

    def overtake(call: Call) -> Any:
        assert other.run_phases(event_of(import_)).route == ImportRoute.DONE
        return call.perform()

    interrupt(world, "imports.keep_work", overtake)
    with pytest.raises(KeptByOthers):
        world.machine.run_phases(event_of(import_))

    assert world.get(import_).stats == COUNTED
    assert len(world.records()) == 2


def test_what_gives_more_than_may_be_held_goes_the_way_of_larger_sources() -> None:
    world = a_world(Limits(held_work_bytes=20_000))
    rows = "".join(f"Ann,ann{number}@x.com\n" for number in range(600))
    import_ = begun(world, gzip.compress(f"name,email\n{rows}".encode()))

    step = world.machine.run_phases(event_of(import_))
    world.machine.finish(FinishEvent(**event_of(import_).model_dump()))

    ended = world.get(import_)
    assert step.route == ImportRoute.FINISH
    assert (ended.status, ended.stats) == (Status.COMPLETED, Stats(total=600, created=600))
    assert work_keys(world) != []
    assert not ended.has_kept_work


def test_only_an_upload_of_little_is_held_and_only_at_its_first_attempt() -> None:
    world = a_world()
    import_ = world.queue(PEOPLE)
    size = len(PEOPLE)

    assert may_be_held(import_, Limits(held_source_bytes=size))
    assert not may_be_held(import_, Limits(held_source_bytes=size - 1))
    assert not may_be_held(replace(import_, attempt=2), DEFAULT_LIMITS)
    assert not may_be_held(replace(import_, undo_of=import_.import_id), DEFAULT_LIMITS)
    assert not may_be_held(replace(import_, source=None), DEFAULT_LIMITS)
