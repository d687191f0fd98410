"""Refusals of the core in Talkdesk's words: a status and a code, in `{code, message, description, fields}`.

Talkdesk prints that body and the statuses 400, 401, 403 and 406 (list of imports); the codes, and the statuses beyond,
are ours.
"""

from collections.abc import Iterable
from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.api.http.refusal_words import RefusalWords
from chalicelib.api.http.response import JsonObject
from chalicelib.api.talkdesk import SCOPE_WORDS
from chalicelib.errors import Refused
from chalicelib.model.refusals import KINDS, RefusalKind

INVALID_FILE = "invalid_file"

WORDS = RefusalWords(
    by_kind={
        RefusalKind.RATE_LIMITED: "rate_limit_exceeded",
        RefusalKind.MALFORMED_BODY: "malformed_body",
        RefusalKind.INVALID_PARAMETER: "invalid_parameter",
        RefusalKind.NOT_FOUND: "not_found",
        RefusalKind.CONFLICT: "conflict",
        RefusalKind.GONE: "gone",
        RefusalKind.LARGE_EXPORT: "invalid_parameter",
        RefusalKind.LARGE_SOURCE: "payload_too_large",
        RefusalKind.INVALID_SOURCE: INVALID_FILE,
    },
    by_code={
        "missing_key": "unauthorized",
        "unknown_key": "invalid_token",
        "malformed_key": "invalid_token",
        "expired_key": "expired_token",
        "idempotency_key_in_use": "idempotency_key_in_use",
        "unsupported_encoding": INVALID_FILE,
    },
    status_by_code=dict.fromkeys(("unknown_key", "malformed_key"), HTTPStatus.FORBIDDEN),
)
"""Talkdesk's `code`; where it has no word, it is the core's. Invalid authorization is a 403 (list of imports); 401 says
that a token is missing, or has expired and is to be replaced.
"""

DESCRIPTIONS = {
    RefusalKind.UNAUTHENTICATED: "Get a token at POST /oauth/token and send it as Authorization: Bearer.",
    RefusalKind.NOT_FOUND: "Imports are shown for 20 days.",
}
"""What to do next, where the message does not say."""


def render_refusal(refusal: Refused, request: Request | None = None) -> Response:
    """Returns the answer to a refusal. Raises KeyError for a code outside the catalogue: that is our own mistake."""
    status, code = WORDS.get(refusal.code)
    description = DESCRIPTIONS.get(KINDS[refusal.code]) if refusal.code != "path_not_found" else None
    body = error_body(code, _message(refusal), description, _each_field(refusal, is_file=code == INVALID_FILE))
    return to_response(status, body, _headers(refusal))


def render_unavailable(request: Request | None = None) -> Response:
    """Returns the answer to what another try may mend."""
    body = error_body("service_unavailable", "The service is busy. Try again in a moment.")
    return to_response(HTTPStatus.SERVICE_UNAVAILABLE, body, {"Retry-After": "1"})


def render_internal_error(request: Request | None = None) -> Response:
    """Returns the answer to mistakes of our own; the log has the details."""
    return to_response(HTTPStatus.INTERNAL_SERVER_ERROR, error_body("internal_error", "Something went wrong."))


def error_body(
    code: str, message: str, description: str | None = None, fields: Iterable[JsonObject] = ()
) -> JsonObject:
    """Returns the one body of all failures. `fields` are the parameters at fault."""
    described = {} if description is None else {"description": description}
    return {"code": code, "message": message, **described, "fields": list(fields)}


def to_response(status: HTTPStatus, body: JsonObject, headers: dict[str, str] | None = None) -> Response:
    """Returns a JSON response."""
    return Response(body, headers={"Content-Type": "application/json", **(headers or {})}, status_code=int(status))


def _message(refusal: Refused) -> str:
    """Returns the message. Several faults stand in `fields`; scopes are told by the names that callers know."""
    if refusal.code == "insufficient_scope":
        word = _scope_word(refusal)
        return f"The token lacks the scope {word}." if word else refusal.message
    is_several = isinstance(refusal.details.get("errors"), list)
    return "Some parameters are not valid." if is_several else refusal.message


def _scope_word(refusal: Refused) -> str | None:
    return SCOPE_WORDS.get(refusal.details.get("scope"))  # type: ignore[call-overload,no-any-return] # any object may be asked for


def _each_field(refusal: Refused, *, is_file: bool) -> Iterable[JsonObject]:
    errors = refusal.details.get("errors")
    if isinstance(errors, list):
        parts = (str(one).partition(": ") for one in errors)
        return [{"name": name, "description": text} for name, _, text in parts]
    name = "file" if is_file else refusal.param
    return [{"name": name, "description": refusal.message}] if name else []


def _headers(refusal: Refused) -> dict[str, str]:
    """Returns the headers of a refusal (RFC 6750, section 3, for 401 and 403)."""
    if "allowed" in refusal.details:
        return {"Allow": str(refusal.details["allowed"])}
    if KINDS[refusal.code] is RefusalKind.FORBIDDEN:
        word = _scope_word(refusal)
        needed = f', scope="{word}"' if word else ""
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope"{needed}'}
    if KINDS[refusal.code] is not RefusalKind.UNAUTHENTICATED:
        return {}
    return {"WWW-Authenticate": "Bearer" if refusal.code == "missing_key" else 'Bearer error="invalid_token"'}
