"""PackageX imports as its clients see them: whole bodies, over the operations and stores in memory."""

import json
from base64 import b64encode
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.model.imports import Action, PhaseName, Source, Stats, Status, UploadMode
from chalicelib.model.limits import Limits
from chalicelib.model.places import ResultFile, result_key
from chalicelib.operations.reaper import reap
from chalicelib.operations.uploads import file_arrived
from tests.contract.phased.clients import JSON, PhasedClient
from tests.worlds import NOW, OURS, THEIRS, World

PHASES = [name.value for name in PhaseName]
NOTHING = {
    "total": 0,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "deleted": 0,
    "overwritten": 0,
    "skipped": 0,
    "failed": 0,
    "unprocessed": 0,
}
CSV = b"name,email\nAnn,ann@example.com\nBob,bob@example.com\n"


def a_phase(name: str, mode: str = "async", **given: object) -> JSON:
    counts = {"total": 0, "processed": 0, "success": 0, "error": 0, "started_at": None, "ended_at": None}
    return {"name": name, "mode": mode, "status": "pending"} | counts | given


def shown(**given: object) -> JSON:
    """An async import that was just asked for."""
    return {
        "object": "import",
        "id": "imp_1",
        "organization_id": OURS,
        "resource": "contact",
        "upload_mode": "async",
        "action": "merge",
        "status": "requested",
        "duplicate_handling": "ignore_all",
        "reason": None,
        "has_upload_file": False,
        "has_errors_file": False,
        "name": None,
        "created_by": "key_test",
        "column_mapping": {},
        "phases": [a_phase(name) for name in PHASES],
        "stats": NOTHING,
        "created_at": NOW,
        "updated_at": NOW,
        "updated_by": "key_test",
        "checksum": None,
        "_upload_url": f"memory://PUT/uploads/{OURS}/imp_1/source?expires_at={NOW + 86400}",
        "_upload_csv_url": None,
        "_upload_json_url": None,
        "_errors_csv_url": None,
        "_errors_json_url": None,
    } | given


def enveloped(data: object, message: str, endpoint: str, status: int = 200, **given: object) -> JSON:
    envelope = {
        "message": message,
        "data": data,
        "status": status,
        "errors": [],
        "code": None,
        "events": [],
        "pagination": None,
        "endpoint": endpoint,
    }
    return envelope | given


def refusal(response: HTTPResponse) -> tuple[int, str, list[str]]:
    """What a refusal says, once its envelope is known to be one."""
    body = response.json_body
    assert set(body) == {"message", "data", "status", "errors", "code", "events", "pagination", "endpoint"}
    assert (body["data"], body["events"], body["pagination"]) == ({}, [], None)
    assert body["status"] == response.status_code
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, body["code"], body["errors"]


def test_an_async_import_is_created_with_an_upload_url() -> None:
    client = PhasedClient()

    response = client.post("/v1/imports", {"upload_mode": "async", "resource": "contact", "action": "merge"})

    message = "Import created. PUT the file to _upload_url."
    assert response.status_code == 201
    assert response.json_body == enveloped(shown(), message, "/v1/imports", status=201)


