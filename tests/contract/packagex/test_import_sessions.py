"""Import sessions: whole bodies, one exchange, one import, and nothing else of the tenant."""

import json
from dataclasses import replace

import pytest
from chalice.test import HTTPResponse

from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import TenantId, sibling_of
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient
from tests.world import NOW, OURS, THEIRS

ASKED: JSON = {"resource": "contact", "allow": ["merge", "create"], "allow_origin": "https://app.example.com"}
FILE: JSON = {"upload_mode": "async", "resource": "contact", "action": "merge", "preview": True, "hold": True}
ROWS = b"name,email\nKylo Ren,kylo@example.com\nHan Solo,wrong\n"


@pytest.fixture
def pipeline() -> PipelineClient:
    return PipelineClient()


class Guest:
    """Somebody in an import session, who has its credential."""

    def __init__(self, pipeline: PipelineClient, **asked: object) -> None:
        self.pipeline = pipeline
        made = pipeline.client.post("/v1/import-sessions", ASKED | asked).json_body["data"]
        self.session_id, self.token = made["id"], made["importer_url"].partition("#")[2]
        self.key = self.exchange().json_body["data"]["_credential"]

    def exchange(self, session_id: str = "") -> HTTPResponse:
        path = f"/v1/import-sessions/{session_id or self.session_id}/exchange"
        return self.ask("POST", path, {}, key=self.token)

    def ask(self, method: str, path: str, body: JSON | None = None, *, key: str = "", **headers: str) -> HTTPResponse:
        content = b"" if body is None else json.dumps(body).encode()
        given = {"PX-API-KEY": key or self.key, "Content-Type": "application/json", **headers}
        return self.pipeline.client.request(method, path, body=content, headers=given)

    def status(self, method: str, path: str, body: JSON | None = None) -> int:
        return self.ask(method, path, body).status_code

    def begin(self, **options: object) -> str:
        return str(self.ask("POST", "/v1/imports", FILE | options).json_body["data"]["id"])

    def preview(self) -> str:
        """Sends a file, and has it checked."""
        import_id = self.begin()
        self.pipeline.send(import_id, ROWS)
        assert self.status("POST", f"/v1/imports/{import_id}", {"status": "queued"}) == 200
        self.pipeline.run_to_end(import_id)
        return import_id

    def confirm(self, import_id: str) -> HTTPResponse:
        return self.ask("POST", f"/v1/imports/{import_id}", {"status": "confirmed"})


@pytest.fixture
def guest(pipeline: PipelineClient) -> Guest:
    return Guest(pipeline)


def session_body(**given: object) -> JSON:
    return {
        "object": "import_session",
        "id": "ims_1",
        "status": "created",
        "resource": "contact",
        "allow": ["merge", "create"],
        "allow_origin": "https://app.example.com",
        "profile": None,
        "return_url": None,
        "locale": None,
        "import_id": None,
        "created_by": "key_test",
        "created_at": NOW,
        "expires_at": NOW + 3600,
        "revoked_at": None,
    } | given


def test_a_session_is_made_with_the_address_of_its_importer(pipeline: PipelineClient) -> None:
    asked = {"return_url": "https://app.example.com/people?page=2", "locale": "de", "expires_in": 600}

    response = pipeline.client.post("/v1/import-sessions", ASKED | asked)

    shown = session_body(return_url=asked["return_url"], locale="de", expires_at=NOW + 600)
    made = shown | {"importer_url": "https://api.example.com/importer/ims_1#imt_1_2"}
    message = "Import session created. Its importer_url is shown this once."
    assert response.json_body == enveloped(made, message, "/v1/import-sessions", 201)
    assert response.headers["Location"] == "https://api.example.com/v1/import-sessions/ims_1"
    again = pipeline.client.get("/v1/import-sessions/ims_1").json_body
    assert again == enveloped(shown, "Import session retrieved.", "/v1/import-sessions/ims_1")


def test_the_token_is_exchanged_once(guest: Guest) -> None:
    shown = guest.ask("GET", f"/v1/import-sessions/{guest.session_id}").json_body["data"]

    again = guest.exchange()

    assert shown == session_body(status="opened")
    assert refusal(again)[:2] == (401, "api_key_invalid")
    assert guest.ask("GET", "/v1/imports/imp_9", key=guest.token).status_code == 401


