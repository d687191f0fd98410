"""What becomes of due times, from the round that fires them to the history that tells."""

from dataclasses import replace

import pytest

from chalicelib.exports import service
from chalicelib.model.exports import ExportStatus
from chalicelib.model.schedules import RunStatus
from chalicelib.model.status_changes import ExportChange
from chalicelib.schedules.request import to_export_request
from chalicelib.schedules.service import ScheduleChanges, change_schedule, delete_schedule
from tests.export_world import with_limits
from tests.scheduling import DAY_S, HOUR_S, ScheduleWorld
from tests.world import NOW, OURS


@pytest.fixture
def world() -> ScheduleWorld:
    world = ScheduleWorld()
    world.write("con_1", {"name": "Ann"})
    return world


def fail(world: ScheduleWorld, export_id: str) -> None:
    change = ExportChange(to=ExportStatus.FAILED, at=world.now, reason="internal_error: so")
    assert world.stores.exports.change(OURS, export_id, change)  # type: ignore[arg-type]


def test_nothing_is_fired_before_it_is_due(world: ScheduleWorld) -> None:
    schedule = world.schedule()

    counts = world.run_due_schedules(HOUR_S - 1)

    assert (counts.fired, world.runs(schedule)) == (0, [])


def test_a_due_time_becomes_an_export_and_its_run_is_completed(world: ScheduleWorld) -> None:
    schedule = world.schedule()

    world.run_due_time()

    (run,) = world.runs(schedule)
    assert (run.due_at, run.status, run.rows, run.until_ms) == (NOW + HOUR_S, RunStatus.COMPLETED, 1, None)
    assert world.delivered(run) == {"con_1": "Ann"}
    assert world.stored(schedule).next_due_at == NOW + 2 * HOUR_S
    assert world.export_of(run).created_by == schedule.schedule_id


def test_a_run_whose_export_is_under_way_stays_open(world: ScheduleWorld) -> None:
    schedule = world.schedule()
    world.run_due_schedules(HOUR_S)

    world.run_due_schedules(60)

    assert [run.status for run in world.runs(schedule)] == [RunStatus.STARTED]


def test_a_failed_export_fails_its_run_with_the_reason(world: ScheduleWorld) -> None:
    schedule = world.schedule()
    world.run_due_schedules(HOUR_S)
    fail(world, world.runs(schedule)[0].export_id)

    counts = world.run_due_schedules()

    (run,) = world.runs(schedule)
    assert (run.status, run.reason, counts.failed) == (RunStatus.FAILED, "internal_error: so", 1)


def test_due_times_that_were_slept_through_are_fired_in_order(world: ScheduleWorld) -> None:
    schedule = world.schedule()

    world.run_due_schedules(3 * HOUR_S + 5)

    assert [run.due_at - NOW for run in world.runs(schedule)] == [HOUR_S, 2 * HOUR_S, 3 * HOUR_S]


def test_one_round_makes_up_no_more_than_its_limit(world: ScheduleWorld) -> None:
    schedule = world.schedule()

    numbers = [world.run_due_schedules(after_s).fired for after_s in (13 * HOUR_S, 0, 0)]

    assert numbers == [10, 3, 0]
    assert len(world.runs(schedule)) == 13


def test_what_was_due_before_the_catch_up_window_is_one_entry_that_tells_how_many(world: ScheduleWorld) -> None:
    schedule = world.schedule("rate(6 hours)")

    world.run_due_schedules(2 * DAY_S + 1)

    missed, *fired = world.runs(schedule)
    assert (missed.status, missed.missed, missed.due_at, missed.missed_until) == (
        RunStatus.MISSED,
        4,
        NOW + 6 * HOUR_S,
        NOW + 24 * HOUR_S,
    )
    assert [run.due_at - NOW for run in fired] == [30 * HOUR_S, 36 * HOUR_S, 42 * HOUR_S, 48 * HOUR_S]


