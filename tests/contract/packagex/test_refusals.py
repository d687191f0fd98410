"""Keys, paths, methods and failures: the same body for everything that goes wrong."""

import logging
from dataclasses import replace

import pytest
from chalice.app import Chalice

from chalicelib.access.context import Context
from chalicelib.errors import Fatal, Refused, Retryable
from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import
from chalicelib.stores.memory import MemoryImports
from tests.answers import Client
from tests.blueprints import packagex_routes
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.world import NOW, World


def a_refusal(status: int, code: str, message: str, endpoint: str = "/v1/imports") -> JSON:
    return {
        "message": message,
        "data": {},
        "status": status,
        "errors": [],
        "code": code,
        "events": [],
        "pagination": None,
        "endpoint": endpoint,
    }


@pytest.mark.parametrize(
    ("headers", "code", "message"),
    [
        pytest.param({}, "api_key_missing", "An API key is required.", id="none"),
        pytest.param({"PX-API-KEY": "wrong"}, "api_key_invalid", "The API key is not known.", id="unknown"),
        pytest.param({"PX-API-KEY": "old"}, "api_key_expired", "The API key has expired.", id="expired"),
        pytest.param({"X-API-KEY": "revoked"}, "api_key_invalid", "The API key is not known.", id="revoked"),
    ],
)
def test_a_bad_key_is_refused(headers: dict[str, str], code: str, message: str) -> None:
    world = World()
    world.key("old", expires_at=NOW)
    world.key("revoked", revoked_at=NOW)

    response = client_of(world.context).http.get("/v1/imports", headers=headers)

    assert response.status_code == 401
    assert response.json_body == a_refusal(401, code, message)


@pytest.mark.parametrize("header", ["PX-API-KEY", "px-api-key", "X-API-KEY", "x-api-key"])
def test_the_key_may_stand_in_either_header(header: str) -> None:
    world = World()
    world.key("secret")

    assert client_of(world.context).http.get("/v1/imports", headers={header: "secret"}).status_code == 200


def test_a_key_without_the_scope_is_refused() -> None:
    world = World()
    world.key("reader", scopes=frozenset({Scope.IMPORTS_READ}))
    client = client_of(world.context)

    response = client.http.post("/v1/imports", headers={"PX-API-KEY": "reader"}, body=b"{}")

    assert response.status_code == 403
    assert response.json_body == a_refusal(403, "forbidden", "The API key lacks the scope imports:write.")
    assert client.http.get("/v1/imports", headers={"PX-API-KEY": "reader"}).status_code == 200


@pytest.mark.parametrize("path", ["/v1", "/v1/exports/exp_1/errors", "/v1/records", "/v1/imports/imp_1/errors"])
def test_an_unknown_path_is_not_found(path: str) -> None:
    response = PackageXClient().get(path)

    assert response.status_code == 404
    assert response.json_body == a_refusal(404, "not_found", "There is nothing at this path.", path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/imports", "POST, GET, HEAD"),
        ("DELETE", "/v1/imports", "POST, GET, HEAD"),
        ("PATCH", "/v1/imports/imp_1", "GET, HEAD, POST, DELETE"),
        ("POST", "/v1/records/contacts", "GET, HEAD"),
        ("DELETE", "/v1/records/contacts/con_1", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_refused_with_those_that_are_right(method: str, path: str, allowed: str) -> None:
    response = PackageXClient().request(method, path)

    message = f"This path takes {' and '.join(allowed.split(', '))} only."
    assert response.status_code == 405
    assert response.headers["Allow"] == allowed
    assert response.json_body == a_refusal(405, "method_not_allowed", message, path)


class BrokenImports(MemoryImports):
    """Raises whatever it is told, where an import is looked up."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self._failure = failure

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        raise self._failure


@pytest.mark.parametrize(
    ("failure", "status", "code", "message"),
    [
        pytest.param(
            Retryable("table so-and-so is throttled"),
            503,
            "service_unavailable",
            "The service is busy. Try again in a moment.",
            id="passing",
        ),
        pytest.param(Fatal("secret"), 500, "internal_error", "Something went wrong on our side.", id="fatal"),
        pytest.param(KeyError("secret"), 500, "internal_error", "Something went wrong on our side.", id="a bug"),
        pytest.param(
            Refused("in_no_table", "secret"),  # type: ignore[arg-type] # no code of the catalogue
            500,
            "internal_error",
            "Something went wrong on our side.",
            id="a refusal nobody translated",
        ),
    ],
)
def test_failures_of_ours_tell_nothing_but_are_logged(
    failure: Exception, status: int, code: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    world.key("secret")
    context = replace(world.context, stores=replace(world.stores, imports=BrokenImports(failure)))

    with caplog.at_level(logging.WARNING):
        response = client_of(context).http.get("/v1/imports/imp_1", headers={"PX-API-KEY": "secret"})

    assert response.status_code == status
    assert response.json_body == a_refusal(status, code, message, "/v1/imports/imp_1")
    assert response.headers["X-Request-Id"]
    assert len(caplog.records) == 1


def client_of(context: Context) -> Client:
    app = Chalice("packagex-refusals", configure_logs=False)
    for blueprint in packagex_routes(lambda: context):
        app.register_blueprint(blueprint)
    return Client(app)
