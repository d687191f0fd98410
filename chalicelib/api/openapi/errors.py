"""Sample responses of a dialect to refusals and failures, rendered by its own adapter.

In comes a description, a route and a code of the core; out comes the response as it is sent, headers included.
"""

from collections.abc import Callable
from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.api.http.router import respond_to_refusal
from chalicelib.api.openapi.operation import AnyRoute, DialectDescription
from chalicelib.api.openapi.refusal_examples import AT, RATE_LIMIT_STATUS, SAMPLES
from chalicelib.errors import Refused
from chalicelib.model.refusals import RefusalCode, RefusalKind

REQUEST_ID = "4f1c66a2-7d3e-4c58-9d1b-0a6f2b9b7c11"

UNKNOWN_CALLER = frozenset(RefusalKind.UNAUTHENTICATED.codes)
"""Refused before it is known whose rate limit counts."""


def sample_of(description: DialectDescription, code: RefusalCode) -> Refused:
    """Returns a refusal as callers may meet it. Raises KeyError for a code that has no sample yet."""
    return description.samples.get(code) or SAMPLES[code]


def sample_refusal(description: DialectDescription, route: AnyRoute, code: RefusalCode) -> Response:
    """Returns the response by which the dialect refuses with this code, headers included."""
    adapter, request = description.adapter, sample_request(description, route)
    response = respond_to_refusal(adapter, sample_of(description, code), request)
    if description.is_counted and code not in UNKNOWN_CALLER and "X-RateLimit-Limit" not in response.headers:
        response.headers.update(adapter.render_rate_limit(RATE_LIMIT_STATUS))
    return _identified(response)


def sample_failure(description: DialectDescription, route: AnyRoute, status: HTTPStatus) -> Response:
    """Returns the response to a failure of ours: 500, or 503, which another try may mend."""
    adapter = description.adapter
    render: Callable[[Request], Response] = (
        adapter.render_internal_error if status == 500 else adapter.render_unavailable
    )
    return _identified(render(sample_request(description, route)))


def answer_headers(description: DialectDescription) -> dict[str, str]:
    """Returns the headers of every answer to a known caller."""
    headers = description.adapter.render_rate_limit(RATE_LIMIT_STATUS) if description.is_counted else {}
    return {**headers, "X-Request-Id": REQUEST_ID}


def sample_request(description: DialectDescription, route: AnyRoute) -> Request:
    """Returns a request for the route as API Gateway might send it."""
    path = route.path.format(**{name: one.example for name, one in description.path_parameters.items()})
    context = {"httpMethod": route.method, "resourcePath": route.path, "requestId": REQUEST_ID, "path": path}
    return Request(
        {
            "path": path,
            "headers": {"host": "api.example.com", "x-forwarded-proto": "https"},
            "multiValueQueryStringParameters": None,
            "pathParameters": {},
            "requestContext": context,
            "stageVariables": None,
            "body": None,
        }
    )


def now() -> int:
    """Returns the time in the examples, in epoch seconds."""
    return AT


def _identified(response: Response) -> Response:
    response.headers["X-Request-Id"] = REQUEST_ID
    return response
