"""Tells Chalice of a dialect's routes, and of everything around them that is no route: wrong methods, unknown paths.

In come the dialect's table of routes and its voice, out goes a blueprint, built once per process; `app.py` registers
it at the root.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from chalice.app import Blueprint, Response

from chalicelib.access.context import Context
from chalicelib.api.http.router import (
    DialectAdapter,
    OpenRoute,
    Route,
    ViewResult,
    authenticated_view,
    open_view,
    refusing_view,
)
from chalicelib.errors import NotFound, Refused

METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectRoutes(Generic[ViewResult]):
    """Everything a dialect shows."""

    routes: Sequence[Route[ViewResult]]
    unknown_paths: Iterable[str]
    """Every place in the tree of paths where one may leave it: API Gateway does not go back up to a greedy path above.
    Chalice's own local server takes `{proxy+}` for a single segment.
    """
    voice: DialectAdapter[ViewResult]
    open_routes: Sequence[OpenRoute] = ()

    @property
    def allowed(self) -> Mapping[str, list[str]]:
        """Methods by path."""
        found: dict[str, list[str]] = {}
        methods = [(route.path, route.method) for route in self.routes]
        for path, method in [*methods, *((route.path, route.method) for route in self.open_routes)]:
            found.setdefault(path, []).append(method)
        return found


def register_routes(name: str, surface: DialectRoutes[ViewResult], context: Callable[[], Context]) -> Blueprint:
    """The context is asked for at the first request."""
    blueprint = Blueprint(name)
    for route in surface.routes:
        respond = authenticated_view(route, surface.voice, context, lambda: blueprint.current_request)
        _register(blueprint, route.path, [route.method], respond)
    for open_route in surface.open_routes:
        respond = open_view(open_route, surface.voice, context, lambda: blueprint.current_request)
        _register(blueprint, open_route.path, [open_route.method], respond)
    for path in surface.allowed:
        _register_wrong_methods(blueprint, path, surface)
    for path in surface.unknown_paths:
        refusal = NotFound("path_not_found", "There is nothing at this path.")
        _register_refusal(blueprint, path, METHODS, refusal, surface)
    return blueprint


def _register_wrong_methods(blueprint: Blueprint, path: str, surface: DialectRoutes[ViewResult]) -> None:
    allowed = surface.allowed[path]
    wrong = [method for method in METHODS if method not in allowed]
    message = f"This path takes {' and '.join(allowed)} only."
    refusal = Refused("method_not_allowed", message, allowed=", ".join(allowed))
    _register_refusal(blueprint, path, wrong, refusal, surface)


def _register_refusal(
    blueprint: Blueprint, path: str, methods: Sequence[str], refusal: Refused, surface: DialectRoutes[ViewResult]
) -> None:
    _register(blueprint, path, methods, refusing_view(refusal, surface.voice, lambda: blueprint.current_request))


def _register(blueprint: Blueprint, path: str, methods: Sequence[str], respond: Callable[..., Response]) -> None:
    """No content types are declared: Chalice would refuse others itself, on every method, in its own words."""
    blueprint.route(path, methods=list(methods), content_types=[])(respond)
