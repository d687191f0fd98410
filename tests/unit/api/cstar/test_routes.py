"""Routes are closed by default: each demands a key with its scope, and what is no route opens nothing."""

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.cstar.routes import EXPORT, IMPORT, ROUTES, cstar_routes
from chalicelib.api.http.register_routes import METHODS
from chalicelib.model.api_keys import KeyKind, Scope
from tests.world import OURS, World


def an_app(world: World) -> Chalice:
    app = Chalice("cstar-test", configure_logs=False)
    app.register_blueprint(cstar_routes(lambda: world.context, lambda: world.now))
    return app


APP = an_app(World())
UNKNOWN_PATHS = {
    "/api/v1/teams",
    "/api/v1/teams/{team_id}",
    "/api/v1/teams/{team_id}/{proxy+}",
    f"{IMPORT}/{{proxy+}}",
    f"{EXPORT}/{{proxy+}}",
}
SCOPES = {
    (path, method): vars(entry.view_function)["scope"]
    for path, methods in APP.routes.items()
    for method, entry in methods.items()
}


def test_every_route_has_its_scope() -> None:
    assert {place: scope for place, scope in SCOPES.items() if scope} == {
        (IMPORT, "POST"): Scope.IMPORTS_WRITE,
        (IMPORT, "GET"): Scope.IMPORTS_READ,
        (IMPORT, "HEAD"): Scope.IMPORTS_READ,
        (EXPORT, "POST"): Scope.EXPORTS_READ,
        (EXPORT, "GET"): Scope.EXPORTS_READ,
        (EXPORT, "HEAD"): Scope.EXPORTS_READ,
    }


def test_every_path_answers_every_method() -> None:
    paths = {route.path for route in ROUTES} | UNKNOWN_PATHS

    assert {path: set(methods) for path, methods in APP.routes.items()} == {path: set(METHODS) for path in paths}


@pytest.mark.parametrize(("path", "method"), [(route.path, route.method) for route in ROUTES])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no key"),
        pytest.param({"Authorization": "Bearer sk_live_wrong"}, 401, id="unknown key"),
        pytest.param({"Authorization": "Basic sk_live_secret"}, 401, id="another scheme"),
        pytest.param({"PX-API-KEY": "sk_live_secret"}, 401, id="another dialect's header"),
        pytest.param({"Authorization": "Bearer sk_live_powerless"}, 403, id="no scope"),
    ],
)
def test_no_route_opens_without_a_fitting_key(path: str, method: str, headers: dict[str, str], status: int) -> None:
    world = World()
    world.key("sk_live_secret", kind=KeyKind.SK_LIVE)
    world.key("sk_live_powerless", kind=KeyKind.SK_LIVE, scopes=frozenset())
    reached = path.replace("{team_id}", OURS)

    response = Client(an_app(world)).http.request(method, reached, headers=headers, body=b"{not even json")

    assert response.status_code == status
