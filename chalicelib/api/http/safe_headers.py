"""The headers that every answer of the API carries, so that nothing keeps it, guesses at its type, or asks in clear."""

from collections.abc import Callable
from typing import Any

from chalice.app import Response

SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
"""A route that says itself how long its answer keeps is left its word. Browsers heed the second over HTTPS only."""


def with_safe_headers(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Answers as the route does, with these headers where it has none of their names; a middleware of Chalice's."""
    response = get_response(event)
    given = {name.lower() for name in response.headers}
    response.headers.update({name: value for name, value in SAFE_HEADERS.items() if name.lower() not in given})
    return response