def test_a_token_opens_no_other_session_and_nothing_but_the_exchange(pipeline: PipelineClient) -> None:
    one = pipeline.client.post("/v1/import-sessions", ASKED).json_body["data"]
    guest = Guest(pipeline)
    guest.token = one["importer_url"].partition("#")[2]

    assert guest.exchange(guest.session_id).status_code == 404
    assert guest.ask("POST", "/v1/imports", FILE, key=guest.token).status_code == 403
    assert guest.exchange(one["id"]).status_code == 200


def test_no_secret_is_kept(guest: Guest) -> None:
    session = guest.pipeline.client.world.stores.import_sessions.find(guest.session_id)

    assert guest.token not in repr(session)
    assert guest.key not in repr(session)


@pytest.mark.parametrize("key", ["imc_1_0", "imt_1_0", "imc_9_9", "imc_", "imc_1_2_3"])
def test_a_secret_that_was_not_given_opens_nothing(guest: Guest, key: str) -> None:
    assert refusal(guest.ask("GET", f"/v1/import-sessions/{guest.session_id}", key=key))[:2] == (401, "api_key_invalid")


@pytest.mark.parametrize(("asked", "lives_s"), [({}, 3600), ({"expires_in": 60}, 60), ({"expires_in": 86_400}, 86_400)])
def test_a_session_lives_an_hour_unless_it_is_asked_otherwise(
    pipeline: PipelineClient, asked: JSON, lives_s: int
) -> None:
    guest = Guest(pipeline, **asked)
    path = f"/v1/import-sessions/{guest.session_id}"

    pipeline.client.world.now = NOW + lives_s - 1
    before = guest.status("GET", path)
    pipeline.client.world.now = NOW + lives_s
    after = guest.ask("GET", path)

    assert (before, *refusal(after)[:2]) == (200, 401, "api_key_expired")
    assert pipeline.client.get(path).json_body["data"]["status"] == "expired"


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"expires_in": 59}, "expires_in"),
        ({"expires_in": 86_401}, "expires_in"),
        ({"expires_in": "60"}, "expires_in"),
        ({"allow": []}, "allow"),
        ({"allow": ["merge", "merge"]}, "allow"),
        ({"allow": ["explode"]}, "allow.0"),
        ({"allow_origin": "https://*.example.com"}, "allow_origin"),
        ({"allow_origin": "http://app.example.com"}, "allow_origin"),
        ({"return_url": "https://evil.example"}, "return_url"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"locale": "tlh"}, "locale"),
        ({"resource": "spaceships"}, "resource"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused(pipeline: PipelineClient, asked: JSON, param: str) -> None:
    status, _, errors = refusal(pipeline.client.post("/v1/import-sessions", ASKED | asked))

    assert status == 400
    assert errors[0].startswith(f"{param}: ")


@pytest.mark.parametrize("resource", ["contact", "customer"])
def test_a_session_names_a_profile_of_its_resource(pipeline: PipelineClient, resource: str) -> None:
    pipeline.client.post("/v1/import-profiles", {"name": "strict", "resource": "contact", "max_failed": 0})

    unknown = pipeline.client.post("/v1/import-sessions", ASKED | {"profile": "lax"})
    known = pipeline.client.post("/v1/import-sessions", ASKED | {"profile": "strict", "resource": resource})

    assert (unknown.status_code, known.status_code) == (404, 201 if resource == "contact" else 400)


def test_its_import_copies_the_profile_of_the_session(pipeline: PipelineClient) -> None:
    pipeline.client.post("/v1/import-profiles", {"name": "strict", "resource": "contact", "max_failed": 0})
    guest = Guest(pipeline, profile="strict")

    assert pipeline.show(guest.begin())["max_failed"] == 0


def test_a_session_is_revoked_at_once_and_for_good(guest: Guest) -> None:
    import_id = guest.begin()
    client = guest.pipeline.client
    path = f"/v1/import-sessions/{guest.session_id}"

    revoked = client.request("DELETE", path)
    client.world.now += 5
    again = client.request("DELETE", path)

    shown = session_body(status="revoked", revoked_at=NOW, import_id=import_id)
    assert revoked.json_body == enveloped(shown, "Import session revoked.", path)
    assert again.json_body["data"]["revoked_at"] == NOW
    assert guest.status("GET", f"/v1/imports/{import_id}") == 401
    assert guest.exchange().status_code == 401


def test_a_session_that_was_not_opened_is_revoked_too(pipeline: PipelineClient) -> None:
    made = pipeline.client.post("/v1/import-sessions", ASKED).json_body["data"]
    guest = Guest(pipeline)
    guest.token = made["importer_url"].partition("#")[2]

    pipeline.client.request("DELETE", f"/v1/import-sessions/{made['id']}")

    assert guest.exchange(made["id"]).status_code == 401


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_other_tenant_sees_or_revokes_it(guest: Guest, method: str) -> None:
    guest.pipeline.client.world.key("px_theirs", tenant_id=TenantId(THEIRS), key_id="key_theirs")

    response = guest.ask(method, f"/v1/import-sessions/{guest.session_id}", key="px_theirs")

    assert refusal(response)[:2] == (404, "session_not_found")


@pytest.mark.parametrize("scope", [Scope.SESSIONS_READ, Scope.IMPORTS_WRITE])
def test_making_one_takes_a_scope_of_its_own(pipeline: PipelineClient, scope: Scope) -> None:
    pipeline.client.world.key("px_narrow", scopes=frozenset({scope}), key_id="key_narrow")

    response = pipeline.client.request(
        "POST", "/v1/import-sessions", headers={"PX-API-KEY": "px_narrow"}, body=json.dumps(ASKED).encode()
    )

    assert response.status_code == 403


def test_a_guest_imports_a_file_mends_it_and_takes_it_back(guest: Guest) -> None:
    preview_id = guest.preview()
    import_id = guest.confirm(preview_id).json_body["data"]["id"]
    guest.pipeline.run_to_end(import_id)

    rows = guest.ask("GET", f"/v1/imports/{import_id}/rows?outcome=failed").json_body["data"]
    mended = {"only_given": True, "rows": [{"row_number": 2, "values": {"email": "han@example.com"}}]}
    retry_id = guest.ask("POST", f"/v1/imports/{import_id}/retry", mended).json_body["data"]["id"]
    guest.pipeline.run_to_end(retry_id)
    undone = guest.ask("POST", f"/v1/imports/{import_id}/undo", {})

    assert [row["row_number"] for row in rows] == [2]
    assert guest.ask("GET", f"/v1/imports/{retry_id}").json_body["data"]["stats"]["created"] == 1
    assert undone.status_code == 201
    assert guest.status("GET", f"/v1/imports/{preview_id}/source") in {200, 409}


def test_a_session_makes_one_import(guest: Guest) -> None:
    preview_id = guest.preview()
    guest.confirm(preview_id)

    assert refusal(guest.ask("POST", "/v1/imports", FILE))[:2] == (409, "session_used")
    assert refusal(guest.confirm(preview_id))[:2] == (409, "already_confirmed")


def test_another_file_takes_the_place_of_the_one_before(guest: Guest) -> None:
    first_id, checked_id = guest.begin(), guest.preview()

    last_id = guest.begin()

    client = guest.pipeline.client
    assert client.get(f"/v1/imports/{first_id}").json_body["data"]["reason"] == "canceled"
    assert refusal(guest.confirm(checked_id))[:2] == (409, "session_used")
    assert client.get(f"/v1/import-sessions/{guest.session_id}").json_body["data"]["import_id"] == last_id


def test_a_preview_is_confirmed_when_it_has_ended(guest: Guest) -> None:
    assert refusal(guest.confirm(guest.begin()))[1] == "import_not_ended"
    assert guest.status("POST", "/v1/imports", FILE) == 201


def test_so_many_files_are_taken_and_no_more(guest: Guest) -> None:
    world = guest.pipeline.client.world
    world.context = replace(world.context, limits=replace(DEFAULT_LIMITS, import_session_files=2))
    guest.begin()
    last_id = guest.begin()

    response = guest.ask("POST", "/v1/imports", FILE)

    assert refusal(response)[:2] == (409, "too_many_files")
    assert guest.status("GET", f"/v1/imports/{last_id}") == 200


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"resource": "customer"}, "resource"),
        ({"action": "overwrite"}, "action"),
        ({"preview": False}, "preview"),
        ({"preview": None}, "preview"),
        ({"upload_mode": "sync", "data": [{"name": "Ann"}], "hold": False}, "upload_mode"),
        ({"max_failed": None}, "max_failed"),
        ({"max_deleted": "100%"}, "max_deleted"),
        ({"profile": "lax"}, "profile"),
        ({"merge_rules": {}}, "merge_rules"),
        ({"location_id": "here"}, "location_id"),
        ({"create_missing": ["company"]}, "create_missing"),
        ({"save_upload": False}, "save_upload"),
        ({"all_or_nothing": False}, "all_or_nothing"),
    ],
)
def test_what_a_session_does_not_allow_is_refused(guest: Guest, given: JSON, named: str) -> None:
    status, code, errors = refusal(guest.ask("POST", "/v1/imports", FILE | given))

    assert (status, code) == (403, "forbidden")
    assert errors[0].startswith(f"{named}: ")


