"""Routes are closed by default: each demands a key with its scope, and what is no route opens nothing."""

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.http.register_routes import METHODS
from chalicelib.api.talkdesk.routes import OPEN_ROUTES, ROUTES, talkdesk_routes
from chalicelib.model.api_keys import Scope
from tests.world import World


def an_app(world: World) -> Chalice:
    app = Chalice("talkdesk-test", configure_logs=False)
    app.register_blueprint(talkdesk_routes(lambda: world.context, lambda request: "https://api.example.com"))
    return app


APP = an_app(World())
UNKNOWN_PATHS = {
    "/bulk-imports",
    "/bulk-imports/{proxy+}",
    "/bulk-imports/users/template/{proxy+}",
    "/bulk-imports/users/{import_id}/{proxy+}",
    "/bulk-imports/users/{import_id}/records/{proxy+}",
    "/oauth",
    "/oauth/{proxy+}",
    "/oauth/token/{proxy+}",
}
SCOPES = {
    (path, method): vars(entry.view_function)["scope"]
    for path, methods in APP.routes.items()
    for method, entry in methods.items()
}


def test_every_route_has_its_scope() -> None:
    assert {place: scope for place, scope in SCOPES.items() if scope} == {
        ("/bulk-imports/users", "POST"): Scope.IMPORTS_WRITE,
        ("/bulk-imports/users", "GET"): Scope.IMPORTS_READ,
        ("/bulk-imports/users", "HEAD"): Scope.IMPORTS_READ,
        ("/bulk-imports/users/template", "GET"): Scope.IMPORTS_READ,
        ("/bulk-imports/users/template", "HEAD"): Scope.IMPORTS_READ,
        ("/bulk-imports/users/{import_id}", "GET"): Scope.IMPORTS_READ,
        ("/bulk-imports/users/{import_id}", "HEAD"): Scope.IMPORTS_READ,
        ("/bulk-imports/users/{import_id}", "PATCH"): Scope.IMPORTS_WRITE,
        ("/bulk-imports/users/{import_id}", "PUT"): Scope.IMPORTS_WRITE,
        ("/bulk-imports/users/{import_id}/records", "GET"): Scope.IMPORTS_READ,
        ("/bulk-imports/users/{import_id}/records", "HEAD"): Scope.IMPORTS_READ,
    }


def test_every_path_answers_every_method() -> None:
    paths = {route.path for route in ROUTES} | {route.path for route in OPEN_ROUTES} | UNKNOWN_PATHS

    assert {path: set(methods) for path, methods in APP.routes.items()} == {path: set(METHODS) for path in paths}


@pytest.mark.parametrize(("path", "method"), [(route.path, route.method) for route in ROUTES])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no token"),
        pytest.param({"Authorization": "Bearer tdt_wrong"}, 403, id="unknown token"),
        pytest.param({"Authorization": "Basic tdt_secret"}, 403, id="another scheme"),
        pytest.param({"PX-API-KEY": "px_secret"}, 401, id="another dialect's header"),
        pytest.param({"Authorization": "Bearer px_powerless"}, 403, id="no scope"),
    ],
)
def test_no_route_opens_without_a_fitting_key(path: str, method: str, headers: dict[str, str], status: int) -> None:
    world = World()
    world.key("px_secret")
    world.key("px_powerless", scopes=frozenset())

    response = Client(an_app(world)).http.request(method, path, headers=headers, body=b"{not even json")

    assert response.status_code == status