def test_everything_that_can_be_said_is_shown_again() -> None:
    client = PhasedClient()
    body = {
        "upload_mode": "async",
        "resource": "assets",
        "action": "overwrite",
        "data": None,
        "duplicate_handling": "use_first",
        "save_upload": False,
        "name": "Spring list",
        "location_id": "loc_1",
        "column_mapping": {"name": "Asset Name"},
        "content_type": "text/csv",
        "size_bytes": 12,
    }

    response = client.post("/v1/imports", body)

    assert response.json_body["data"] == shown(
        resource="asset",
        action="overwrite",
        duplicate_handling="use_first",
        name="Spring list",
        column_mapping={"name": "Asset Name"},
        _upload_url=(
            f"memory://PUT/uploads/{OURS}/imp_1/source?expires_at={NOW + 86400}&content_type=text%2Fcsv&size_bytes=12"
        ),
    )


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        pytest.param(
            [{"name": "Ann", "email": "ann@example.com"}, {"name": "Bob"}],
            "4e0130a810f5563bc5880bb07d848f68",
            id="records",
        ),
        pytest.param(
            "data:text/csv;base64," + b64encode(CSV).decode(), "3e3df239709247fc5ecb69ce2cfa85ec", id="data URL"
        ),
    ],
)
def test_a_sync_import_answers_when_its_first_two_phases_are_done(data: object, checksum: str) -> None:
    client = PhasedClient()

    response = client.post(
        "/v1/imports", {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": data}
    )

    done = {"status": "completed", "total": 2, "processed": 2, "success": 2, "started_at": NOW, "ended_at": NOW}
    assert response.status_code == 201
    assert response.json_body["data"] == shown(
        upload_mode="sync",
        status="processing",
        phases=[a_phase(name, "sync", **done) for name in PHASES[:2]] + [a_phase(name) for name in PHASES[2:]],
        stats=NOTHING | {"total": 2},
        checksum=checksum,
        _upload_url=None,
    )
    assert len(client.world.rows) == 2
    assert client.world.started == ["imp_1-1"]


@pytest.mark.parametrize("noun", ["contact", "group", "item", "asset", "customer", "tickets", "Users", "companies"])
def test_every_resource_can_be_imported_by_its_nouns(noun: str) -> None:
    response = PhasedClient().post("/v1/imports", {"upload_mode": "async", "resource": noun, "action": "create"})

    assert response.status_code == 201


@pytest.mark.parametrize(
    ("given", "status", "code", "errors"),
    [
        pytest.param(
            {"resource": None}, 400, "validation_failed", ["resource: Input should be a valid string."], id="-"
        ),
        pytest.param(
            {"resource": "spaceship"},
            400,
            "validation_failed",
            ["resource: There is no resource 'spaceship'."],
            id="resource",
        ),
        pytest.param(
            {"action": "upsert"},
            400,
            "validation_failed",
            ["action: Input should be 'merge', 'overwrite', 'delete', 'create' or 'update'."],
            id="action",
        ),
        pytest.param({"nmae": "x"}, 400, "validation_failed", ["nmae: Unknown parameter."], id="misspelt"),
        pytest.param(
            {"name": "ab"}, 400, "validation_failed", ["name: A name has 3 to 127 characters."], id="short name"
        ),
        pytest.param(
            {"column_mapping": {"name": "A", "email": "A"}},
            400,
            "validation_failed",
            ["column_mapping: 'email' and the header 'A' may each be mapped only once."],
            id="header mapped twice",
        ),
        pytest.param(
            {"column_mapping": {"shoe": "A"}},
            400,
            "validation_failed",
            ["column_mapping: 'shoe' is no field of contacts that a source can give."],
            id="unknown field",
        ),
        pytest.param(
            {"data": None},
            400,
            "validation_failed",
            ["data: Must be an array of objects, not empty, or a base64 data URL for sync."],
            id="sync without data",
        ),
        pytest.param(
            {"data": "data:text/csv;base64,%%%"},
            400,
            "validation_failed",
            ["data: The base64 of the data URL is damaged."],
            id="damaged base64",
        ),
        pytest.param(
            {"upload_mode": "async"},
            400,
            "validation_failed",
            ["data: Must be null for async; PUT it to _upload_url."],
            id="async with data",
        ),
        pytest.param({"data": "data:;base64,"}, 400, "invalid_source", [], id="empty source"),
        pytest.param(
            {"data": "data:;base64," + b64encode(b"%PDF-1.7 ...").decode()}, 400, "invalid_source", [], id="a PDF"
        ),
        pytest.param(
            {"data": "data:;base64," + b64encode(b"x" * 201).decode()},
            413,
            "payload_too_large",
            ["data: The limit is 200 bytes; use upload_mode async and PUT the file to its _upload_url."],
            id="too large",
        ),
        pytest.param(
            {"data": [{"name": "x" * 200}]},
            413,
            "payload_too_large",
            [
                "data: The source has 213 bytes, the limit is 200. "
                "Ask for a signed upload (async) and send the file there."
            ],
            id="too many records",
        ),
    ],
)
def test_a_bad_create_is_refused_and_nothing_is_written(given: JSON, status: int, code: str, errors: list[str]) -> None:
    client = PhasedClient(World(Limits(inline_upload_bytes=200)))
    body = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": [{"name": "Ann"}]} | given

    response = client.post("/v1/imports", body)

    got_status, got_code, got_errors = refusal(response)
    assert (got_status, got_code) == (status, code)
    assert not errors or got_errors == errors
    assert client.get("/v1/imports").json_body["data"] == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        pytest.param(b"{", {}, 400, "invalid_json", id="malformed"),
        pytest.param(b"", {}, 400, "invalid_json", id="empty"),
        pytest.param(b"[]", {}, 400, "invalid_json", id="no object"),
        pytest.param(b'{"a":' * 5000, {}, 400, "invalid_json", id="nesting bomb"),
        pytest.param(b'{"name": "\xff"}', {}, 400, "invalid_encoding", id="not UTF-8"),
        pytest.param(b"name\nAnn", {"Content-Type": "text/csv"}, 415, "unsupported_media_type", id="CSV"),
        pytest.param(
            b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type", id="form"
        ),
        pytest.param(b"{}", {"Content-Type": "APPLICATION/json"}, 400, "validation_failed", id="oddly cased type"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes, headers: dict[str, str], status: int, code: str) -> None:
    response = PhasedClient().request("POST", "/v1/imports", body=body, headers=headers)

    assert refusal(response)[:2] == (status, code)


def test_malformed_json_is_refused_with_its_place() -> None:
    response = PhasedClient().request("POST", "/v1/imports", body=b'{"upload_mode": sync}')

    message = "The body is not valid JSON: Expecting value, line 1, column 17."
    assert response.json_body == enveloped({}, message, "/v1/imports", status=400, code="invalid_json")


def test_a_list_has_an_array_and_its_pagination() -> None:
    client = PhasedClient()
    for number in range(12):
        client.world.given(Status.QUEUED, import_id=f"imp_{number:02}", created_at=NOW + number)

    first, second = client.get("/v1/imports").json_body, client.get("/v1/imports?page=2&limit=10").json_body

    assert [one["id"] for one in first["data"]] == [f"imp_{number:02}" for number in range(11, 1, -1)]
    assert first["pagination"] == {"limit": 10, "page": 1, "has_more": True, "total_count": 12}
    assert [one["id"] for one in second["data"]] == ["imp_01", "imp_00"]
    assert second["pagination"] == {"limit": 10, "page": 2, "has_more": False, "total_count": 12}
    assert set(first["data"][0]) == set(shown())


def test_an_empty_list_is_an_array() -> None:
    pagination = {"limit": 10, "page": 1, "has_more": False, "total_count": 0}

    assert PhasedClient().get("/v1/imports").json_body == enveloped(
        [], "Imports retrieved.", "/v1/imports", pagination=pagination
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("resource=group", ["imp_b"]),
        ("resource=groups", ["imp_b"]),
        ("status=failed", ["imp_c", "imp_b"]),
        ("status=processing", ["imp_a"]),
        ("upload_mode=sync", ["imp_c"]),
        ("action=delete", ["imp_a"]),
        ("action=merge&status=failed", ["imp_c", "imp_b"]),
    ],
)
def test_lists_are_filtered(query: str, ids: list[str]) -> None:
    client = PhasedClient()
    client.world.given(Status.CANCELING, import_id="imp_a", created_at=NOW, action=Action.DELETE)
    client.world.given(Status.CANCELED, import_id="imp_b", created_at=NOW + 1, resource="groups")
    client.world.given(Status.FAILED, import_id="imp_c", created_at=NOW + 2, upload_mode=UploadMode.SYNC)

    body = client.get(f"/v1/imports?{query}").json_body

    assert [one["id"] for one in body["data"]] == ids
    assert body["pagination"]["total_count"] == len(ids)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("page=0", "page: Input should be greater than or equal to 1."),
        ("limit=101", "limit: Input should be less than or equal to 100."),
        ("limit=ten", "limit: Input should be a valid integer, unable to parse string as an integer."),
        ("limit=1&limit=2", "limit: Given more than once."),
        ("order=asc", "order: Unknown parameter."),
        ("resource=ship", "resource: There is no resource 'ship'."),
    ],
)
def test_a_bad_query_is_refused(query: str, error: str) -> None:
    assert refusal(PhasedClient().get(f"/v1/imports?{query}")) == (400, "validation_failed", [error])


