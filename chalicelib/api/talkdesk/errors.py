"""Refusals of the core in Talkdesk's words: a status and a code for each, in `{code, message, description, fields}`.

The table is complete: a test reads every refusal out of the source. Talkdesk prints the shape and the statuses 400,
401, 403 and 406 (list of imports); the codes, and the statuses beyond, are ours.
"""

from collections.abc import Iterable
from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.api.talkdesk import SCOPE_WORDS
from chalicelib.errors import Refused

Json = dict[str, object]

_INVALID = (HTTPStatus.BAD_REQUEST, "invalid_parameter")
_MALFORMED = (HTTPStatus.BAD_REQUEST, "malformed_body")
_FILE = (HTTPStatus.BAD_REQUEST, "invalid_file")
_NOT_FOUND = (HTTPStatus.NOT_FOUND, "not_found")
_CONFLICT = (HTTPStatus.CONFLICT, "conflict")
_TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "payload_too_large")

TABLE: dict[str, tuple[HTTPStatus, str]] = {
    # who asks
    "missing_key": (HTTPStatus.UNAUTHORIZED, "unauthorized"),
    "unknown_key": (HTTPStatus.UNAUTHORIZED, "invalid_token"),
    "expired_key": (HTTPStatus.UNAUTHORIZED, "expired_token"),
    "insufficient_scope": (HTTPStatus.FORBIDDEN, "insufficient_scope"),
    "rate_limited": (HTTPStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded"),
    # the request
    "invalid_json": _MALFORMED,
    "invalid_encoding": _MALFORMED,
    "nested_too_deep": _MALFORMED,
    "malformed_form": _MALFORMED,
    "invalid_parameter": _INVALID,
    "unknown_resource": _INVALID,
    "unknown_field": _INVALID,
    "invalid_filter": _INVALID,
    "invalid_schedule": _INVALID,
    "invalid_time_zone": _INVALID,
    "invalid_column_mapping": _INVALID,
    "invalid_cursor": _INVALID,
    "invalid_option": _INVALID,
    "unsupported_grant_type": _INVALID,
    "selection_too_long": _INVALID,
    "selection_too_large": _INVALID,
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed"),
    "not_acceptable": (HTTPStatus.NOT_ACCEPTABLE, "not_acceptable"),
    "unsupported_media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
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
    "idempotency_key_in_use": (HTTPStatus.CONFLICT, "idempotency_key_in_use"),
    "idempotency_key_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
    # the file
    "too_large": _TOO_LARGE,
    "expansion_refused": _TOO_LARGE,
    "header_differs": _FILE,
    "no_known_header": _FILE,
    "no_identity_column": _FILE,
    "too_many_rows": _FILE,
    "empty_source": _FILE,
    "unreadable_format": _FILE,
    "ambiguous_list": _FILE,
    "unreadable_header": _FILE,
    "too_many_columns": _FILE,
    "damaged_workbook": _FILE,
    "encrypted_workbook": _FILE,
    "sheet_not_found": _FILE,
    "unsupported_encoding": _FILE,
    "encoding_uncertain": _FILE,
}
"""HTTP status and `code`, by the core's code."""

DESCRIPTIONS = {
    HTTPStatus.UNAUTHORIZED: "Get a token at POST /oauth/token and send it as Authorization: Bearer.",
    HTTPStatus.NOT_FOUND: "Imports are shown for 20 days.",
}
"""What to do next, where the message does not say."""


def refused(refusal: Refused, request: Request | None = None) -> Response:
    """A refusal that stands in no table raises KeyError: it is our mistake, not the caller's."""
    status, code = TABLE[refusal.code]
    description = DESCRIPTIONS.get(status) if refusal.code != "path_not_found" else None
    body = error_body(code, _message(refusal), description, _each_field(refusal, is_file=(status, code) == _FILE))
    return to_response(status, body, _headers(refusal, status))


def unavailable(request: Request | None = None) -> Response:
    body = error_body("service_unavailable", "The service is busy. Try again in a moment.")
    return to_response(HTTPStatus.SERVICE_UNAVAILABLE, body, {"Retry-After": "1"})


def broken(request: Request | None = None) -> Response:
    return to_response(HTTPStatus.INTERNAL_SERVER_ERROR, error_body("internal_error", "Something went wrong."))


def error_body(code: str, message: str, description: str | None = None, fields: Iterable[Json] = ()) -> Json:
    described = {} if description is None else {"description": description}
    return {"code": code, "message": message, **described, "fields": list(fields)}


def to_response(status: HTTPStatus, body: Json, headers: dict[str, str] | None = None) -> Response:
    return Response(body, headers={"Content-Type": "application/json", **(headers or {})}, status_code=int(status))


def _message(refusal: Refused) -> str:
    """Several faults stand in `fields`; scopes are told by the names callers know."""
    if refusal.code == "insufficient_scope":
        word = _scope_word(refusal)
        return f"The token lacks the scope {word}." if word else refusal.message
    is_several = isinstance(refusal.details.get("errors"), list)
    return "Some parameters are not valid." if is_several else refusal.message


def _scope_word(refusal: Refused) -> str | None:
    return SCOPE_WORDS.get(refusal.details.get("scope"))  # type: ignore[call-overload,no-any-return] # any object may be asked for


def _each_field(refusal: Refused, *, is_file: bool) -> Iterable[Json]:
    errors = refusal.details.get("errors")
    if isinstance(errors, list):
        parts = (str(one).partition(": ") for one in errors)
        return [{"name": name, "description": text} for name, _, text in parts]
    name = "file" if is_file else refusal.param
    return [{"name": name, "description": refusal.message}] if name else []


def _headers(refusal: Refused, status: HTTPStatus) -> dict[str, str]:
    """RFC 6750, section 3, for 401 and 403."""
    if "allowed" in refusal.details:
        return {"Allow": str(refusal.details["allowed"])}
    if status is HTTPStatus.FORBIDDEN:
        word = _scope_word(refusal)
        needed = f', scope="{word}"' if word else ""
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope"{needed}'}
    if status is not HTTPStatus.UNAUTHORIZED:
        return {}
    return {"WWW-Authenticate": "Bearer" if refusal.code == "missing_key" else 'Bearer error="invalid_token"'}
