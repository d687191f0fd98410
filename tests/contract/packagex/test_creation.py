"""Imports asked for, as PackageX clients see it: whole bodies, every refusal."""

from base64 import b64encode

import pytest

from chalicelib.model.limits import Limits
from tests.contract.packagex.bodies import NO_UPLOAD, NOTHING, PHASES, a_phase, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.world import NOW, OURS, World

CSV = b"name,email\nAnn,ann@example.com\nBob,bob@example.com\n"


def test_an_async_import_is_created_with_an_upload_url() -> None:
    client = PackageXClient()

    response = client.post("/v1/imports", {"upload_mode": "async", "resource": "contact", "action": "merge"})

    message = "Import created. PUT the file to _upload_url."
    assert response.status_code == 201
    assert response.headers["Location"] == "https://api.example.com/v1/imports/imp_1"
    assert response.json_body == enveloped(import_body(), message, "/v1/imports", status=201)


def test_everything_that_can_be_asked_for_is_returned() -> None:
    client = PackageXClient()
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
        "match_by": ["serial_number", "external_id"],
        "merge_rules": {"notes": "append_line", "status": "if_empty"},
        "content_type": "text/csv",
        "size_bytes": 12,
    }

    response = client.post("/v1/imports", body)

    assert response.json_body["data"] == import_body(
        resource="asset",
        action="overwrite",
        duplicate_handling="use_first",
        name="Spring list",
        column_mapping={"name": "Asset Name"},
        match_by=["serial_number", "external_id"],
        merge_rules={"notes": "append_line", "status": "if_empty"},
        _upload_url=(
            f"memory://PUT/uploads/{OURS}/imp_1/source?expires_at={NOW + 3600}&content_type=text%2Fcsv&size_bytes=12"
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
    client = PackageXClient()

    response = client.post(
        "/v1/imports", {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": data}
    )

    done = {"status": "completed", "total": 2, "processed": 2, "success": 2, "started_at": NOW, "ended_at": NOW}
    assert response.status_code == 201
    assert response.json_body["data"] == import_body(
        upload_mode="sync",
        status="processing",
        phases=[a_phase(name, "sync", **done) for name in PHASES[:2]] + [a_phase(name) for name in PHASES[2:]],
        stats=NOTHING | {"total": 2},
        checksum=checksum,
        progress={"percent": 32, "rows_per_second": None, "remaining_s": None},
        **NO_UPLOAD,
    )
    assert len(client.world.runner.rows) == 2
    assert client.world.started == ["imp_1-1"]


@pytest.mark.parametrize("noun", ["contact", "group", "item", "asset", "customer", "tickets", "Users", "companies"])
def test_every_resource_can_be_imported_by_its_nouns(noun: str) -> None:
    response = PackageXClient().post("/v1/imports", {"upload_mode": "async", "resource": noun, "action": "create"})

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
            {"match_by": ["email", "phone"]},
            400,
            "validation_failed",
            ["match_by: 'phone' is no unique identity of contacts. Must be one of id, external_id, email."],
            id="no unique identity",
        ),
        pytest.param(
            {"create_missing": ["groups"]},
            400,
            "validation_failed",
            ["create_missing: 'groups' of contacts cannot create the records that it names. Possible: company_name."],
            id="field that creates nothing",
        ),
        pytest.param(
            {"resource": "items", "create_missing": ["name"]},
            400,
            "validation_failed",
            ["create_missing: 'name' of items cannot create the records that it names. No field of items can."],
            id="resource without such fields",
        ),
        pytest.param(
            {"merge_rules": {"tags": "union"}},
            400,
            "validation_failed",
            ["merge_rules.tags: Input should be 'always', 'if_empty', 'never', 'append', 'append_line' or 'merge'."],
            id="no such rule",
        ),
        pytest.param(
            {"merge_rules": {"shoe": "never"}},
            400,
            "validation_failed",
            ["merge_rules: 'shoe' is no field of contacts that a source can give."],
            id="rule of no field",
        ),
        pytest.param(
            {"merge_rules": {"email": "append"}},
            400,
            "validation_failed",
            ["merge_rules: 'email' cannot be merged by append. Must be one of always, if_empty, never."],
            id="rule that the field cannot have",
        ),
        pytest.param(
            {"action": "create", "merge_rules": {"tags": "append"}},
            400,
            "validation_failed",
            ["merge_rules: Rules are about records that rows change; create changes none."],
            id="rule where nothing is merged",
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
            ["data: The limit is 200 bytes. Use upload_mode async and PUT the file to its _upload_url."],
            id="too large",
        ),
        pytest.param(
            {"data": [{"name": "x" * 200}]},
            413,
            "payload_too_large",
            [
                "data: The source has 213 bytes, the limit is 200. "
                "Use upload_mode async and PUT the file to its _upload_url."
            ],
            id="too many records",
        ),
    ],
)
def test_a_bad_create_is_refused_and_nothing_is_written(given: JSON, status: int, code: str, errors: list[str]) -> None:
    client = PackageXClient(World(Limits(inline_upload_bytes=200)))
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
    response = PackageXClient().request("POST", "/v1/imports", body=body, headers=headers)

    assert refusal(response)[:2] == (status, code)


def test_malformed_json_is_refused_with_its_place() -> None:
    response = PackageXClient().request("POST", "/v1/imports", body=b'{"upload_mode": sync}')

    message = "The body is not valid JSON: Expecting value, line 1, column 17."
    assert response.json_body == enveloped({}, message, "/v1/imports", status=400, code="invalid_json")
