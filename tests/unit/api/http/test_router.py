"""What every dialect's views are surrounded by."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from chalice.app import Request, Response

from chalicelib.api.http.router import Call, DialectAdapter, Route, authenticated_view, bearer_secret
from chalicelib.errors import Refused, Retryable
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.world import World


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        pytest.param("Bearer ksr_1", "ksr_1", id="as documented"),
        pytest.param("bearer ksr_1", "ksr_1", id="lower case"),
        pytest.param(" Bearer   ksr_1 ", "ksr_1", id="space around"),
        pytest.param("Bearer", "", id="nothing behind it"),
        pytest.param("Basic ksr_1", None, id="another scheme"),
        pytest.param("ksr_1", None, id="no scheme"),
        pytest.param(None, None, id="no header"),
    ],
)
def test_a_bearer_key_is_found_behind_its_scheme(header: str | None, secret: str | None) -> None:
    assert bearer_secret(a_request(header)) == secret


def a_request(authorization: str | None, **headers: str) -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": headers | ({} if authorization is None else {"authorization": authorization}),
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/api/v1", "path": "/api/v1"},
            "stageVariables": None,
            "body": None,
        }
    )


def an_adapter() -> DialectAdapter[str]:
    return DialectAdapter(
        find_secret=bearer_secret,
        render_answer=lambda answer, call: Response(answer),
        render_refusal=lambda refusal, request: Response(refusal.code, status_code=400),
        render_unavailable=lambda request: Response("later", status_code=503),
        render_internal_error=lambda request: Response("broken", status_code=500),
    )


def respond(world: World, view: Callable[[Call], str], scope: Scope = Scope.IMPORTS_READ) -> Response:
    route = Route("GET", "/somewhere", scope, view)
    return authenticated_view(route, an_adapter(), lambda: world.context, lambda: a_request("Bearer sk_1"))()


def left_of(response: Response) -> dict[str, str]:
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
    return {name: str(response.headers[name]) for name in names if name in response.headers}


def raises(error: Exception) -> Callable[[Call], str]:
    def view(_: Call) -> str:
        raise error

    return view


@pytest.mark.parametrize(
    ("view", "scope", "status"),
    [
        pytest.param(lambda call: "hello", Scope.IMPORTS_READ, 200, id="an answer"),
        pytest.param(lambda call: "hello", Scope.IMPORTS_WRITE, 400, id="a scope that is lacking"),
        pytest.param(raises(Refused("invalid_parameter", "no")), Scope.IMPORTS_READ, 400, id="a refusal"),
        pytest.param(raises(Retryable("no")), Scope.IMPORTS_READ, 503, id="a passing failure"),
        pytest.param(raises(ValueError("no")), Scope.IMPORTS_READ, 500, id="a bug"),
    ],
)
def test_every_answer_to_a_known_caller_tells_what_is_left(
    view: Callable[[Call], str], scope: Scope, status: int
) -> None:
    world = World()
    world.key("sk_1", kind=KeyKind.SK_LIVE, scopes=frozenset({Scope.IMPORTS_READ}))

    response = respond(world, view, scope)

    assert response.status_code == status
    assert left_of(response) == {
        "X-RateLimit-Limit": "1000",
        "X-RateLimit-Remaining": "999",
        "X-RateLimit-Reset": "1700002800",
    }


def test_one_request_too_many_is_told_when_to_ask_again() -> None:
    world = World(replace(DEFAULT_LIMITS, cstar_secret_key_requests=1))
    world.key("sk_1", kind=KeyKind.SK_LIVE)
    respond(world, lambda call: "hello")

    response = respond(world, lambda call: "hello")

    assert response.body == "rate_limited"
    assert left_of(response) == {
        "X-RateLimit-Limit": "1",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "1700002800",
        "Retry-After": "2800",
    }


def test_strangers_are_told_nothing_of_rate_limits() -> None:
    assert left_of(respond(World(), lambda call: "hello")) == {}


@pytest.mark.parametrize(
    ("method", "takes_it", "is_replayed"),
    [
        pytest.param("POST", True, True, id="a POST"),
        pytest.param("POST", False, False, id="a POST that takes none"),
        pytest.param("PATCH", True, True, id="a PATCH"),
        pytest.param("GET", True, False, id="a GET"),
        pytest.param("DELETE", True, False, id="a DELETE"),
    ],
)
def test_an_idempotency_key_counts_where_the_route_takes_one(method: str, takes_it: bool, is_replayed: bool) -> None:
    world, words = World(), iter(("first", "second"))
    world.key("sk_1")
    route = Route(method, "/somewhere", Scope.IMPORTS_READ, lambda _: next(words), takes_idempotency_key=takes_it)
    request = a_request("Bearer sk_1", **{"idempotency-key": "one"})
    respond = authenticated_view(route, an_adapter(), lambda: world.context, lambda: request)

    told = [respond().body for _ in range(2)]

    assert told == ["first", "first" if is_replayed else "second"]
