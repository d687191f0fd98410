"""What cannot be scheduled is refused before anything is written, and the parameter is named."""

from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.exports.request import ExportRequest
from chalicelib.model.ids import ScheduleId
from chalicelib.model.schedules import Schedule, ScheduleRun
from chalicelib.schedules.request import (
    DESTINATION_CHARACTERS,
    ScheduleRequest,
    checked_destination,
    draft_schedule,
    to_export_request,
)
from tests.world import NOW, OURS, World


def drafted(world: World, *, export: dict[str, Any] | None = None, **given: Any) -> Schedule:
    options: dict[str, Any] = {"dialect": "packagex", "resource": "contacts", "fields": ("id", "name")}
    given = {"expression": "rate(1 hour)"} | given
    request = ScheduleRequest(export=ExportRequest(**(options | (export or {}))), **given)
    return draft_schedule(world.context, world.caller(), request, ScheduleId("sch_1"))


def test_a_schedule_is_due_from_now_on() -> None:
    schedule = drafted(World())

    assert (schedule.tenant_id, schedule.anchor_at, schedule.next_due_at) == (OURS, NOW, NOW + 3600)


def test_a_paused_schedule_is_not_due() -> None:
    assert drafted(World(), is_paused=True).next_due_at is None


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        pytest.param({"expression": "sometimes"}, "invalid_schedule", "schedule", id="expression"),
        pytest.param({"time_zone": "Mars/Base"}, "invalid_time_zone", "time_zone", id="time zone"),
        pytest.param({"name": "ab"}, "invalid_parameter", "name", id="name"),
        pytest.param({"destination": "../up"}, "invalid_parameter", "destination", id="destination"),
        pytest.param({"asked": {"limit": 1 << 70}}, "invalid_parameter", "export", id="what was asked for"),
        pytest.param({"export": {"resource": "ghosts"}}, "unknown_resource", "export.resource", id="resource"),
        pytest.param({"export": {"since_ms": 1}}, "invalid_parameter", "export.since", id="a time of its own"),
        pytest.param(
            {"is_incremental": True, "export": {"limit": 5}}, "invalid_parameter", "export.options.limit", id="end"
        ),
        pytest.param(
            {"is_incremental": True, "export": {"fields": ("name",)}}, "invalid_parameter", "export.fields", id="no id"
        ),
    ],
)
def test_what_cannot_be_scheduled_is_refused(given: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(Refused) as refusal:
        drafted(World(), **given)

    assert (refusal.value.code, refusal.value.param) == (code, param)


TOO_LONG = "x" * (DESTINATION_CHARACTERS + 1)


@pytest.mark.parametrize("destination", ["", "/a", "a/", "a//b", ".", "a/..", "ä", "a b", TOO_LONG])
def test_a_destination_is_made_of_folders(destination: str) -> None:
    with pytest.raises(Refused):
        checked_destination(destination)


@pytest.mark.parametrize("destination", [None, "a", "reports/daily", "a.b/..c/(d)"])
def test_folders_are_a_destination(destination: str | None) -> None:
    assert checked_destination(destination) == destination


def test_a_run_asks_for_the_export_of_its_template() -> None:
    schedule = drafted(World(), export={"order_by": "name", "limit": 7})
    run = ScheduleRun(
        schedule_id=schedule.schedule_id,
        tenant_id=OURS,
        due_at=NOW,
        template=schedule.template,
        since_ms=5,
        fired_at=NOW,
        forgotten_at=NOW + 1,
    )

    request = to_export_request(run)

    assert (request.resource, request.fields, request.order_by) == ("contacts", ("id", "name"), "name")
    assert (request.limit, request.since_ms) == (7, 5)
