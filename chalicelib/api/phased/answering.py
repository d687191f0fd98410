"""What stands around every view: authentication, scope, the envelope, and an answer to whatever goes wrong.

Default deny: a view is reached only through a `Route`, and a route cannot be declared without its scope.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice.app import Request, Response

from chalicelib.api.phased import errors
from chalicelib.api.phased.requests import Said, read_body, read_query
from chalicelib.api.phased.responses import Answer, envelope
from chalicelib.api.serving import body_json, find_header, path_values, query_values, request_id, request_path
from chalicelib.errors import Refused, Retryable
from chalicelib.model.keys import Scope
from chalicelib.operations.authentication import authenticate, demand
from chalicelib.operations.context import Caller, Context

logger = logging.getLogger(__name__)

KEY_HEADERS = ("PX-API-KEY", "X-API-KEY")

BODY_LEVELS = 2
"""What the body adds to the nesting of a record: the object itself, and the array of records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of a known caller."""

    context: Context
    caller: Caller
    request: Request
    path: dict[str, str]
    """Path parameters, decoded."""

    def query(self, model: type[Said]) -> Said:
        return read_query(model, query_values(self.request))

    def body(self, model: type[Said]) -> Said:
        return read_body(model, body_json(self.request, depth=self.context.limits.json_depth + BODY_LEVELS))


@dataclass(frozen=True, slots=True)
class Route:
    """Method, path, what the caller's key must allow, and the view."""

    method: str
    path: str
    scope: Scope
    view: Callable[[Call], Answer]


def answered(route: Route, context: Callable[[], Context], current: Callable[[], Request]) -> Callable[..., Response]:
    """The view as Chalice calls it: with path parameters by name; `current` gives the request."""

    def respond(**path: str) -> Response:
        request = current()
        return guarded(request, lambda: _enveloped(route.view(_admitted(route, context(), request, path)), request))

    return _declared(respond, route.view.__name__, route.scope)


def refused_always(refusal: Refused, current: Callable[[], Request]) -> Callable[..., Response]:
    """For paths and methods that do not exist: they open nothing, so they need no key."""

    def respond(**_path: str) -> Response:
        request = current()
        return _identified(errors.refused(refusal, endpoint=request_path(request)), request)

    return _declared(respond, refusal.code, None)


def guarded(request: Request, respond: Callable[[], Response]) -> Response:
    """One of the two borders at which everything is caught."""
    endpoint = request_path(request)
    try:
        response = respond()
    except Refused as refusal:
        response = _refused(refusal, endpoint)
    except Retryable:
        logger.warning("request %s met a passing failure", request_id(request), exc_info=True)
        response = errors.unavailable(endpoint=endpoint)
    except Exception:
        logger.exception("request %s failed", request_id(request))
        response = errors.broken(endpoint=endpoint)
    return _identified(response, request)


def _refused(refusal: Refused, endpoint: str) -> Response:
    try:
        return errors.refused(refusal, endpoint=endpoint)
    except KeyError:
        logger.exception("the refusal %s stands in no table", refusal.code)
        return errors.broken(endpoint=endpoint)


def _admitted(route: Route, context: Context, request: Request, path: dict[str, str]) -> Call:
    caller = authenticate(context, find_header(request, KEY_HEADERS))
    demand(caller, route.scope)
    return Call(context=context, caller=caller, request=request, path=path_values(path))


def _enveloped(answer: Answer, request: Request) -> Response:
    return envelope(
        answer.status,
        answer.message,
        data=answer.data,
        pagination=answer.pagination,
        endpoint=request_path(request),
    )


def _identified(response: Response, request: Request) -> Response:
    response.headers["X-Request-Id"] = request_id(request)
    return response


def _declared(respond: Any, name: str, scope: Scope | None) -> Callable[..., Response]:
    """Carries its scope, so that a test can walk all routes; Chalice shows the name."""
    respond.scope, respond.__name__ = scope, name
    return respond  # type: ignore[no-any-return]