def test_more_missed_due_times_than_can_be_counted_are_passed_over_at_once(world: ScheduleWorld) -> None:
    schedule = world.schedule("rate(1 minute)")

    world.run_due_schedules(60 * DAY_S)

    missed, *fired = world.runs(schedule)
    assert missed.missed == 10_000
    assert fired[0].due_at == NOW + 59 * DAY_S


@pytest.mark.parametrize("spoilt", [{"expression": "cron(0 9 1 * MON *)"}, {"time_zone": "localtime"}])
def test_a_schedule_that_is_no_longer_understood_pauses_and_says_so(
    world: ScheduleWorld, spoilt: dict[str, str]
) -> None:
    schedule = world.schedule()
    assert world.stores.schedules.replace(replace(schedule, **spoilt, revision=schedule.revision + 1))  # type: ignore[arg-type]

    first, second = world.run_due_schedules(HOUR_S), world.run_due_schedules(HOUR_S)

    (run,) = world.runs(schedule)
    assert (run.status, str(run.reason).startswith("paused: Th")) == (RunStatus.FAILED, True)
    assert (world.stored(schedule).is_paused, world.stored(schedule).next_due_at) == (True, None)
    assert (first.fired, first.troubled, second.fired, second.troubled) == (1, 0, 0, 0)


def test_a_paused_schedule_fires_nothing_and_makes_up_nothing(world: ScheduleWorld) -> None:
    schedule = world.schedule(is_paused=True)
    world.run_due_schedules(5 * HOUR_S)

    changes = ScheduleChanges(given={"is_paused": False})
    resumed = change_schedule(world.context, world.caller(), schedule.schedule_id, changes)
    world.run_due_schedules()

    assert world.runs(schedule) == []
    assert resumed.next_due_at == NOW + 6 * HOUR_S


def test_a_deleted_schedule_fires_nothing_but_what_it_began_ends(world: ScheduleWorld) -> None:
    schedule = world.schedule()
    world.run_due_schedules(HOUR_S)
    delete_schedule(world.context, world.caller(), schedule.schedule_id)

    world.run_due_time()

    assert [run.status for run in world.runs(schedule)] == [RunStatus.COMPLETED]


def test_an_export_that_was_deleted_before_it_was_seen_fails_its_run(world: ScheduleWorld) -> None:
    schedule = world.schedule()
    world.run_due_schedules(HOUR_S)
    world.run_exports()
    service.delete(world.context, world.caller(), world.runs(schedule)[0].export_id)

    world.run_due_schedules()

    (run,) = world.runs(schedule)
    assert (run.status, run.reason) == (
        RunStatus.FAILED,
        "deleted: the export was deleted before it had been delivered.",
    )


def test_files_are_delivered_under_keys_made_of_schedule_and_due_time(world: ScheduleWorld) -> None:
    schedule = world.schedule("0 23 * * *", destination="reports/daily")

    world.run_due_time(DAY_S)

    (run,) = world.runs(schedule)
    folder = f"deliveries/{OURS}/reports/daily/{schedule.schedule_id}/2023-11-14T23-00-00Z"
    assert [one.key for one in run.delivered] == [f"{folder}.json", f"{folder}.manifest.json"]
    assert world.stores.files.read_file(f"{folder}.json") == world.content(world.export_of(run), "json")


def test_files_that_expired_before_they_were_delivered_fail_the_run(world: ScheduleWorld) -> None:
    schedule = world.schedule(destination="reports")
    world.run_due_schedules(HOUR_S)
    world.run_exports()
    export = world.export_of(world.runs(schedule)[0])
    world.stores.exports.change(OURS, export.export_id, ExportChange(to=ExportStatus.EXPIRED, at=world.now))

    world.run_due_schedules()

    assert (
        world.runs(schedule)[0].reason == "expired: the files of the export were gone before they had been delivered."
    )