def test_an_import_is_shown_with_the_links_that_are_asked_for() -> None:
    client = PhasedClient()
    import_ = client.world.given(
        Status.COMPLETED,
        import_id="imp_1",
        has_upload_file=True,
        has_errors_file=True,
        stats=Stats(
            total=10, created=3, updated=2, unchanged=1, deleted=0, skipped=2, failed=2, overwritten=4, warnings=9
        ),
        source=Source(key="k", version_id="v1", size_bytes=9, checksum="c0ffee"),
    )
    for file in ResultFile:
        client.world.stores.files.write_file(result_key(OURS, import_.import_id, file), b"x")

    plain = client.get("/v1/imports/imp_1").json_body["data"]
    linked = client.get("/v1/imports/imp_1?include_upload_json=true&include_errors_csv=true").json_body["data"]

    expected = shown(
        status="completed",
        has_upload_file=True,
        has_errors_file=True,
        stats={
            "total": 10,
            "created": 3,
            "updated": 2,
            "unchanged": 1,
            "deleted": 0,
            "overwritten": 4,
            "skipped": 2,
            "failed": 2,
            "unprocessed": 0,
        },
        checksum="c0ffee",
        _upload_url=None,
    )
    links = {
        f"_{name}_url": f"memory://GET/results/{OURS}/imp_1/{file}?expires_at={NOW + 3600}&filename=imp_1-{file}"
        for name, file in (("upload_json", "upload.json"), ("errors_csv", "errors.csv"))
    }
    assert plain == expected
    assert linked == expected | links


