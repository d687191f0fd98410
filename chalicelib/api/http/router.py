"""What stands around every view of every dialect: authentication, scope, and an answer to every failure.

Default deny: a view is reached only through a `Route`, which cannot be declared without its scope. The exception is an
`OpenRoute`, which must look at its callers itself. How answers and refusals look is said by the dialect's
`DialectAdapter`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chalice.app import Request, Response

from chalicelib.access.authentication import authenticate, require_scope
from chalicelib.access.context import Caller, Context
from chalicelib.api.http.call import Call
from chalicelib.api.http.entity_tags import with_entity_tag
from chalicelib.api.http.idempotency import with_idempotency
from chalicelib.api.http.rate_limit_headers import find_rate_limit_status, rate_limit_headers, retry_headers
from chalicelib.api.http.request import find_header, path_values, request_id
from chalicelib.errors import Refused, Retryable
from chalicelib.log_keys import add_log_keys, ids_in, logging_about
from chalicelib.model.api_keys import Scope
from chalicelib.model.rate_limits import RateLimitStatus

__all__ = [
    "Call",
    "CurrentRequest",
    "DialectAdapter",
    "Route",
    "ViewResult",
    "authenticated_view",
    "bearer_secret",
    "refusing_view",
]

logger = logging.getLogger(__name__)

ViewResult = TypeVar("ViewResult")


@dataclass(frozen=True, slots=True)
class Route(Generic[ViewResult]):
    """A route of a dialect: method, path, the scope that the caller's key must have, and the view."""

    method: str
    path: str
    scope: Scope
    view: Callable[[Call], ViewResult]
    takes_idempotency_key: bool = True
    """Of POST and PATCH only; whatever reads, or deletes, may be asked again as it is."""
    is_polled: bool = False
    """Callers ask again until something has changed: answers have entity tags."""
    admits_session: Callable[[Call], None] | None = None
    """Raises Refused for what an import session may not do here; None where it may do nothing, whatever its scopes."""

    @property
    def methods(self) -> tuple[str, ...]:
        """Returns the methods that the view answers: where GET works, so does HEAD, whose body stays behind."""
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)

    @property
    def is_repeatable_by_key(self) -> bool:
        """Returns whether the route takes an `Idempotency-Key`."""
        return self.takes_idempotency_key and self.method in ("POST", "PATCH")


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A route without a key, at which callers get theirs. Its view answers by itself, and may refuse."""

    method: str
    path: str
    view: Callable[[Context, Request], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectAdapter(Generic[ViewResult]):
    """How a dialect is asked and how it answers; every view of it stands behind one."""

    find_secret: Callable[[Request], str | None]
    """Where the caller's key stands."""
    render_answer: Callable[[ViewResult, Call], Response]
    render_refusal: Callable[[Refused, Request], Response]
    """Raises KeyError for a code outside the catalogue: that is our own mistake, not the caller's."""
    render_unavailable: Callable[[Request], Response]
    """For what trying again may mend."""
    render_internal_error: Callable[[Request], Response]
    """For our own mistakes: the log has the details, the caller the request's id in a header."""
    render_rate_limit: Callable[[RateLimitStatus], Mapping[str, str]] = rate_limit_headers
    """The headers that tell what is left of the key's quota."""


CurrentRequest = Callable[[], Request]
"""Gives the request that is being answered."""


def authenticated_view(
    route: Route[ViewResult],
    adapter: DialectAdapter[ViewResult],
    context: Callable[[], Context],
    current: CurrentRequest,
) -> Callable[..., Response]:
    """Returns the view as Chalice calls it, with path parameters by name: behind authentication, scope and
    idempotency.
    """

    def respond(**path: str) -> Response:
        request = current()
        with logging_about(ids_in(path)):
            return _catch_failures(
                adapter, request, lambda: _respond_authenticated(route, adapter, context(), request, path)
            )

    return _with_scope(respond, route.view.__name__, route.scope)