def test_the_first_incremental_run_brings_everything_and_the_next_what_has_changed(world: ScheduleWorld) -> None:
    world.write("con_2", {"name": "Bob"})
    schedule = world.schedule(is_incremental=True)
    world.run_due_time()
    world.write("con_1", None, at=world.now)
    world.write("con_3", {"name": "Cid"}, at=world.now)

    world.run_due_time()
    world.run_due_time()

    first, second, third = world.runs(schedule)
    assert world.delivered(first) == {"con_1": "Ann", "con_2": "Bob"}
    assert world.delivered(second) == {"con_1": None, "con_3": "Cid"}
    assert world.delivered(third) == {}
    assert (first.is_full, second.since_ms, third.since_ms) == (True, first.until_ms, second.until_ms)


def test_a_change_within_the_lag_is_left_for_the_next_run(world: ScheduleWorld) -> None:
    schedule = world.schedule(is_incremental=True)
    world.write("con_2", {"name": "Bob"}, at=NOW + HOUR_S - 60)

    world.run_due_time()
    world.run_due_time()

    first, second = world.runs(schedule)
    assert (world.delivered(first), world.delivered(second)) == ({"con_1": "Ann"}, {"con_2": "Bob"})


def test_an_incremental_due_time_waits_while_the_run_before_it_is_open(world: ScheduleWorld) -> None:
    schedule = world.schedule(is_incremental=True)
    world.run_due_schedules(HOUR_S)

    waiting = world.run_due_schedules(HOUR_S)
    world.run_exports()
    going_on = world.run_due_schedules()

    assert (waiting.fired, going_on.fired) == (0, 1)
    assert [run.due_at - NOW for run in world.runs(schedule)] == [HOUR_S, 2 * HOUR_S]


def test_what_a_failed_run_did_not_deliver_is_delivered_by_the_next(world: ScheduleWorld) -> None:
    schedule = world.schedule(is_incremental=True)
    world.run_due_time()
    world.write("con_2", {"name": "Bob"}, at=world.now)
    world.run_due_schedules(HOUR_S)
    fail(world, world.runs(schedule)[1].export_id)
    world.run_due_schedules()

    world.run_due_time()

    first, failed, third = world.runs(schedule)
    assert (failed.status, third.since_ms) == (RunStatus.FAILED, first.until_ms)
    assert world.delivered(third) == {"con_2": "Bob"}


def test_missed_due_times_lose_no_change(world: ScheduleWorld) -> None:
    schedule = world.schedule("rate(1 day)", is_incremental=True)
    world.run_due_time(DAY_S)
    world.write("con_2", {"name": "Bob"}, at=world.now)

    world.run_due_time(5 * DAY_S)

    first, missed, last, *_ = world.runs(schedule)
    assert (missed.status, last.since_ms) == (RunStatus.MISSED, first.until_ms)
    assert world.delivered(last) == {"con_2": "Bob"}


def test_a_window_older_than_tombstones_begins_anew(world: ScheduleWorld) -> None:
    schedule = world.schedule("rate(31 days)", is_incremental=True)
    world.run_due_time(31 * DAY_S)

    world.run_due_time(31 * DAY_S)

    second = world.runs(schedule)[1]
    assert (second.status, second.is_full) == (RunStatus.COMPLETED, True)
    assert world.delivered(second) == {"con_1": "Ann"}


def test_a_changed_export_is_delivered_from_the_beginning(world: ScheduleWorld) -> None:
    schedule = world.schedule(is_incremental=True)
    world.run_due_time()
    again = replace(to_export_request(world.runs(schedule)[0]), since_ms=None, fields=("id", "name", "updated_at"))
    change_schedule(
        world.context, world.caller(), schedule.schedule_id, ScheduleChanges(given={}, export=again, asked={})
    )

    world.run_due_time()

    assert [run.is_full for run in world.runs(schedule)] == [True, True]


def test_a_round_whose_time_is_over_leaves_the_rest_to_the_next() -> None:
    world = ScheduleWorld(with_limits(schedule_run_time_s=0))
    for _ in range(2):
        world.schedule()

    numbers = [world.run_due_schedules(after_s).fired for after_s in (HOUR_S, 0)]

    assert numbers[0] == 1
