"""What tasks share: ids of the records that rows make, why to stop, and when to hand over."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import derived_id
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.rows import Draft
from chalicelib.model.stop_reasons import CANCELED, SUPERSEDED, TIMED_OUT, StopReason
from chalicelib.stores import memory
from tests.import_world import ImportWorld


def context_of(world: ImportWorld, import_: Import) -> TaskContext:
    return TaskContext(
        import_=import_,
        resource=RESOURCES["customers"],
        stores=world.stores,
        workspace=Workspace(world.stores.files, import_, attempt_id="try"),
        limits=world.limits,
        now=world.clock,
    )


def test_a_row_makes_the_record_it_names_or_one_derived_from_import_and_row() -> None:
    world = ImportWorld()
    import_ = world.queue("name\nJane\n")
    context = context_of(world, import_)
    keys = {1: ["email:0a"], 2: ["id:mine", "email:0b"], 3: []}

    ids = context.new_record_ids([Draft(number, number, {}, of) for number, of in keys.items()])

    assert ids == [derived_id("cus", import_.import_id, 1), "mine", derived_id("cus", import_.import_id, 3)]


@pytest.mark.parametrize(
    ("stored", "stop"),
    [
        pytest.param({}, None, id="at work"),
        pytest.param({"status": Status.CANCELING}, CANCELED, id="canceled"),
        pytest.param({"deadline_at": 1}, TIMED_OUT, id="out of time"),
        pytest.param({"status": Status.FAILED}, SUPERSEDED, id="ended"),
        pytest.param({"attempt": 2}, SUPERSEDED, id="a newer attempt"),
        pytest.param(None, SUPERSEDED, id="gone"),
    ],
)
def test_a_task_stops_where_its_attempt_should_write_no_more(
    stored: dict[str, Any] | None, stop: StopReason | None
) -> None:
    world = ImportWorld()
    import_ = world.queue("name\nJane\n", **{"status": Status.PROCESSING, **(stored or {})})
    context = context_of(world, replace(import_, attempt=1))
    if stored is None:
        world.stores = memory.stores(clock=world.clock)
        context = replace(context, stores=world.stores)

    assert context.find_stop() == stop


@pytest.mark.parametrize(
    ("can_hand_over", "left_s", "must"), [(True, 1.0, True), (True, 30.0, False), (False, 1.0, False)]
)
def test_a_task_is_handed_over_when_little_time_is_left_and_it_can_be(
    can_hand_over: bool, left_s: float, must: bool
) -> None:
    world = ImportWorld(Limits(hand_over_s=30))
    context = context_of(world, world.queue("name\nJane\n"))

    context = replace(context, can_hand_over=can_hand_over, time_left_s=lambda: left_s)

    assert context.must_hand_over() is must
