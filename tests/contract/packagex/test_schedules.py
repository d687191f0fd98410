"""Export schedules through the PackageX dialect: whole bodies, from the request to the history."""

import json
from typing import Any

import pytest

from chalicelib.model.exports import ExportStatus
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.status_changes import ExportChange
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.export_world import with_limits
from tests.scheduling import DAY_S, HOUR_S, ScheduleWorld
from tests.world import NOW, OURS, a_schedule

PATH = "/v1/export-schedules"
EXPORT = {"resource": "contact", "format": "json", "fields": ["id", "name"]}


@pytest.fixture
def world() -> ScheduleWorld:
    world = ScheduleWorld()
    world.write("con_1", {"name": "Ann"})
    return world


@pytest.fixture
def client(world: ScheduleWorld) -> PackageXClient:
    return PackageXClient(world)


def made(client: PackageXClient, **body: Any) -> JSON:
    response = client.post(PATH, {"schedule": "rate(1 hour)", "export": EXPORT} | body)
    assert response.status_code == 201, response.json_body
    data: JSON = response.json_body["data"]
    return data


def schedule_body(**given: object) -> JSON:
    """A schedule that was just asked for."""
    return {
        "object": "export_schedule",
        "id": "sch_1",
        "organization_id": OURS,
        "name": None,
        "schedule": "rate(1 hour)",
        "time_zone": "UTC",
        "export": EXPORT,
        "incremental": False,
        "destination": None,
        "paused": False,
        "next_due_at": NOW + HOUR_S,
        "last_due_at": None,
        "created_by": "key_test",
        "created_at": NOW,
        "updated_at": NOW,
        "updated_by": "key_test",
    } | given


def test_a_schedule_is_created(client: PackageXClient) -> None:
    body = {
        "name": "Every night",
        "schedule": "cron(30 1 * * ? *)",
        "time_zone": "Europe/Berlin",
        "export": EXPORT,
        "incremental": True,
        "destination": "reports/daily",
    }

    response = client.post(PATH, body)

    data = schedule_body(**body | {"next_due_at": 1_700_008_200})
    assert response.headers["Location"] == f"https://api.example.com{PATH}/{data['id']}"
    assert response.json_body == enveloped(data, "Export schedule created.", PATH, status=201)


def test_a_schedule_is_returned_listed_and_deleted(client: PackageXClient) -> None:
    client.world.stores.schedules.add(a_schedule(), limit=9)
    path = f"{PATH}/sch_1"

    found, listed = client.get(path), client.get(PATH)
    deleted = client.request("DELETE", path)

    pagination = {"limit": 10, "page": 1, "has_more": False, "total_count": 1}
    assert found.json_body == enveloped(schedule_body(), "Export schedule retrieved.", path)
    assert listed.json_body == enveloped([schedule_body()], "Export schedules retrieved.", PATH, pagination=pagination)
    data = {"object": "export_schedule", "id": "sch_1", "deleted": True}
    assert deleted.json_body == enveloped(data, "Export schedule deleted.", path)
    assert refusal(client.get(path)) == (404, "schedule_not_found", [])


def test_schedules_are_listed_newest_first_with_pages(client: PackageXClient) -> None:
    for number in range(3):
        client.world.stores.schedules.add(a_schedule(f"sch_{number}", created_at=NOW + number), limit=9)

    page = client.get(f"{PATH}?limit=2&page=1").json_body

    assert [one["id"] for one in page["data"]] == ["sch_2", "sch_1"]
    assert page["pagination"] == {"limit": 2, "page": 1, "has_more": True, "total_count": 3}


def test_whatever_is_given_is_changed(client: PackageXClient) -> None:
    client.world.stores.schedules.add(a_schedule(name="Old", destination="old"), limit=9)
    changes = {
        "name": "New",
        "schedule": "0 12 * * *",
        "time_zone": "Asia/Tokyo",
        "export": EXPORT | {"fields": ["id"]},
        "destination": None,
    }

    response = client.post(f"{PATH}/sch_1", changes)

    data = schedule_body(**changes | {"next_due_at": 1_700_017_200})
    assert response.json_body == enveloped(data, "Export schedule updated.", f"{PATH}/sch_1")


