"""Routes are closed by default: each demands an admin's key, and what is no route opens nothing."""

from typing import Any

import pytest
from chalice.app import Chalice

from chalicelib.api.http.register_routes import METHODS
from chalicelib.api.kasar.routes import ROUTES, kasar_routes
from chalicelib.model.api_keys import Scope
from tests.world import World


def an_app(world: World) -> Chalice:
    app = Chalice("kasar-test", configure_logs=False)
    app.register_blueprint(kasar_routes(lambda: world.context))
    return app


APP = an_app(World())
UNKNOWN_PATHS = {
    "/api",
    "/api/{proxy+}",
    "/api/v1",
    "/api/v1/{proxy+}",
    "/api/v1/import",
    "/api/v1/import/{object}/{proxy+}",
    "/api/v1/export",
    "/api/v1/export/{object}/{proxy+}",
}
DECLARED = [(path, method, entry) for path, methods in APP.routes.items() for method, entry in methods.items()]


def test_every_route_demands_an_admin() -> None:
    scopes = {(path, method): vars(entry.view_function)["scope"] for path, method, entry in DECLARED}

    assert {place: scope for place, scope in scopes.items() if scope} == {
        ("/api/v1/import/{object}", "POST"): Scope.ADMIN,
        ("/api/v1/export/{object}", "GET"): Scope.ADMIN,
        ("/api/v1/export/{object}", "HEAD"): Scope.ADMIN,
    }


def test_what_has_no_scope_is_there_to_refuse() -> None:
    names = {entry.view_function.__name__ for _, _, entry in DECLARED if vars(entry.view_function)["scope"] is None}

    assert names == {"path_not_found", "method_not_allowed"}


def test_every_path_answers_every_method() -> None:
    paths = {route.path for route in ROUTES} | UNKNOWN_PATHS

    assert {path: set(methods) for path, methods in APP.routes.items()} == {path: set(METHODS) for path in paths}


def test_the_tree_of_paths_cannot_be_left_unnoticed() -> None:
    """API Gateway allows one variable child per place, and does not go back up to a greedy one above."""
    for route in ROUTES:
        parts = route.path.split("/")
        for depth in range(2, len(parts) + 1):
            place = "/".join(parts[:depth])
            assert place in APP.routes
            children = {path.split("/")[depth] for path in APP.routes if path.startswith(place + "/")}
            assert len([child for child in children if child.startswith("{")]) == 1


@pytest.mark.parametrize(
    ("resource_path", "path"),
    [
        ("/api/{proxy+}", "/api/deep/down"),
        ("/api/v1/{proxy+}", "/api/v1/records/contacts"),
        ("/api/v1/export/{object}/{proxy+}", "/api/v1/export/contacts/all/of/it"),
    ],
)
def test_greedy_paths_answer_at_any_depth(resource_path: str, path: str) -> None:
    """As API Gateway sends it: Chalice's own local server takes a greedy part for one segment."""
    event: dict[str, Any] = {
        "requestContext": {"httpMethod": "GET", "resourcePath": resource_path, "path": "/api" + path},
        "path": path,
        "headers": {},
        "pathParameters": {"object": "contacts", "proxy": "deep/down"},
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "body": None,
    }

    response = an_app(World())(event, None)

    assert response["statusCode"] == 404
    assert '"code":"NOT_FOUND"' in response["body"]
