"""Refusals of the core in Kasar's words: a status and a code in `{"error": {"code", "message"}}`. A rate limit has
the body that Kasar publishes for it.
"""

from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.api.http.rate_limit_headers import find_rate_limit_status, rate_limit_headers
from chalicelib.api.http.refusal_words import RefusalWords
from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimitStatus
from chalicelib.model.refusals import RefusalKind

WORDS = RefusalWords(
    by_kind={
        RefusalKind.UNAUTHENTICATED: "UNAUTHORIZED",
        RefusalKind.FORBIDDEN: "PERMISSION_DENIED",
        RefusalKind.RATE_LIMITED: "RATE_LIMIT_EXCEEDED",
        RefusalKind.MALFORMED_BODY: "VALIDATION_ERROR",
        RefusalKind.INVALID_PARAMETER: "VALIDATION_ERROR",
        RefusalKind.METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED",
        RefusalKind.NOT_ACCEPTABLE: "NOT_ACCEPTABLE",
        RefusalKind.UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
        RefusalKind.KEY_REUSED: "IDEMPOTENCY_KEY_REUSED",
        RefusalKind.NOT_FOUND: "NOT_FOUND",
        RefusalKind.CONFLICT: "CONFLICT",
        RefusalKind.GONE: "GONE",
        RefusalKind.LARGE_EXPORT: "EXPORT_TOO_LARGE",
        RefusalKind.LARGE_SOURCE: "PAYLOAD_TOO_LARGE",
        RefusalKind.INVALID_SOURCE: "VALIDATION_ERROR",
    },
    by_code={"unknown_resource": "INVALID_OBJECT", "idempotency_key_in_use": "IDEMPOTENCY_KEY_IN_USE"},
)
"""Kasar's `code`."""

MESSAGES = {"insufficient_scope": "Token does not belong to an admin user"}
"""Where the wording is published."""


def render_refusal(refusal: Refused, request: Request | None = None) -> Response:
    """Returns the answer to a refusal. Raises KeyError for a code outside the catalogue: that is our own mistake."""
    exceeded = find_rate_limit_status(refusal)
    if exceeded is not None:
        return _rate_limited(refusal, exceeded)
    status, code = WORDS.get(refusal.code)
    headers = {"Allow": str(refusal.details["allowed"])} if "allowed" in refusal.details else {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return _body(status, code, MESSAGES.get(refusal.code) or _message(refusal), headers)


def with_policy(status: RateLimitStatus) -> dict[str, str]:
    """Returns what is left of the key's rate limit in Kasar's headers (Kasar, rate limits)."""
    return {**rate_limit_headers(status), "X-RateLimit-Policy": _policy(status)}


def render_unavailable(request: Request | None = None) -> Response:
    """Returns the answer to what another try may mend."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return _body(status, "SERVICE_UNAVAILABLE", "The service is busy. Try again in a moment.", {"Retry-After": "1"})


def render_internal_error(request: Request | None = None) -> Response:
    """Returns the answer to mistakes of our own; the log has the details."""
    return _body(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "Something went wrong on our side.")


def _rate_limited(refusal: Refused, status: RateLimitStatus) -> Response:
    """Returns the body that Kasar has for rate limits alone (Kasar, rate limits)."""
    wait_s = refusal.details["retry_after_s"]
    body = {"error": refusal.message, "policy": _policy(status), "retryAfterSeconds": wait_s}
    return Response(body, headers={"Content-Type": "application/json"}, status_code=int(HTTPStatus.TOO_MANY_REQUESTS))


def _policy(status: RateLimitStatus) -> str:
    """Returns the number of requests and the seconds of the window they count in."""
    return f"{status.rate_limit.requests};w={status.rate_limit.window_s}"


def _message(refusal: Refused) -> str:
    """Returns a message that names every parameter at fault."""
    several = refusal.details.get("errors")
    if isinstance(several, list):
        return " ".join(several)
    is_named = refusal.param is None or refusal.param in refusal.message
    return refusal.message if is_named else f"{refusal.param}: {refusal.message}"


def _body(status: HTTPStatus, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    body = {"error": {"code": code, "message": message}}
    return Response(body, headers={"Content-Type": "application/json", **(headers or {})}, status_code=int(status))
