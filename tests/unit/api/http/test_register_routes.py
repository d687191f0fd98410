"""Around the routes of a dialect, everything else is refused: wrong methods, and every path that leaves the tree."""

import pytest
from chalice.app import Chalice, Response
from chalice.test import Client

from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.router import DialectAdapter, OpenRoute, Route, bearer_secret
from chalicelib.model.api_keys import Scope
from tests.world import World

ADAPTER: DialectAdapter[str] = DialectAdapter(
    find_secret=bearer_secret,
    render_answer=lambda answer, call: Response(answer),
    render_refusal=lambda refusal, request: Response(refusal.code, {"Allow": str(refusal.details.get("allowed"))}, 400),
    render_unavailable=lambda request: Response("later", status_code=503),
    render_internal_error=lambda request: Response("broken", status_code=500),
)


def dialect(*paths: str, root: str = "/v1") -> DialectRoutes[str]:
    routes = [Route("GET", path, Scope.IMPORTS_READ, lambda call: "hello") for path in paths]
    return DialectRoutes(roots=(root,), routes=routes, adapter=ADAPTER)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["/v1"], {"/v1/{proxy+}"}, id="a route at the root"),
        pytest.param(["/v1/imports"], {"/v1", "/v1/{proxy+}", "/v1/imports/{proxy+}"}, id="a place without a route"),
        pytest.param(
            ["/v1/imports/{id}"],
            {"/v1", "/v1/{proxy+}", "/v1/imports", "/v1/imports/{id}/{proxy+}"},
            id="a variable child stands where a greedy one would",
        ),
        pytest.param(
            ["/v1/imports/{id}", "/v1/imports/template"],
            {"/v1", "/v1/{proxy+}", "/v1/imports", "/v1/imports/{id}/{proxy+}", "/v1/imports/template/{proxy+}"},
            id="a word beside a variable",
        ),
    ],
)
def test_the_tree_of_paths_can_be_left_nowhere(paths: list[str], expected: set[str]) -> None:
    unknown = dialect(*paths).unknown_paths

    assert set(unknown) == expected
    assert len(unknown) == len(expected)


def test_nothing_above_the_root_is_the_dialect_s() -> None:
    assert set(dialect("/api/v1/teams/{id}", root="/api/v1/teams").unknown_paths) == {
        "/api/v1/teams",
        "/api/v1/teams/{id}/{proxy+}",
    }


def test_wrong_methods_and_unknown_paths_are_refused_without_a_key() -> None:
    app = Chalice("registered", configure_logs=False)
    app.register_blueprint(register_routes(__name__, dialect("/v1/imports"), lambda: World().context))
    client = Client(app)

    wrong, unknown = client.http.put("/v1/imports"), client.http.get("/v1")

    assert (wrong.body, wrong.headers["Allow"]) == (b"method_not_allowed", "GET, HEAD")
    assert unknown.body == b"path_not_found"


def test_an_open_route_answers_without_a_key() -> None:
    routes = DialectRoutes(
        roots=("/oauth",),
        routes=(),
        adapter=ADAPTER,
        open_routes=(OpenRoute("POST", "/oauth/token", lambda context, request: Response("a token")),),
    )
    app = Chalice("opened", configure_logs=False)
    app.register_blueprint(register_routes(__name__, routes, lambda: World().context))

    assert Client(app).http.post("/oauth/token").body == b"a token"
