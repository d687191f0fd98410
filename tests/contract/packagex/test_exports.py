"""Asynchronous exports through the PackageX dialect: whole bodies, from the request to the files."""

import json
from typing import Any

import pytest

from chalicelib.formats.registry import WRITABLE
from chalicelib.model.exports import ExportStatus
from chalicelib.model.ids import ExportId
from chalicelib.model.write_options import LineEnd
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.export_world import ExportWorld, run_export
from tests.world import NOW, OURS, an_export


@pytest.fixture
def world() -> ExportWorld:
    world = ExportWorld()
    people = [("Ann", "2024-01-02"), ("Ben", "2023-06-01"), ("=Cy", None), ("Dan", "2024-05-01")]
    for number, (name, joined) in enumerate(people):
        world.write(f"con_{number}", {"name": name, "notes": joined, "status": "active"}, at=NOW - 100 + number)
    return world


@pytest.fixture
def client(world: ExportWorld) -> PackageXClient:
    return PackageXClient(world)


def request_export(client: PackageXClient, **body: Any) -> JSON:
    response = client.post("/v1/exports", {"resource": "contact"} | body)
    assert response.status_code == 201, response.json_body
    data: JSON = response.json_body["data"]
    return data


def run(world: ExportWorld, client: PackageXClient, *formats: str, **body: Any) -> JSON:
    """The export as it is shown at its end, with links."""
    export_id = request_export(client, **({"formats": list(formats)} if formats else {}), **body)["id"]
    export = world.stores.exports.find(OURS, ExportId(export_id))
    assert export is not None
    run_export(world.steps, export)
    query = "&".join(f"include_{one}=true" for one in (*WRITABLE, "manifest"))
    data: JSON = client.get(f"/v1/exports/{export_id}?{query}").json_body["data"]
    return data


def rows(world: ExportWorld, shown: JSON, format_: str = "json") -> list[dict[str, Any]]:
    export = world.stores.exports.find(OURS, ExportId(shown["id"]))
    assert export is not None
    return world.rows(export, format_)


NO_LINKS = {f"_{name}_url": None for name in (*WRITABLE, "csv_error", "csv_sanitized", "manifest")}


def export_body(**given: object) -> JSON:
    """An export that was just asked for."""
    return {
        "object": "export",
        "id": "exp_1",
        "organization_id": OURS,
        "resource": "contact",
        "status": "queued",
        "reason": None,
        "name": None,
        "formats": ["csv", "json"],
        "fields": ["id", "name"],
        "options": {},
        "since": None,
        "progress": {
            "shards_total": 0,
            "shards_done": 0,
            "records_read": 0,
            "records_selected": 0,
            "rows": None,
            "rows_total": None,
            "rows_written": 0,
        },
        "files": [],
        "snapshot_at": None,
        "until": None,
        "expires_at": None,
        "created_by": "key_test",
        "created_at": NOW,
        "started_at": None,
        "ended_at": None,
        "updated_at": NOW,
        "updated_by": "key_test",
        **NO_LINKS,
    } | given


def test_an_export_is_created(client: PackageXClient) -> None:
    body = {"resource": "contacts", "name": "All of them", "fields": ["id", "name"], "options": {"limit": "all"}}

    response = client.post("/v1/exports", body)

    data = export_body(name="All of them", options={"limit": "all"})
    assert response.headers["Location"] == "https://api.example.com/v1/exports/exp_1"
    assert response.json_body == enveloped(data, "Export created.", "/v1/exports", status=201)


def test_a_completed_export_leads_to_its_files(world: ExportWorld, client: PackageXClient) -> None:
    found = run(world, client, "json", fields=["id", "name"], options={"order_by": "name", "limit": 2})

    file = {name: found["files"][0][name] for name in ("format", "filename", "rows")}
    export = world.stores.exports.find(OURS, ExportId(found["id"]))
    assert export is not None
    key = export.files[0].key
    assert (file, rows(world, found)) == (
        {"format": "json", "filename": f"{found['id']}.json", "rows": 2},
        [{"id": "con_3", "name": "Dan"}, {"id": "con_1", "name": "Ben"}],
    )
    assert found | {"files": []} == export_body(
        id=found["id"],
        formats=["json"],
        options={"order_by": "name", "limit": 2},
        status="completed",
        progress={
            "shards_total": 32,
            "shards_done": 32,
            "records_read": 4,
            "records_selected": 4,
            "rows": 2,
            "rows_total": 2,
            "rows_written": 2,
        },
        snapshot_at="2023-11-14T22:13:20Z",
        until="2023-11-14T21:57:20Z",
        expires_at=NOW + 86_400,
        started_at=NOW,
        ended_at=NOW,
        _json_url=f"memory://GET/{key}?expires_at={NOW + 3600}&filename={found['id']}.json",
        _manifest_url=found["_manifest_url"],
    )