def test_a_link_to_a_file_that_is_not_there_is_null() -> None:
    client = PhasedClient()
    client.world.given(Status.COMPLETED, import_id="imp_1")

    data = client.get("/v1/imports/imp_1?include_errors_csv=true").json_body["data"]

    assert data["_errors_csv_url"] is None


def test_a_requested_import_shows_its_upload_url_again_until_it_expires() -> None:
    client = PhasedClient()
    created = client.post("/v1/imports", {"upload_mode": "async", "resource": "contact", "action": "merge"}).json_body
    client.world.now += 60

    again = client.get("/v1/imports/imp_1").json_body["data"]
    client.world.now += 86400
    late = client.get("/v1/imports/imp_1").json_body["data"]

    assert again["_upload_url"] == created["data"]["_upload_url"]
    assert late["_upload_url"] is None


@pytest.mark.parametrize("path", ["/v1/imports/imp_1", "/v1/imports/imp%2F1", "/v1/imports/%FF", "/v1/imports/imp%00"])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", {"name": "abc"}), ("DELETE", None)])
def test_a_foreign_or_unknown_import_is_not_found(path: str, method: str, body: JSON | None) -> None:
    client = PhasedClient()
    theirs = client.world.given(Status.COMPLETED, import_id="imp_1", tenant_id=THEIRS)

    response = client.request(method, path, body=json.dumps(body).encode())

    assert refusal(response)[0] == 404
    assert client.world.now_is(theirs) == theirs


def test_a_requested_import_is_canceled_at_once() -> None:
    client = PhasedClient()
    client.world.given(Status.REQUESTED, import_id="imp_1")

    response = client.post("/v1/imports/imp_1", {"status": "canceled"})

    assert response.json_body == enveloped(
        shown(
            status="failed",
            reason="canceled",
            phases=[a_phase(name, status="skipped") for name in PHASES],
            _upload_url=None,
        ),
        "Import updated.",
        "/v1/imports/imp_1",
    )


