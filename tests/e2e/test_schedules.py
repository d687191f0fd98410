"""Export schedules over the deployed stack: due times become exports, and those become files in their place."""

import json
import time
from collections.abc import Callable

import pytest

from tests.e2e.packagex_client import JSON, WAIT_S, PackageXClient
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

EXPORT = {"resource": "customers", "format": "json", "fields": ["id", "name"]}
LAG_S = 1
"""The lag of the stack: what was written a moment ago belongs to the next window."""
ENDED = ("completed", "failed", "missed")


def schedule(client: PackageXClient, **wanted: object) -> JSON:
    made: JSON = client.post("/v1/export-schedules", {"schedule": "rate(1 day)", "export": EXPORT} | wanted).data
    return made


def runs(client: PackageXClient, made: JSON) -> list[JSON]:
    """Returns the runs of a schedule, the latest first."""
    listed: list[JSON] = client.get(f"/v1/export-schedules/{made['id']}/runs").data
    return listed


def wait_for(client: PackageXClient, made: JSON, is_there: Callable[[JSON], bool]) -> JSON:
    """The latest run."""
    begun = time.monotonic()
    while not is_there(latest := runs(client, made)[0]):
        assert time.monotonic() - begun < WAIT_S, latest
        time.sleep(0.1)
    return latest


def fire(client: PackageXClient, internals: StackInternals, made: JSON) -> JSON:
    """Runs one due time until its run has ended. Two sweeps see it, of which one fires it."""
    time.sleep(LAG_S + 0.1)
    internals.make_due(made)
    internals.run_schedules()
    wait_for(client, made, lambda run: run["export"]["status"] not in ("queued", "processing"))
    internals.run_schedules()
    return wait_for(client, made, lambda run: run["status"] in ENDED)


def rows(internals: StackInternals, run: JSON) -> dict[str, bool]:
    """Returns for each delivered row whether it was deleted, by its name, or by its id without one."""
    key = next(one["key"] for one in run["delivered"] if one["format"] == "json")
    return {row["name"] or row["id"]: row.get("_deleted", False) for row in json.loads(internals.read(key))}


def test_changes_are_delivered_once_deletions_included(client: PackageXClient, internals: StackInternals) -> None:
    client.run_records([{"name": name, "email": f"{name}@example.com"} for name in ("Ann", "Ben", "Cy")])
    made = schedule(client, incremental=True, destination="reports/daily", name="Every day")

    first = fire(client, internals, made)
    client.run_records([{"email": "Ben@example.com"}], action="delete")
    client.run_records([{"name": "Dan", "email": "dan@example.com"}])
    second = fire(client, internals, made)
    third = fire(client, internals, made)

    assert [run["status"] for run in (first, second, third)] == ["completed"] * 3
    assert (first["full"], rows(internals, first)) == (True, {"Ann": False, "Ben": False, "Cy": False})
    changed = rows(internals, second)
    assert (changed.pop("Dan"), list(changed.values())) == (False, [True])
    assert (second["since"], rows(internals, third)) == (first["until"], {})
    folder = f"deliveries/{made['organization_id']}/reports/daily/{made['id']}/"
    assert {one["key"].startswith(folder) for run in (first, second, third) for one in run["delivered"]} == {True}


def test_a_failed_export_shows_its_reason_in_the_history(client: PackageXClient, internals: StackInternals) -> None:
    client.run_records([{"name": "Ann", "email": "ann@example.com"}])
    made = schedule(client)
    internals.make_due(made)
    internals.run_schedules()
    client.post(f"/v1/exports/{runs(client, made)[0]['export_id']}", {"status": "canceled"})

    internals.run_schedules()

    (run,) = runs(client, made)
    ended = {"failed": "canceled", "completed": None}
    assert run["reason"] == ended[run["status"]]


def test_a_paused_schedule_is_not_fired(client: PackageXClient, internals: StackInternals) -> None:
    made = schedule(client, paused=True)

    internals.run_schedules()
    resumed = client.post(f"/v1/export-schedules/{made['id']}", {"paused": False, "time_zone": "Europe/Berlin"}).data

    assert (made["next_due_at"], runs(client, made)) == (None, [])
    assert (resumed["paused"], resumed["next_due_at"] > time.time()) == (False, True)


def test_another_tenant_sees_nothing_of_it(client: PackageXClient, tenants: Tenants) -> None:
    made = schedule(client)
    stranger = tenants.client()
    path = f"/v1/export-schedules/{made['id']}"

    found = [stranger.get(path), stranger.get(f"{path}/runs"), stranger.post(path, {"paused": True})]

    assert [one.refusal for one in found] == [(404, "schedule_not_found", [])] * 3
    assert stranger.get("/v1/export-schedules").data == []
    assert stranger.request("DELETE", path).refusal == (404, "schedule_not_found", [])
    assert client.request("DELETE", path).data == {"object": "export_schedule", "id": made["id"], "deleted": True}
    assert client.get(path).refusal == (404, "schedule_not_found", [])