FILTERS = {
    "a value": {"name": "Ann"},
    "a list": {"name": ["Ann", "Ghost"]},
    "an operator before the value": {"created_at": f"lt:{'2023-11-14T22:11:41Z'}"},
    "a group by operator": {
        "filters": {"operator": "and", "conditions": [{"field": "name", "operator": "eq", "value": "Ann"}]}
    },
    "nested groups by type": {
        "filters": {
            "type": "AND",
            "conditions": [
                {"field": "status", "operator": "equals", "value": "active"},
                {"type": "OR", "conditions": [{"field": "name", "operator": "starts_with", "value": "an"}]},
            ],
        }
    },
    "several groups": {
        "filters": [
            {"field": "name", "operator": "ne", "value": "Ben"},
            {"field": "id", "operator": "in", "value": ["con_0", "con_1"]},
        ]
    },
    "one beside the other": {"status": "active", "filters": {"field": "id", "operator": "eq", "value": "con_0"}},
}


@pytest.mark.parametrize("name", FILTERS)
def test_every_way_to_filter(world: ExportWorld, client: PackageXClient, name: str) -> None:
    found = run(world, client, "json", fields=["id"], options=FILTERS[name])

    assert rows(world, found) == [{"id": "con_0"}]
    assert found["options"] == FILTERS[name]


def test_an_empty_field_is_asked_for_by_null(world: ExportWorld, client: PackageXClient) -> None:
    assert rows(world, run(world, client, "json", fields=["id"], options={"notes": None})) == [{"id": "con_2"}]


def test_text_with_a_colon_that_is_no_operator_is_a_value(world: ExportWorld, client: PackageXClient) -> None:
    world.write("con_9", {"name": "Title: Dr"})

    assert rows(world, run(world, client, "json", fields=["id"], options={"name": "Title: Dr"})) == [{"id": "con_9"}]


def test_columns_are_chosen_as_packagex_has_it(world: ExportWorld, client: PackageXClient) -> None:
    columns = {"name": True, "id": True, "notes": False}

    found = run(world, client, "csv", csv_field_options={"columns": columns}, options={"name": "Ann"})

    assert world.content(_stored(world, found), "csv") == b"name,id\r\nAnn,con_0\r\n"


def test_tables_are_written_as_they_are_wanted(world: ExportWorld, client: PackageXClient) -> None:
    options = {
        "delimiter": ";",
        "line_end": "lf",
        "bom": True,
        "timezone": "Europe/Paris",
        "datetime_format": "DD.MM.YYYY",
    }

    found = run(world, client, "csv", fields=["id", "created_at"], csv_field_options=options, options={"name": "Ann"})

    assert world.content(_stored(world, found), "csv").decode() == "\ufeffid;created_at\ncon_0;14.11.2023\n"
    assert _stored(world, found).renderings[0].line_end == LineEnd.LF


def test_rows_with_formulas_have_a_link_of_their_own(world: ExportWorld, client: PackageXClient) -> None:
    found = run(world, client, fields=["id", "name"])

    assert rows(world, found, "csv_sanitized") == [{"id": "con_2", "name": "'=Cy\t"}]
    assert "sanitized" in found["_csv_sanitized_url"]
    assert [one["format"] for one in found["files"]] == ["csv", "json", "csv_sanitized", "manifest"]


def test_changes_since_a_time(world: ExportWorld, client: PackageXClient) -> None:
    world.write("con_0", None, at=NOW - 2_000)

    found = run(world, client, "json", fields=["id"], since="2023-11-14T00:00:00Z")

    assert (found["since"], rows(world, found)) == ("2023-11-14T00:00:00Z", [{"id": "con_0", "_deleted": True}])


QUOTED = [f"'{one}'" for one in WRITABLE]
REFUSED: dict[str, tuple[JSON, list[str]]] = {
    "resource": ({"resource": "ghosts"}, ["resource: There is no resource 'ghosts'."]),
    "format": (
        {"format": "pdf"},
        [f"format: Input should be {', '.join(QUOTED[:-1])} or {QUOTED[-1]}."],
    ),
    "both": ({"format": "csv", "formats": ["csv"]}, ["formats: Give format or formats, not both."]),
    "twice": ({"formats": ["csv", "csv"]}, ["formats: Name at least one format, and each once."]),
    "unknown": ({"colour": "red"}, ["colour: Unknown parameter."]),
    "field": ({"fields": ["ghost"]}, ["ghost: 'ghost' is no field of contacts."]),
    "filter": ({"options": {"ghost": 1}}, ["ghost: 'ghost' is no field of contacts."]),
    "option without a table": (
        {"format": "json", "csv_field_options": {"bom": True}},
        ["csv_field_options.bom: Means nothing in the formats that are asked for."],
    ),
    "zone": (
        {"csv_field_options": {"timezone": "Mars/Phobos"}},
        ["csv_field_options.timezone: Use a name such as Europe/Paris."],
    ),
    "since": ({"since": "soon"}, ["since: Must be a time such as 2024-01-31T12:00:00Z, or epoch seconds."]),
    "no column": ({"csv_field_options": {"columns": {"id": False}}}, ["csv_field_options.columns: No column is true."]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_exported_is_refused(client: PackageXClient, name: str) -> None:
    body, errors = REFUSED[name]

    response = client.post("/v1/exports", {"resource": "contact"} | body)

    assert refusal(response) == (400, "validation_failed", errors)


GROUP = {"operator": "or", "conditions": [{"field": "name", "operator": "is_null"}] * 50}
TOO_MANY = "filters: A filter has at most 100 conditions, those of all groups counted together."


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"filters": [GROUP, GROUP], "name": "Ann"}, id="groups and another option"),
        pytest.param({"filters": [GROUP, GROUP, GROUP]}, id="an array of groups"),
        pytest.param({"filters": {"conditions": [GROUP, GROUP, GROUP]}}, id="groups in a group"),
    ],
)
def test_the_conditions_of_all_groups_and_options_are_counted_together(client: PackageXClient, options: JSON) -> None:
    allowed = client.post("/v1/exports", {"resource": "contact", "options": {"filters": [GROUP, GROUP]}})
    refused = client.post("/v1/exports", {"resource": "contact", "options": options})

    assert allowed.status_code == 201
    assert refusal(refused) == (400, "validation_failed", [TOO_MANY])


