"""What pages of other origins may ask of the API and read of its answers (CORS).

Keys travel in headers and there are no cookies: a page has no right but that of the key it holds, so that none needs
credentials. API Gateway answers preflights itself, by what packaging makes of `CROSS_ORIGIN`, and no function is called
for them. The origin is a parameter of the stack, which `local/template.py` puts into those answers, and a function into
its own.
"""

from collections.abc import Callable
from typing import Any

from chalice.app import CORSConfig, Response

ALLOW_ORIGIN = "Access-Control-Allow-Origin"

REQUEST_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "PX-API-KEY", "X-API-KEY")
"""What requests may carry beyond what every page may send anyway; Chalice adds those that AWS signs by."""

ANSWER_HEADERS = (
    "Allow",
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Policy",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-Window",
    "X-Request-Id",
    "X-Total-Matching",
    "X-Truncated-Resources",
    "x-amzn-Remapped-WWW-Authenticate",
)
"""What pages may read beyond what every page may read anyway."""

PREFLIGHT_S = 7_200
"""How long a browser keeps the answer to a preflight; Chromium keeps none for longer."""

CROSS_ORIGIN = CORSConfig(allow_headers=REQUEST_HEADERS, expose_headers=ANSWER_HEADERS, max_age=PREFLIGHT_S)

Middleware = Callable[[Any, Callable[[Any], Response]], Response]


def allow_origin(find_origin: Callable[[], str]) -> Middleware:
    """Returns a middleware of Chalice's that names, in every answer, the origin whose pages may read it."""

    def with_origin(event: Any, get_response: Callable[[Any], Response]) -> Response:
        response = get_response(event)
        response.headers[ALLOW_ORIGIN] = find_origin()
        return response

    return with_origin
