"""Export schedules and their runs as PackageX would show them."""

from dataclasses import replace

from chalicelib.api.packagex.schedules.openapi import FEATURE
from chalicelib.api.packagex.schedules.responses import render_schedule
from chalicelib.api.packagex.schedules.routes import list_runs
from tests.world import a_schedule


def test_a_schedule_is_rendered_with_what_was_asked_for() -> None:
    schedule = a_schedule(name="Every hour")

    rendered = render_schedule(schedule)

    assert rendered["export"] == schedule.asked
    assert (rendered["name"], rendered["schedule"], rendered["last_due_at"]) == ("Every hour", "rate(1 hour)", None)


def test_a_paused_schedule_says_so() -> None:
    assert render_schedule(replace(a_schedule(), is_paused=True))["paused"] is True


def test_a_run_shows_its_window_to_the_millisecond() -> None:
    [success] = FEATURE.operations[list_runs].successes
    [run] = success.examples["an answer"]["data"]  # type: ignore[index] # JSON

    assert (run["since"], run["until"]) == ("1970-01-01T00:00:00Z", "2025-11-24T16:44:00Z")
    assert run["missed"] == 0
