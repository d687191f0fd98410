"""Registers a dialect's routes with Chalice, and refusals around them: wrong methods, unknown paths.

In come the table of routes and the dialect's adapter, out goes a blueprint, built once per process; `app.py` registers
it at the root.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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

METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD")
"""All but OPTIONS, which API Gateway answers itself (`cross_origin.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectRoutes(Generic[ViewResult]):
    """All routes of a dialect, or of one of its features, and how their answers look."""

    roots: Sequence[str]
    """Where its part of the tree of paths begins."""
    routes: Sequence[Route[ViewResult]]
    adapter: DialectAdapter[ViewResult]
    open_routes: Sequence[OpenRoute] = ()

    @property
    def allowed(self) -> Mapping[str, list[str]]:
        """Returns the methods of each path."""
        found: dict[str, list[str]] = {}
        methods = [(route.path, method) for route in self.routes for method in route.methods]
        for path, method in [*methods, *((route.path, route.method) for route in self.open_routes)]:
            found.setdefault(path, []).append(method)
        return found

    @property
    def unknown_paths(self) -> Sequence[str]:
        """Returns every place in the tree of paths where one may leave it.

        These are the places on the way to a route that are no routes themselves, and below each place without a
        variable child everything else: API Gateway does not go back up to a greedy path above. Chalice's own local
        server takes `{proxy+}` for a single segment.
        """
        places = list(dict.fromkeys(place for path in self.allowed for place in self._each_place(path)))
        has_variable = {place.rpartition("/{")[0] for place in places if place.endswith("}")}
        greedy = [f"{place}/{{proxy+}}" for place in places if place not in has_variable]
        return [place for place in places if place not in self.allowed] + greedy

    def _each_place(self, path: str) -> Iterator[str]:
        """Yields the path and those above it, down from its root."""
        root = next(root for root in self.roots if f"{path}/".startswith(f"{root}/"))
        below = path.removeprefix(root).split("/")
        for depth in range(1, len(below) + 1):
            yield root + "/".join(below[:depth])


def register_routes(name: str, dialect: DialectRoutes[ViewResult], context: Callable[[], Context]) -> Blueprint:
    """Returns a blueprint with all routes, and with refusals for wrong methods and unknown paths. The context is asked
    for at the first request.
    """
    blueprint = Blueprint(name)
    for route in dialect.routes:
        respond = authenticated_view(route, dialect.adapter, context, lambda: blueprint.current_request)
        _register(blueprint, route.path, route.methods, respond)
    for open_route in dialect.open_routes:
        respond = open_view(open_route, dialect.adapter, context, lambda: blueprint.current_request)
        _register(blueprint, open_route.path, [open_route.method], respond)
    for path in dialect.allowed:
        _register_wrong_methods(blueprint, path, dialect)
    for path in dialect.unknown_paths:
        refusal = NotFound("path_not_found", "There is nothing at this path.")
        _register_refusal(blueprint, path, METHODS, refusal, dialect)
    return blueprint


def _register_wrong_methods(blueprint: Blueprint, path: str, dialect: DialectRoutes[ViewResult]) -> None:
    allowed = dialect.allowed[path]
    wrong = [method for method in METHODS if method not in allowed]
    message = f"This path takes {' and '.join(allowed)} only."
    refusal = Refused("method_not_allowed", message, allowed=", ".join(allowed))
    _register_refusal(blueprint, path, wrong, refusal, dialect)


def _register_refusal(
    blueprint: Blueprint, path: str, methods: Sequence[str], refusal: Refused, dialect: DialectRoutes[ViewResult]
) -> None:
    _register(blueprint, path, methods, refusing_view(refusal, dialect.adapter, lambda: blueprint.current_request))


def _register(blueprint: Blueprint, path: str, methods: Sequence[str], respond: Callable[..., Response]) -> None:
    """Registers a view without content types: Chalice would refuse others itself, on every method, in its own words."""
    blueprint.route(path, methods=list(methods), content_types=[])(respond)
