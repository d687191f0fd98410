"""Which run a due time becomes: now, missed, or waiting for the one before."""

from dataclasses import replace

import pytest

from chalicelib.model.exports import FROM_THE_BEGINNING_MS
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.schedules.due import COUNTED, NextRun, PreviousRunOpen, find_next_run
from tests.world import NOW, a_schedule

HOUR_S = 3600
CATCH_UP_S = DEFAULT_LIMITS.schedule_catch_up_s


def found(schedule: Schedule, last: ScheduleRun | None = None, *, now: int = NOW + HOUR_S) -> NextRun:
    next_run = find_next_run(schedule, last, now=now, limits=DEFAULT_LIMITS)
    assert next_run is not None
    return next_run


@pytest.mark.parametrize("schedule", [a_schedule(), a_schedule(next_due_at=None)], ids=["later", "paused"])
def test_nothing_is_due_before_its_time(schedule: Schedule) -> None:
    assert find_next_run(schedule, None, now=NOW + HOUR_S - 1, limits=DEFAULT_LIMITS) is None


def test_a_due_time_becomes_a_run_and_the_schedule_moves_on() -> None:
    next_run = found(a_schedule(destination="daily"))

    assert (next_run.run.due_at, next_run.next_due_at) == (NOW + HOUR_S, NOW + 2 * HOUR_S)
    assert (next_run.run.status, next_run.run.destination) == (RunStatus.DUE, "daily")
    assert next_run.run.since_ms is None


def test_due_times_before_the_catch_up_window_are_one_missed_run() -> None:
    now = NOW + CATCH_UP_S + 10 * HOUR_S + 1

    next_run = found(a_schedule(), now=now)

    assert next_run.run.status is RunStatus.MISSED
    assert (next_run.run.missed, next_run.run.missed_until) == (10, NOW + 10 * HOUR_S)
    assert next_run.next_due_at == NOW + 11 * HOUR_S


def test_missed_due_times_are_counted_up_to_a_limit() -> None:
    now = NOW + CATCH_UP_S + (COUNTED + 500) * HOUR_S

    next_run = found(a_schedule(), now=now)

    assert next_run.run.missed == COUNTED
    assert next_run.next_due_at is not None
    assert next_run.next_due_at >= now - CATCH_UP_S


def test_an_expression_that_is_no_longer_understood_pauses_the_schedule() -> None:
    next_run = found(a_schedule(expression="now and then"))

    assert (next_run.run.status, next_run.next_due_at) == (RunStatus.FAILED, None)
    assert (next_run.run.reason or "").startswith("paused: ")


def test_the_first_incremental_run_begins_with_everything() -> None:
    assert found(a_schedule(is_incremental=True)).run.since_ms == FROM_THE_BEGINNING_MS


def test_an_incremental_run_begins_where_the_last_one_ended() -> None:
    schedule = a_schedule(is_incremental=True)
    before = replace(found(schedule).run, status=RunStatus.COMPLETED, until_ms=NOW * 1000)

    assert found(schedule, before).run.since_ms == NOW * 1000
    assert found(replace(schedule, series=2), before).run.since_ms == FROM_THE_BEGINNING_MS


def test_an_incremental_run_waits_while_the_one_before_it_is_open() -> None:
    schedule = a_schedule(is_incremental=True)

    with pytest.raises(PreviousRunOpen):
        found(schedule, found(schedule).run)
