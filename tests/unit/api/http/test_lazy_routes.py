"""Routes come into the app dialect by dialect, and all of them for whoever wants to see all."""

from collections.abc import Callable

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib.api.http.lazy_routes import LazyRoutes

BEGINNINGS = {
    "/api": ("kasar", "/api/v1/export/{object}"),
    "/api/v1/teams": ("cstar", "/api/v1/teams/{team_id}/import"),
    "/oauth": ("talkdesk", "/oauth/token"),
    "/bulk-imports": ("talkdesk", "/bulk-imports/users"),
}
PATHS = [path for _, path in BEGINNINGS.values()]


def an_app() -> tuple[Chalice, list[str]]:
    """And the names of the dialects that have been made."""
    made: list[str] = []
    app = Chalice("dialects", configure_logs=False)
    dialects = {name: a_dialect(name, made) for name, _ in BEGINNINGS.values()}
    app.routes = LazyRoutes(app, {begin: dialects[name] for begin, (name, _) in BEGINNINGS.items()})  # type: ignore[assignment]  # as in app.py
    return app, made


def a_dialect(name: str, made: list[str]) -> Callable[[], Blueprint]:
    def make() -> Blueprint:
        made.append(name)
        blueprint = Blueprint(name)
        for path in [path for one, path in BEGINNINGS.values() if one == name]:
            blueprint.route(path)(lambda **_: {"dialect": name})
        return blueprint

    return make


@pytest.mark.parametrize(("name", "path"), BEGINNINGS.values())
def test_a_request_brings_its_own_dialect_and_no_other(name: str, path: str) -> None:
    app, made = an_app()

    assert "GET" in app.routes[path]
    assert "GET" in app.routes[path]
    assert made == [name]


@pytest.mark.parametrize("path", ["/apis", "/oauthor", "/docs"])
def test_a_path_of_no_dialect_brings_none(path: str) -> None:
    app, made = an_app()

    assert app.routes[path] == {}
    assert made == []


def test_whoever_walks_the_routes_sees_them_all() -> None:
    app, made = an_app()

    assert sorted(app.routes) == sorted(PATHS)
    assert {path for path, methods in app.routes.items() if "GET" in methods} == set(PATHS)
    assert len(app.routes) == len(PATHS)
    assert sorted(made) == ["cstar", "kasar", "talkdesk"]