def test_a_running_import_is_processing_until_it_has_stopped() -> None:
    client = PhasedClient()
    import_ = client.world.given(Status.PROCESSING, import_id="imp_1")

    asked = client.post("/v1/imports/imp_1", {"status": "canceled"}).json_body["data"]
    client.world.context.finish(client.world.now_is(import_), Status.CANCELED, "canceled")
    ended = client.get("/v1/imports/imp_1").json_body["data"]

    assert (asked["status"], asked["reason"]) == ("processing", None)
    assert (ended["status"], ended["reason"]) == ("failed", "canceled")


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TIMED_OUT, Status.EXPIRED])
def test_canceling_what_has_ended_is_a_conflict_and_keeps_the_name(status: Status) -> None:
    client = PhasedClient()
    import_ = client.world.given(status, import_id="imp_1", name="Spring list")

    response = client.post("/v1/imports/imp_1", {"status": "canceled", "name": "Autumn list"})

    assert refusal(response) == (409, "import_already_ended", [])
    assert client.world.now_is(import_) == import_


def test_an_import_is_renamed() -> None:
    client = PhasedClient()
    client.world.given(Status.COMPLETED, import_id="imp_1", updated_by="key_other")
    client.world.now += 5

    response = client.post("/v1/imports/imp_1", {"name": "Autumn list"})

    data = shown(status="completed", name="Autumn list", updated_at=NOW + 5, _upload_url=None)
    assert response.json_body == enveloped(data, "Import updated.", "/v1/imports/imp_1")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, 'status: Give a name, or {"status": "canceled"}.'),
        ({"status": "completed"}, "status: Input should be 'canceled'."),
        ({"name": "ab"}, "name: A name has 3 to 127 characters."),
        ({"resource": "group"}, "resource: Unknown parameter."),
    ],
)
def test_a_bad_update_is_refused(body: JSON, error: str) -> None:
    client = PhasedClient()
    client.world.given(Status.REQUESTED, import_id="imp_1")

    assert refusal(client.post("/v1/imports/imp_1", body)) == (400, "validation_failed", [error])


def test_a_deleted_import_is_gone() -> None:
    client = PhasedClient()
    client.world.given(Status.COMPLETED, import_id="imp_1")

    response = client.request("DELETE", "/v1/imports/imp_1")

    data = {"object": "import", "id": "imp_1", "deleted": True}
    assert response.json_body == enveloped(data, "Import deleted.", "/v1/imports/imp_1")
    assert client.get("/v1/imports/imp_1").status_code == 404
    assert client.get("/v1/imports").json_body["data"] == []
    assert client.request("DELETE", "/v1/imports/imp_1").status_code == 404


def test_a_running_import_cannot_be_deleted() -> None:
    client = PhasedClient()
    client.world.given(Status.PROCESSING, import_id="imp_1")

    assert refusal(client.request("DELETE", "/v1/imports/imp_1")) == (409, "import_not_ended", [])


def test_every_status_of_the_model_is_reached() -> None:
    """By the ways imports really go, but for the machine, which is played."""
    client = PhasedClient()
    world = client.world
    seen = []

    def ask(mode: str, **given: Any) -> str:
        body = {"upload_mode": mode, "resource": "contact", "action": "merge"} | given
        return str(client.post("/v1/imports", body).json_body["data"]["id"])

    def note(import_id: str) -> None:
        data = client.get(f"/v1/imports/{import_id}").json_body["data"]
        seen.append((data["status"], data["reason"], data["_upload_url"] is not None))

    waiting, arriving = ask("async"), ask("async")
    note(waiting)
    file = world.stores.files.write_file(f"uploads/{OURS}/{arriving}/source", CSV)
    file_arrived(world.context, file.key, file.version_id)
    note(arriving)
    for ending, reason in ((Status.COMPLETED, ""), (Status.FAILED, "no_rows"), (Status.TIMED_OUT, "too slow")):
        running = ask("sync", data=[{"name": "Ann"}])
        if ending is Status.COMPLETED:
            note(running)
        import_ = world.stores.imports.find(OURS, running)  # type: ignore[arg-type]
        assert import_ is not None
        world.context.finish(import_, ending, reason)
        note(running)
    world.now += 86401
    reap(world.context)
    note(waiting)

    assert seen == [
        ("requested", None, True),
        ("queued", None, False),
        ("processing", None, False),
        ("completed", "", False),
        ("failed", "no_rows", False),
        ("timed_out", "too slow", False),
        ("expired", "upload_not_received: no file arrived until 2023-11-15T22:13:20Z.", False),
    ]
