"""Keys, tenants, paths, methods and failures: the same body for everything that goes wrong."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from chalice.app import Chalice

from chalicelib.access.context import Context
from chalicelib.api.kasar.routes import kasar_routes
from chalicelib.errors import Fatal, Refused, Retryable
from chalicelib.model.api_keys import KINDS, KeyKind, Scope
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.records import Record
from chalicelib.stores.memory import MemoryRecords
from tests.answers import Client
from tests.contract.kasar.clients import ALICE, KasarClient, a_refusal
from tests.world import NOW, THEIRS, World

EVERY_ROUTE = [("POST", "/api/v1/import/contacts"), ("GET", "/api/v1/export/contacts")]


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE)
@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        pytest.param(None, "An API key is required.", id="none"),
        pytest.param("Basic ksr_known", "An API key is required.", id="another scheme"),
        pytest.param("Bearer ksr_wrong", "The API key is not known.", id="unknown"),
        pytest.param("Bearer ksr_old", "The API key has expired.", id="expired"),
        pytest.param("Bearer ksr_revoked", "The API key is not known.", id="revoked"),
    ],
)
def test_a_bad_key_is_refused(method: str, path: str, authorization: str | None, message: str) -> None:
    world = World()
    world.key("ksr_known", kind=KeyKind.KSR_ADMIN)
    world.key("ksr_old", kind=KeyKind.KSR_ADMIN, expires_at=NOW)
    world.key("ksr_revoked", kind=KeyKind.KSR_ADMIN, revoked_at=NOW)
    headers = {"Authorization": authorization} if authorization else {}

    response = client_of(world.context).http.request(method, path, headers=headers, body=b"{not even json")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json_body == a_refusal("UNAUTHORIZED", message)


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE)
def test_a_key_of_somebody_who_is_no_admin_is_refused(method: str, path: str) -> None:
    world = World()
    world.key("ksr_member", kind=KeyKind.KSR_ADMIN, scopes=frozenset(Scope) - {Scope.ADMIN})

    response = client_of(world.context).http.request(
        method, path, headers={"Authorization": "Bearer ksr_member"}, body=b"{not even json"
    )

    assert response.status_code == 403
    assert response.json_body == a_refusal("PERMISSION_DENIED", "Token does not belong to an admin user")


def test_tenants_see_and_match_nothing_of_each_other() -> None:
    client = KasarClient()
    client.load("contacts", ALICE | {"company_name": "Acme Corp"})
    client.key = client.world.key("ksr_theirs", kind=KeyKind.KSR_ADMIN, tenant_id=THEIRS)

    assert client.exported("contacts") == []
    assert client.exported("companies") == []
    assert client.load("contacts", ALICE).json_body["created"] == 1


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/v2", "/api/v1", "/api/v1/records", "/api/v1/import", "/api/v1/export", "/api/v1/import/contacts/1"],
)
def test_an_unknown_path_is_not_found(path: str) -> None:
    response = KasarClient().request("GET", path)

    assert response.status_code == 404
    assert response.json_body == a_refusal("NOT_FOUND", "There is nothing at this path.")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/import/contacts", "POST"),
        ("PUT", "/api/v1/import/contacts", "POST"),
        ("POST", "/api/v1/export/contacts", "GET, HEAD"),
        ("DELETE", "/api/v1/export/contacts", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_refused_with_the_one_that_is_right(method: str, path: str, allowed: str) -> None:
    response = KasarClient().request(method, path)

    assert response.status_code == 405
    assert response.headers["Allow"] == allowed
    assert response.json_body == a_refusal(
        "METHOD_NOT_ALLOWED", f"This path takes {allowed.replace(', ', ' and ')} only."
    )


class BrokenRecords(MemoryRecords):
    """Raises whatever it is told, where records are read."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self._failure = failure

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        raise self._failure


@pytest.mark.parametrize(
    ("failure", "status", "code", "message"),
    [
        pytest.param(
            Retryable("table so-and-so is throttled"),
            503,
            "SERVICE_UNAVAILABLE",
            "The service is busy. Try again in a moment.",
            id="passing",
        ),
        pytest.param(Fatal("secret"), 500, "INTERNAL_ERROR", "Something went wrong on our side.", id="fatal"),
        pytest.param(KeyError("secret"), 500, "INTERNAL_ERROR", "Something went wrong on our side.", id="a bug"),
        pytest.param(
            Refused("in_no_table", "secret"),  # type: ignore[arg-type] # no code of the catalogue
            500,
            "INTERNAL_ERROR",
            "Something went wrong on our side.",
            id="a refusal nobody translated",
        ),
    ],
)
def test_failures_of_ours_tell_nothing_but_are_logged(
    failure: Exception, status: int, code: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    world.key("ksr_known", kind=KeyKind.KSR_ADMIN)
    context = replace(world.context, stores=replace(world.stores, records=BrokenRecords(failure)))

    with caplog.at_level(logging.WARNING):
        response = client_of(context).http.get("/api/v1/export/contacts", headers={"Authorization": "Bearer ksr_known"})

    assert response.status_code == status
    assert response.json_body == a_refusal(code, message)
    assert response.headers["X-Request-Id"]
    assert len(caplog.records) == 1


def client_of(context: Context) -> Client:
    app = Chalice("kasar-refusals", configure_logs=False)
    app.register_blueprint(kasar_routes(lambda: context))
    return Client(app)


def test_one_request_too_many_is_refused_as_documented() -> None:
    world = World(replace(DEFAULT_LIMITS, kasar_key_requests=1))
    world.key("ksr_busy", kind=KeyKind.KSR_ADMIN)
    client = client_of(world.context)
    headers = {"Authorization": "Bearer ksr_busy"}

    first, last = (client.http.get("/api/v1/export/contacts", headers=headers) for _ in range(2))

    message = "Rate limit exceeded. Try again in 40 seconds"
    assert (first.status_code, first.headers["X-RateLimit-Policy"]) == (200, "1;w=60")
    assert last.status_code == 429
    assert last.json_body == {"error": message, "policy": "1;w=60", "retryAfterSeconds": 40}
    assert last.headers["Retry-After"] == "40"
    assert {name: last.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset", "Policy")} == {
        "Limit": "1",
        "Remaining": "0",
        "Reset": str(NOW + 40),
        "Policy": "1;w=60",
    }


def test_a_key_without_admin_is_refused() -> None:
    world = World()
    world.key("ksr_plain", kind=KeyKind.KSR, scopes=KINDS[KeyKind.KSR].scopes)

    response = client_of(world.context).http.get(
        "/api/v1/export/contacts", headers={"Authorization": "Bearer ksr_plain"}
    )

    assert response.status_code == 403
    assert response.json_body == a_refusal("PERMISSION_DENIED", "Token does not belong to an admin user")