def test_a_pause_leaves_nothing_due_and_its_end_makes_nothing_up(client: PackageXClient) -> None:
    client.world.stores.schedules.add(a_schedule(), limit=9)

    paused = client.post(f"{PATH}/sch_1", {"paused": True}).json_body["data"]
    client.world.now += DAY_S
    resumed = client.post(f"{PATH}/sch_1", {"paused": False}).json_body["data"]

    assert paused == schedule_body(paused=True, next_due_at=None)
    assert resumed == schedule_body(updated_at=NOW + DAY_S, next_due_at=NOW + DAY_S + HOUR_S)


def test_a_new_name_leaves_the_next_due_time_as_it_was(client: PackageXClient) -> None:
    client.world.stores.schedules.add(a_schedule(), limit=9)
    client.world.now += 60

    renamed = client.post(f"{PATH}/sch_1", {"name": "Mine"}).json_body["data"]

    assert renamed == schedule_body(name="Mine", updated_at=NOW + 60)


def test_the_history_tells_of_every_run(world: ScheduleWorld, client: PackageXClient) -> None:
    schedule = made(client, destination="reports", incremental=True)
    world.run_due_time()
    world.run_due_schedules(HOUR_S)

    response = client.get(f"{PATH}/{schedule['id']}/runs")

    body = response.json_body
    second, first = body["data"]
    folder = f"deliveries/{OURS}/reports/{schedule['id']}/2023-11-14T23-13-20Z"
    assert [one.pop("key") for one in first["delivered"]] == [f"{folder}.json", f"{folder}.manifest.json"]
    assert {one["rows"] for one in first["delivered"]} == {1}
    progress = second.pop("export").pop("progress")
    assert (progress["rows"], first.pop("export")["status"]) == (None, "completed")
    assert first | {"delivered": []} == {
        "object": "export_schedule_run",
        "schedule_id": schedule["id"],
        "due_at": NOW + HOUR_S,
        "status": "completed",
        "reason": None,
        "fired_at": NOW + HOUR_S,
        "ended_at": NOW + HOUR_S,
        "export_id": first["export_id"],
        "full": True,
        "since": "1970-01-01T00:00:00Z",
        "until": "2023-11-14T22:57:20Z",
        "rows": 1,
        "delivered": [],
        "missed": 0,
        "missed_until": None,
    }
    assert (second["status"], second["since"], second["full"]) == ("started", first["until"], False)
    assert body["pagination"] == {"limit": 10, "page": 1, "has_more": False, "total_count": 2}


def test_a_failure_shows_its_reason(world: ScheduleWorld, client: PackageXClient) -> None:
    schedule = made(client)
    world.run_due_schedules(HOUR_S)
    path = f"{PATH}/{schedule['id']}/runs"
    (running,) = client.get(path).json_body["data"]
    change = ExportChange(to=ExportStatus.FAILED, at=NOW, reason="internal_error: so")
    world.stores.exports.change(OURS, running["export_id"], change)

    world.run_due_schedules()

    (failed,) = client.get(path).json_body["data"]
    assert (running["status"], running["export"]["status"]) == ("started", "queued")
    assert (failed["status"], failed["reason"]) == ("failed", "internal_error: so")


def test_missed_due_times_show_their_number(world: ScheduleWorld, client: PackageXClient) -> None:
    schedule = made(client, schedule="rate(1 day)")
    world.run_due_schedules(4 * DAY_S + 1)

    *_, missed = client.get(f"{PATH}/{schedule['id']}/runs").json_body["data"]

    found = {name: missed[name] for name in ("status", "missed", "missed_until", "export_id", "export")}
    assert found == {
        "status": "missed",
        "missed": 3,
        "missed_until": NOW + 3 * DAY_S,
        "export_id": None,
        "export": None,
    }


BLANK = {"field": "name", "operator": "is_null"}

