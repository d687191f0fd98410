"""A wrong request gets the dialect's own error: its status, its code, its envelope, from the deployed stack."""

import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.model.api_keys import Scope
from tests.e2e.packagex_client import JSON, PackageXClient, send
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

SYNC = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": [{"name": "Ann"}]}
UNKNOWN = "imp_aaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture(scope="module")
def owner(tenants: Tenants) -> PackageXClient:
    return tenants.client()


@pytest.fixture(scope="module")
def requested(owner: PackageXClient) -> JSON:
    return owner.create()


@pytest.fixture(scope="module", autouse=True)
def nothing_was_imported(owner: PackageXClient) -> Iterator[None]:
    """No refused request may leave a trace."""
    yield
    assert owner.records("contacts") == []


def test_a_missing_key_is_told(tenants: Tenants) -> None:
    answer = tenants.stranger(None).get("/v1/imports")

    assert answer.refusal == (401, "api_key_missing", [])


def test_an_unknown_key_is_told(tenants: Tenants) -> None:
    answer = tenants.stranger("px_nobody_gave_this_out").get("/v1/imports")

    assert answer.refusal == (401, "api_key_invalid", [])


def test_an_expired_key_is_told(tenants: Tenants) -> None:
    answer = tenants.client(expires_at=int(time.time()) - 1).get("/v1/imports")

    assert answer.refusal == (401, "api_key_expired", [])


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Scope.IMPORTS_READ, "POST", "/v1/imports"),
        (Scope.IMPORTS_READ, "DELETE", f"/v1/imports/{UNKNOWN}"),
        (Scope.IMPORTS_WRITE, "GET", "/v1/imports"),
        (Scope.IMPORTS_WRITE, "GET", "/v1/records/contacts"),
    ],
)
def test_a_key_opens_only_what_its_scopes_say(tenants: Tenants, scope: Scope, method: str, path: str) -> None:
    answer = tenants.client(scopes=frozenset({scope})).request(method, path, SYNC if method == "POST" else None)

    assert answer.refusal == (403, "forbidden", [])


@pytest.mark.parametrize(
    ("method", "body"),
    [("GET", None), ("POST", {"status": "canceled"}), ("POST", {"name": "mine now"}), ("DELETE", None)],
    ids=["show", "cancel", "rename", "delete"],
)
def test_an_import_of_another_tenant_is_as_unknown_as_one_that_never_was(
    tenants: Tenants, owner: PackageXClient, requested: JSON, method: str, body: JSON | None
) -> None:
    stranger = tenants.client()

    foreign = stranger.request(method, f"/v1/imports/{requested['id']}", body)
    unknown = stranger.request(method, f"/v1/imports/{UNKNOWN}", body)

    assert foreign.refusal == unknown.refusal == (404, "import_not_found", [])
    assert foreign.body["message"].replace(requested["id"], UNKNOWN) == unknown.body["message"]
    assert owner.show(requested["id"])["name"] is None
    assert owner.show(requested["id"])["updated_at"] == requested["updated_at"]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b'{"upload_mode": "sync", ', (400, "invalid_json", [])),
        (b"", (400, "invalid_json", [])),
        ([SYNC], (400, "invalid_json", [])),
        (SYNC | {"colour": "red"}, (400, "validation_failed", ["colour: Unknown parameter."])),
        (
            {"upload_mode": "sync", "data": [{}]},
            (400, "validation_failed", ["resource: Required.", "action: Required."]),
        ),
        (SYNC | {"resource": "spaceship"}, (400, "validation_failed", ["resource: There is no resource 'spaceship'."])),
        (
            SYNC | {"upload_mode": "async"},
            (400, "validation_failed", ["data: Must be null for async; PUT it to _upload_url."]),
        ),
    ],
    ids=["broken JSON", "empty body", "no object", "unknown field", "missing fields", "unknown resource", "async data"],
)
def test_a_body_that_makes_no_sense_is_refused(owner: PackageXClient, body: object, refusal: tuple[Any, ...]) -> None:
    answer = owner.post("/v1/imports", body)

    assert answer.refusal == refusal


def test_a_source_too_large_for_a_request_is_sent_to_the_signed_upload(owner: PackageXClient) -> None:
    data = "data:text/csv;base64," + b64encode(b"name\n" + b"x" * 4_000_000).decode()

    answer = owner.post("/v1/imports", SYNC | {"data": data})

    assert answer.refusal[:2] == (413, "payload_too_large")
    assert "async" in answer.body["message"]
    assert "_upload_url" in answer.body["message"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/nonsense", "not_found"),
        ("/v1/imports/a/b/c", "not_found"),
        ("/v1/records", "not_found"),
        (f"/v1/imports/{UNKNOWN}", "import_not_found"),
        ("/v1/imports/no.id", "import_not_found"),
        ("/v1/records/spaceships", "resource_not_found"),
        ("/v1/records/contacts/con_nobody", "record_not_found"),
    ],
)
def test_what_is_not_there_is_not_found(owner: PackageXClient, path: str, code: str) -> None:
    answer = owner.get(path)

    assert answer.refusal == (404, code, [])
    assert answer.body["endpoint"] == path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/imports", "POST, GET, HEAD"),
        ("PATCH", f"/v1/imports/{UNKNOWN}", "GET, HEAD, POST, DELETE"),
        ("DELETE", "/v1/records/contacts", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_which_are_right(owner: PackageXClient, method: str, path: str, allowed: str) -> None:
    answer = owner.request(method, path, {} if method != "DELETE" else None)

    assert answer.refusal == (405, "method_not_allowed", [])
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"page": 0}, "page: Input should be greater than or equal to 1."),
        ({"limit": 101}, "limit: Input should be less than or equal to 100."),
        ({"colour": "red"}, "colour: Unknown parameter."),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(owner: PackageXClient, query: JSON, error: str) -> None:
    answer = owner.get("/v1/imports", **query)

    assert answer.refusal == (400, "validation_failed", [error])


def test_the_wrong_content_type_is_refused(owner: PackageXClient) -> None:
    headers = {"PX-API-KEY": str(owner.key), "Content-Type": "text/csv"}

    answer = send("POST", f"{owner.base_url}/v1/imports", b"name\nAnn\n", headers)

    assert answer.refusal[:2] == (415, "unsupported_media_type")


def test_the_other_name_of_the_key_header_opens_too(owner: PackageXClient) -> None:
    answer = send("GET", f"{owner.base_url}/v1/imports", headers={"X-API-KEY": str(owner.key)})

    assert answer.status == 200


def test_an_import_that_has_not_ended_cannot_be_deleted(owner: PackageXClient) -> None:
    import_ = owner.create()

    answer = owner.request("DELETE", f"/v1/imports/{import_['id']}")

    assert answer.refusal == (409, "import_not_ended", [])


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/v1/health", "/v1/imports"])
def test_head_has_the_type_of_get_and_no_body(owner: PackageXClient, path: str) -> None:
    by_get, by_head = (owner.request(method, path) for method in ("GET", "HEAD"))

    assert (by_head.status, by_head.content) == (200, b"")
    assert by_head.headers["Content-Type"] == by_get.headers["Content-Type"]


def test_the_root_leads_a_browser_to_the_page(owner: PackageXClient) -> None:
    answer = send("GET", f"{owner.base_url}/")

    assert (answer.status, answer.headers["Location"]) == (303, f"{owner.base_url}/docs")
