"""Schedules that are made, changed, listed and deleted by their owner."""

from dataclasses import replace

import pytest

from chalicelib.errors import Conflict, NotFound
from chalicelib.exports.request import ExportRequest
from chalicelib.model.schedules import RunStatus
from chalicelib.schedules import service
from chalicelib.schedules.request import ScheduleRequest
from chalicelib.schedules.service import ScheduleChanges
from tests.export_world import with_limits
from tests.scheduling import HOUR_S, ScheduleWorld
from tests.world import NOW, THEIRS, a_schedule

EXPORT = ExportRequest(dialect="packagex", resource="contacts", fields=("id",))


def test_a_schedule_is_stored_and_listed() -> None:
    world = ScheduleWorld()

    schedule = world.schedule(name="hourly")

    assert service.get_schedule(world.context, world.caller(), schedule.schedule_id) == schedule
    listing = service.list_schedules(world.context, world.caller(), page=1, per_page=10)
    assert (listing.entries, listing.total) == ((schedule,), 1)


def test_a_tenant_has_no_more_schedules_than_its_limit() -> None:
    world = ScheduleWorld(with_limits(tenant_schedules=1))
    world.schedule()

    with pytest.raises(Conflict) as conflict:
        world.schedule()

    assert conflict.value.code == "too_many_schedules"


def test_asking_again_returns_the_schedule_that_a_lost_answer_has_made() -> None:
    world = ScheduleWorld(with_limits(tenant_schedules=1))
    context = replace(world.context, new_id=lambda prefix: f"{prefix}_same")
    request = ScheduleRequest(expression="rate(1 hour)", export=EXPORT)

    first = service.create_schedule(context, world.caller(), request)
    second = service.create_schedule(context, world.caller(), replace(request, expression="rate(1 day)"))

    assert second == first


@pytest.mark.parametrize("schedule_id", ["sch_1", "sch_none", "no id at all", ""])
def test_what_belongs_to_others_or_can_be_no_id_is_not_found(schedule_id: str) -> None:
    world = ScheduleWorld()
    world.stores.schedules.add(a_schedule(), limit=9)

    with pytest.raises(NotFound) as refusal:
        service.get_schedule(world.context, world.caller(THEIRS), service.to_schedule_id(schedule_id))

    assert refusal.value.code == "schedule_not_found"


def test_a_new_expression_counts_from_now_on() -> None:
    world = ScheduleWorld()
    schedule = world.schedule()
    world.now += 600

    changes = ScheduleChanges(given={"expression": "rate(2 hours)"})
    changed = service.change_schedule(world.context, world.caller(), schedule.schedule_id, changes)

    assert (changed.anchor_at, changed.next_due_at) == (NOW + 600, NOW + 600 + 2 * HOUR_S)
    assert changed.series == schedule.series


def test_a_change_of_the_name_does_not_touch_the_due_times() -> None:
    world = ScheduleWorld()
    schedule = world.schedule()
    world.now += 600

    changes = ScheduleChanges(given={"name": "hourly"})
    changed = service.change_schedule(world.context, world.caller(), schedule.schedule_id, changes)

    assert (changed.name, changed.next_due_at) == ("hourly", schedule.next_due_at)


def test_a_new_export_begins_a_new_series() -> None:
    world = ScheduleWorld()
    schedule = world.schedule()

    changes = ScheduleChanges(given={}, export=EXPORT)
    changed = service.change_schedule(world.context, world.caller(), schedule.schedule_id, changes)

    assert changed.series == schedule.series + 1
    assert changed.template.selection.fields == ("id",)


def test_a_deleted_schedule_is_gone() -> None:
    world = ScheduleWorld()
    schedule = world.schedule()

    service.delete_schedule(world.context, world.caller(), schedule.schedule_id)

    with pytest.raises(NotFound):
        service.get_schedule(world.context, world.caller(), schedule.schedule_id)


def test_runs_are_listed_with_their_exports() -> None:
    world = ScheduleWorld()
    schedule = world.schedule()
    world.run_due_time()

    listing = service.list_runs(world.context, world.caller(), schedule.schedule_id, page=1, per_page=10)

    assert listing.total == 1
    (entry,) = listing.entries
    assert entry.run.status is RunStatus.COMPLETED
    assert entry.export == world.export_of(entry.run)