REFUSED: dict[str, tuple[JSON, str]] = {
    "schedule": ({"schedule": "often"}, "schedule"),
    "cron without a year": ({"schedule": "cron(0 1 * * ?)"}, "schedule"),
    "cron with both days": ({"schedule": "cron(0 9 1 * MON *)"}, "schedule"),
    "no day of the week": ({"schedule": "cron(0 9 ? * MOON *)"}, "schedule"),
    "a machine's own zone": ({"time_zone": "localtime"}, "time_zone"),
    "never due": ({"schedule": "0 0 30 2 *"}, "schedule"),
    "time zone": ({"time_zone": "Mars/Phobos"}, "time_zone"),
    "no export": ({"export": None}, "export"),
    "unknown": ({"colour": "red"}, "colour"),
    "name": ({"name": "a"}, "name"),
    "resource": ({"export": {"resource": "ghosts"}}, "export.resource"),
    "parameter of the export": ({"export": {"resource": "contact", "colour": "red"}}, "export.colour"),
    "field": ({"export": EXPORT | {"fields": ["ghost"]}}, "export.ghost"),
    "since": ({"export": EXPORT | {"since": NOW}}, "export.since"),
    "format": ({"export": {"resource": "contact", "format": "csv", "formats": ["csv"]}}, "export.formats"),
    "limit": ({"incremental": True, "export": EXPORT | {"options": {"limit": 3}}}, "export.options.limit"),
    "conditions": (
        {"export": EXPORT | {"options": {"filters": [{"conditions": [BLANK] * 60}, {"conditions": [BLANK] * 41}]}}},
        "export.filters",
    ),
    "no id": ({"incremental": True, "export": EXPORT | {"fields": ["name"]}}, "export.fields"),
}
DESTINATIONS: dict[str, tuple[JSON, str]] = {
    f"destination {one!r}": ({"destination": one}, "destination")
    for one in ("", "/a", "a/", "a//b", "..", "a/../b", ".", "a\n", "a b", "ä", "a\\b", "a" * 201, "a\u0000")
}


REFUSED |= DESTINATIONS


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_scheduled_is_refused(client: PackageXClient, name: str) -> None:
    body, param = REFUSED[name]

    response = client.post(PATH, {"schedule": "rate(1 hour)", "export": EXPORT} | body)

    status, code, errors = refusal(response)
    assert (status, code, [error.split(":")[0] for error in errors]) == (400, "validation_failed", [param])


@pytest.mark.parametrize("body", [{}, {"schedule": None}, {"paused": None}, {"export": None}, {"incremental": True}])
def test_what_cannot_be_changed_is_refused(client: PackageXClient, body: JSON) -> None:
    client.world.stores.schedules.add(a_schedule(), limit=9)

    assert refusal(client.post(f"{PATH}/sch_1", body))[:2] == (400, "validation_failed")


@pytest.mark.parametrize("destination", ["a", "a/b", "reports/2024.daily/x_y-z", "..a", "a..", "(1)'*!"])
def test_folders_of_safe_characters_are_destinations(client: PackageXClient, destination: str) -> None:
    assert made(client, destination=destination)["destination"] == destination


def test_a_tenant_has_no_more_schedules_than_its_limit() -> None:
    client = PackageXClient(ScheduleWorld(with_limits(tenant_schedules=1)))
    first = made(client)

    refused = client.post(PATH, {"schedule": "rate(1 hour)", "export": EXPORT})
    client.request("DELETE", f"{PATH}/{first['id']}")

    assert (DEFAULT_LIMITS.tenant_schedules, refusal(refused)) == (100, (409, "too_many_schedules", []))
    assert made(client)["id"] != first["id"]


@pytest.mark.parametrize("path", ["/sch_2", "/sch_2/runs", "/..%2f", "/sch_1/else", "/sch_1/runs/else"])
def test_what_is_not_there_is_not_found(client: PackageXClient, path: str) -> None:
    client.world.stores.schedules.add(a_schedule(), limit=9)

    status, code, _ = refusal(client.get(f"{PATH}{path}"))

    assert (status, code) == (404, "not_found" if path.endswith("else") else "schedule_not_found")


def test_a_post_with_an_idempotency_key_makes_one_schedule(client: PackageXClient) -> None:
    body = json.dumps({"schedule": "rate(1 hour)", "export": EXPORT}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "one"}

    first, again = (client.request("POST", PATH, body=body, headers=headers) for _ in range(2))

    assert first.json_body == again.json_body
    assert client.get(PATH).json_body["pagination"]["total_count"] == 1