@pytest.mark.parametrize(
    "change",
    [{"action": "delete"}, {"preview": False}, {"max_failed": 9}, {"save_upload": False}],
    ids=lambda one: next(iter(one)),
)
def test_an_import_that_is_held_is_not_changed_into_what_is_not_allowed(guest: Guest, change: JSON) -> None:
    import_id = guest.begin()

    assert guest.status("POST", f"/v1/imports/{import_id}", change) == 403
    assert guest.status("POST", f"/v1/imports/{import_id}", {"action": "create", "preview": True}) == 200


def test_a_guest_sees_the_resource_of_the_session_with_what_it_allows(guest: Guest) -> None:
    listed = guest.ask("GET", "/v1/resources").json_body["data"]
    shown = guest.ask("GET", "/v1/resources/contacts").json_body["data"]

    assert [(one["name"], one["actions"]) for one in listed] == [("contact", ["merge", "create"])]
    assert shown["actions"] == ["merge", "create"]
    assert refusal(guest.ask("GET", "/v1/resources/customers"))[:2] == (404, "resource_not_found")


def test_its_quota_is_its_own(guest: Guest) -> None:
    world = guest.pipeline.client.world
    world.context = replace(
        world.context, limits=replace(DEFAULT_LIMITS, import_session_requests=3, packagex_key_requests=4)
    )
    world.now += 60
    path = f"/v1/import-sessions/{guest.session_id}"

    guests = [guest.ask("GET", path) for _ in range(4)]
    keys = [guest.pipeline.client.get(path).status_code for _ in range(5)]

    assert [one.status_code for one in guests] == [200, 200, 200, 429]
    assert keys == [200, 200, 200, 200, 429]
    assert guests[0].headers["X-RateLimit-Limit"] == "3"
    assert guests[3].headers["Retry-After"]


def test_its_idempotency_keys_are_its_own(guest: Guest) -> None:
    once = {"Idempotency-Key": "one"}
    theirs = guest.ask("POST", "/v1/imports", FILE, key="px_secret", **once).json_body["data"]

    first = guest.ask("POST", "/v1/imports", FILE, **once)
    again = guest.ask("POST", "/v1/imports", FILE, **once)

    assert first.json_body["data"]["id"] != theirs["id"]
    assert (again.json_body, again.headers["Idempotent-Replayed"]) == (first.json_body, "true")
    assert (
        guest.ask("GET", f"/v1/import-sessions/{guest.session_id}").json_body["data"]["import_id"]
        == (first.json_body["data"]["id"])
    )


def test_a_session_of_a_test_key_sees_test_data(pipeline: PipelineClient) -> None:
    pipeline.client.key = pipeline.client.world.key(
        "px_of_test", tenant_id=sibling_of(TenantId(OURS)), test_of=OURS, key_id="key_of_test"
    )

    guest = Guest(pipeline)

    shown = guest.ask("POST", "/v1/imports", FILE).json_body["data"]
    assert (shown["organization_id"], shown["created_by"]) == (sibling_of(TenantId(OURS)), guest.session_id)
