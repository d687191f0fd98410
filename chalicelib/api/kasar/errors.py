"""Refusals of the core in Kasar's words: a status and a code for each, in `{"error": {"code", "message"}}`; a rate
limit in the body published for it.

The table is complete: a test reads every refusal out of the source.
"""

from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.api.http.rate_limit_headers import find_rate_limit_status, rate_limit_headers
from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimitStatus

VALIDATION_ERROR = (HTTPStatus.BAD_REQUEST, "VALIDATION_ERROR")
_UNAUTHORIZED = (HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED")
_NOT_FOUND = (HTTPStatus.NOT_FOUND, "NOT_FOUND")
_CONFLICT = (HTTPStatus.CONFLICT, "CONFLICT")
_TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "PAYLOAD_TOO_LARGE")
_EXPORT_TOO_LARGE = (HTTPStatus.BAD_REQUEST, "EXPORT_TOO_LARGE")

TABLE: dict[str, tuple[HTTPStatus, str]] = {
    # who asks
    "missing_key": _UNAUTHORIZED,
    "unknown_key": _UNAUTHORIZED,
    "expired_key": _UNAUTHORIZED,
    "insufficient_scope": (HTTPStatus.FORBIDDEN, "PERMISSION_DENIED"),
    # the request
    "unknown_resource": (HTTPStatus.BAD_REQUEST, "INVALID_OBJECT"),
    "invalid_json": VALIDATION_ERROR,
    "invalid_encoding": VALIDATION_ERROR,
    "nested_too_deep": VALIDATION_ERROR,
    "invalid_parameter": VALIDATION_ERROR,
    "unknown_field": VALIDATION_ERROR,
    "invalid_filter": VALIDATION_ERROR,
    "invalid_schedule": VALIDATION_ERROR,
    "invalid_time_zone": VALIDATION_ERROR,
    "invalid_column_mapping": VALIDATION_ERROR,
    "invalid_cursor": VALIDATION_ERROR,
    "invalid_option": VALIDATION_ERROR,
    "unsupported_media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
    "idempotency_key_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED"),
    "idempotency_key_in_use": (HTTPStatus.CONFLICT, "IDEMPOTENCY_KEY_IN_USE"),
    "rate_limited": (HTTPStatus.TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED"),
    # what was asked for
    "not_found": _NOT_FOUND,
    "path_not_found": _NOT_FOUND,
    "import_not_found": _NOT_FOUND,
    "export_not_found": _NOT_FOUND,
    "schedule_not_found": _NOT_FOUND,
    "resource_not_found": _NOT_FOUND,
    "record_not_found": _NOT_FOUND,
    "already_ended": _CONFLICT,
    "not_ended": _CONFLICT,
    "export_already_ended": _CONFLICT,
    "export_not_ended": _CONFLICT,
    "too_many_schedules": _CONFLICT,
    "selection_too_long": _EXPORT_TOO_LARGE,
    "selection_too_large": _EXPORT_TOO_LARGE,
    # the source
    "too_large": _TOO_LARGE,
    "expansion_refused": _TOO_LARGE,
    "empty_source": VALIDATION_ERROR,
    "unreadable_format": VALIDATION_ERROR,
    "ambiguous_list": VALIDATION_ERROR,
    "unreadable_header": VALIDATION_ERROR,
    "header_differs": VALIDATION_ERROR,
    "no_known_header": VALIDATION_ERROR,
    "no_identity_column": VALIDATION_ERROR,
    "too_many_columns": VALIDATION_ERROR,
    "too_many_rows": VALIDATION_ERROR,
    "damaged_workbook": VALIDATION_ERROR,
    "encrypted_workbook": VALIDATION_ERROR,
    "sheet_not_found": VALIDATION_ERROR,
    "unsupported_encoding": VALIDATION_ERROR,
    "encoding_uncertain": VALIDATION_ERROR,
}
"""HTTP status and Kasar's `code`, by the core's code."""

MESSAGES = {"insufficient_scope": "Token does not belong to an admin user"}
"""Where the wording is published."""


def refused(refusal: Refused, request: Request | None = None) -> Response:
    allowance = find_rate_limit_status(refusal)
    if allowance is not None:
        return _rate_limited(refusal, allowance)
    status, code = TABLE[refusal.code]
    headers = {"Allow": str(refusal.details["allowed"])} if "allowed" in refusal.details else {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return _body(status, code, MESSAGES.get(refusal.code) or _message(refusal), headers)


def with_policy(allowance: RateLimitStatus) -> dict[str, str]:
    """What is left of the key's quota, in Kasar's headers (Kasar, rate limits)."""
    return {**rate_limit_headers(allowance), "X-RateLimit-Policy": _policy(allowance)}


def unavailable(request: Request | None = None) -> Response:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return _body(status, "SERVICE_UNAVAILABLE", "The service is busy. Try again in a moment.", {"Retry-After": "1"})


def broken(request: Request | None = None) -> Response:
    return _body(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "Something went wrong on our side.")


def _rate_limited(refusal: Refused, allowance: RateLimitStatus) -> Response:
    """A body of its own (Kasar, rate limits)."""
    wait_s = refusal.details["retry_after_s"]
    body = {"error": refusal.message, "policy": _policy(allowance), "retryAfterSeconds": wait_s}
    return Response(body, headers={"Content-Type": "application/json"}, status_code=int(HTTPStatus.TOO_MANY_REQUESTS))


def _policy(allowance: RateLimitStatus) -> str:
    """So many requests, and the window they count in."""
    return f"{allowance.quota.requests};w={allowance.quota.window_s}"


def _message(refusal: Refused) -> str:
    """Names the parameter, and every other one that is at fault."""
    several = refusal.details.get("errors")
    if isinstance(several, list):
        return " ".join(several)
    is_named = refusal.param is None or refusal.param in refusal.message
    return refusal.message if is_named else f"{refusal.param}: {refusal.message}"


def _body(status: HTTPStatus, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    body = {"error": {"code": code, "message": message}}
    return Response(body, headers={"Content-Type": "application/json", **(headers or {})}, status_code=int(status))