HUGE = 1 << 70


@pytest.mark.parametrize(
    "body",
    [
        {"options": {"limit": HUGE}},
        {"options": {"name": HUGE}},
        {"since": HUGE},
        {"since": -HUGE},
        {"options": {"name": "\ud800"}},
        {"options": {"filters": [[]]}},
        {"options": {"created_at": "gte:"}},
        {"fields": ["\ud800"]},
        {"name": "\ud800abc"},
        {"csv_field_options": {"columns": {"\ud800": True}}},
        {"csv_field_options": {"timezone": "../../etc/passwd"}},
        {"csv_field_options": {"datetime_format": "%s%n"}},
        {"csv_field_options": {"delimiter": ""}},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_strange_requests_are_refused_or_taken_but_never_break_anything(client: PackageXClient, body: JSON) -> None:
    response = client.post("/v1/exports", {"resource": "contact"} | body)

    assert response.status_code in (201, 400), response.json_body


def test_exports_are_listed_with_pages(client: PackageXClient) -> None:
    for number, status in enumerate([ExportStatus.QUEUED, ExportStatus.CANCELED, ExportStatus.COMPLETED]):
        client.world.stores.exports.add(an_export(status, f"exp_{number}", created_at=NOW + number))

    page = client.get("/v1/exports?limit=2").json_body
    failed = client.get("/v1/exports?status=failed&resource=contact").json_body

    assert [one["id"] for one in page["data"]] == ["exp_2", "exp_1"]
    assert page["pagination"] == {"limit": 2, "page": 1, "has_more": True, "total_count": 3}
    assert [one["id"] for one in failed["data"]] == ["exp_1"]


def test_an_export_is_canceled_and_renamed(client: PackageXClient) -> None:
    client.world.stores.exports.add(an_export())

    response = client.post("/v1/exports/exp_1", {"status": "canceled", "name": "Mine"})

    data = export_body(status="failed", reason="canceled", name="Mine", ended_at=NOW)
    assert response.json_body == enveloped(data, "Export updated.", "/v1/exports/exp_1")
    assert refusal(client.post("/v1/exports/exp_1", {})) == (
        400,
        "validation_failed",
        ['status: Give a name, or {"status": "canceled"}.'],
    )


def test_a_bad_name_is_refused_before_an_export_is_canceled(client: PackageXClient) -> None:
    client.world.stores.exports.add(an_export())

    response = client.post("/v1/exports/exp_1", {"status": "canceled", "name": "ab"})

    assert refusal(response) == (400, "validation_failed", ["name: A name has 3 to 127 characters."])
    assert client.get("/v1/exports/exp_1").json_body["data"] == export_body()


def test_an_export_is_deleted_when_it_has_ended(client: PackageXClient) -> None:
    client.world.stores.exports.add(an_export())

    early = client.request("DELETE", "/v1/exports/exp_1")
    client.post("/v1/exports/exp_1", {"status": "canceled"})
    late = client.request("DELETE", "/v1/exports/exp_1")

    assert refusal(early) == (409, "export_not_ended", [])
    data = {"object": "export", "id": "exp_1", "deleted": True}
    assert late.json_body == enveloped(data, "Export deleted.", "/v1/exports/exp_1")
    assert refusal(client.get("/v1/exports/exp_1")) == (404, "export_not_found", [])


def test_what_has_ended_cannot_be_canceled(client: PackageXClient) -> None:
    client.world.stores.exports.add(an_export(ExportStatus.COMPLETED))

    assert refusal(client.post("/v1/exports/exp_1", {"status": "canceled"})) == (409, "export_already_ended", [])


def _stored(world: ExportWorld, found: JSON) -> Any:
    return world.stores.exports.find(OURS, ExportId(found["id"]))


def test_a_request_repeated_under_its_key_is_one_export(client: PackageXClient) -> None:
    body = json.dumps({"resource": "contact"}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "one"}

    first, second = (client.request("POST", "/v1/exports", body=body, headers=headers) for _ in range(2))

    assert first.json_body == second.json_body
    assert len(client.get("/v1/exports").json_body["data"]) == 1
