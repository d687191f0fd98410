"""How PackageX is asked: nothing opens without a fitting key, and what is no route opens nothing."""

from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.http.register_routes import METHODS
from chalicelib.api.http.router import Route
from chalicelib.api.packagex.openapi import DESCRIPTION
from tests.blueprints import packagex_routes
from tests.world import World


def an_app(world: World) -> Chalice:
    app = Chalice("packagex-test", configure_logs=False)
    for blueprint in packagex_routes(lambda: world.context):
        app.register_blueprint(blueprint)
    return app


EVERY_ROUTE = DESCRIPTION.routes
APP = an_app(World())
DECLARED = [(path, method, entry) for path, methods in APP.routes.items() for method, entry in methods.items()]
SCOPES = {(path, method): vars(entry.view_function)["scope"] for path, method, entry in DECLARED}
OPEN = [one for one in DECLARED if SCOPES[one[0], one[1]] is None]
CLOSED = [one for one in DECLARED if SCOPES[one[0], one[1]] is not None]


def test_every_route_has_a_scope() -> None:
    assert len(CLOSED) == sum(len(route.methods) for route in EVERY_ROUTE if isinstance(route, Route))


def test_what_has_no_scope_is_there_to_refuse() -> None:
    assert {entry.view_function.__name__ for _, _, entry in OPEN} == {"path_not_found", "method_not_allowed"}


def test_every_path_answers_every_method() -> None:
    assert {path: set(methods) for path, methods in APP.routes.items()} == {path: set(METHODS) for path in APP.routes}
    assert {route.path for route in EVERY_ROUTE} <= set(APP.routes)


def test_the_tree_of_paths_cannot_be_left_unnoticed() -> None:
    """API Gateway allows one variable child per place, and does not go back up to a greedy one above."""
    for route in EVERY_ROUTE:
        parts = route.path.split("/")
        for depth in range(2, len(parts) + 1):
            place = "/".join(parts[:depth])
            assert place in APP.routes
            children = {path.split("/")[depth] for path in APP.routes if path.startswith(place + "/")}
            assert len([child for child in children if child.startswith("{")]) == 1


@pytest.mark.parametrize(("path", "method"), [pytest.param(path, method) for path, method, _ in CLOSED])
@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param({}, 401, id="no key"),
        pytest.param({"PX-API-KEY": "wrong"}, 401, id="unknown key"),
        pytest.param({"PX-API-KEY": "powerless"}, 403, id="no scope"),
        pytest.param({"Authorization": "Bearer secret"}, 401, id="another dialect's header"),
    ],
)
def test_no_route_opens_without_a_fitting_key(path: str, method: str, key: dict[str, str], status: int) -> None:
    world = World()
    world.key("secret")
    world.key("powerless", scopes=frozenset())
    reached = path.replace("{import_id}", "imp_1").replace("{resource}", "contacts").replace("{record_id}", "con_1")

    response = Client(an_app(world)).http.request(method, reached, headers=key, body=b"{not even json")

    assert response.status_code == status


@pytest.mark.parametrize(
    ("resource_path", "path"),
    [
        ("/v1/{proxy+}", "/v1/deep/down/here"),
        ("/v1/imports/{import_id}/{proxy+}", "/v1/imports/imp_1/errors/all"),
    ],
)
def test_greedy_paths_answer_at_any_depth(resource_path: str, path: str) -> None:
    """As API Gateway sends it: Chalice's own local server takes a greedy part for one segment."""
    event: dict[str, Any] = {
        "requestContext": {"httpMethod": "GET", "resourcePath": resource_path, "path": "/api" + path},
        "path": path,
        "headers": {},
        "pathParameters": {"import_id": "imp_1", "proxy": "deep/down"},
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "body": None,
    }

    response = an_app(World())(event, None)

    assert response["statusCode"] == 404
    assert f'"endpoint":"{path}"' in response["body"]