def open_view(
    route: OpenRoute, adapter: DialectAdapter[Any], context: Callable[[], Context], current: CurrentRequest
) -> Callable[..., Response]:
    """Returns the view of an open route as Chalice calls it."""

    def respond(**_path: str) -> Response:
        request = current()
        return _catch_failures(adapter, request, lambda: route.view(context(), request))

    return _with_scope(respond, route.view.__name__, None)


def refusing_view(refusal: Refused, adapter: DialectAdapter[Any], current: CurrentRequest) -> Callable[..., Response]:
    """Returns a view for paths and methods that do not exist: they open nothing, so they need no key."""

    def respond(**_path: str) -> Response:
        request = current()
        return _catch_failures(adapter, request, lambda: adapter.render_refusal(refusal, request))

    return _with_scope(respond, refusal.code, None)


def bearer_secret(request: Request) -> str | None:
    """Returns the key behind `Authorization: Bearer`, in any case (RFC 6750, section 2.1); other schemes carry none."""
    scheme, _, secret = (find_header(request, ("Authorization",)) or "").strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _respond_authenticated(
    route: Route[ViewResult],
    adapter: DialectAdapter[ViewResult],
    context: Context,
    request: Request,
    path: dict[str, str],
) -> Response:
    """Returns the response. Once the caller is known, every response tells what is left of the key's rate limit."""
    caller = authenticate(context, adapter.find_secret(request))
    add_log_keys({"tenant_id": caller.tenant_id})

    def view(call: Call) -> Response:
        response = _catch_failures(adapter, request, lambda: adapter.render_answer(route.view(call), call))
        return with_entity_tag(response, call) if route.is_polled else response

    def respond() -> Response:
        require_scope(caller, route.scope)
        call = Call(context=context, caller=caller, request=request, path=path_values(path))
        if caller.session:
            _admit_session(route, call)
        return with_idempotency(call, _endpoint_of(route, caller), view) if route.is_repeatable_by_key else view(call)

    response = _catch_failures(adapter, request, respond)
    if caller.rate_limit_status is not None:
        response.headers.update(adapter.render_rate_limit(caller.rate_limit_status))
    return response


def _admit_session(route: Route[ViewResult], call: Call) -> None:
    if route.admits_session is None:
        message = "An import session may not do this."
        raise Refused("insufficient_scope", message, scope=route.scope, kind=call.caller.kind)
    route.admits_session(call)


def _endpoint_of(route: Route[ViewResult], caller: Caller) -> str:
    """Returns where idempotency keys belong: an import session's to itself, beside those of its tenant."""
    endpoint = f"{route.method} {route.path}"
    return f"{endpoint} {caller.session.session_id}" if caller.session else endpoint


def _catch_failures(adapter: DialectAdapter[Any], request: Request, respond: Callable[[], Response]) -> Response:
    """Returns a response whatever happens: this is one of the two places that catch every exception."""
    try:
        response = respond()
    except Refused as refusal:
        response = respond_to_refusal(adapter, refusal, request)
    except Retryable:
        logger.warning("request %s met a passing failure", request_id(request), exc_info=True)
        response = adapter.render_unavailable(request)
    except Exception:
        logger.exception("request %s failed", request_id(request))
        response = adapter.render_internal_error(request)
    response.headers["X-Request-Id"] = request_id(request)
    return response


def respond_to_refusal(adapter: DialectAdapter[Any], refusal: Refused, request: Request) -> Response:
    """Returns the response to a refusal in the dialect's words, with the headers that the refusal asks for."""
    try:
        response = adapter.render_refusal(refusal, request)
    except KeyError:
        logger.exception("the refusal %s is not in the catalogue", refusal.code)
        return adapter.render_internal_error(request)
    status = find_rate_limit_status(refusal)
    response.headers.update({**(adapter.render_rate_limit(status) if status else {}), **retry_headers(refusal)})
    return response


def _with_scope(respond: Any, name: str, scope: Scope | None) -> Callable[..., Response]:
    """Returns the view with its scope on it, so that a test can look at all routes; Chalice shows its name."""
    respond.scope, respond.__name__ = scope, name
    return respond  # type: ignore[no-any-return]
