"""Refusals of the core in cStar's words: status, type and code, in its envelope of failures.

The table is complete: a test reads every refusal out of the source. Sources: cStar, Import and Export, for the
envelope, 401, 403 and 429; its error reference for the other types; codes it does not print are named after its own.
"""

from dataclasses import dataclass
from http import HTTPStatus

from chalicelib.errors import Refused
from chalicelib.model.api_keys import KINDS, KeyKind, Scope

PUBLISHABLE = frozenset({KeyKind.PK_LIVE, KeyKind.PK_TEST})

DOCS = "https://www.cstar.help/developers"
_AUTHENTICATION = f"{DOCS}/api-reference#authentication"
_RATES = f"{DOCS}/api-reference#rate-limiting"
_ERRORS = f"{DOCS}/errors"

INVALID_KEY = "Invalid or expired API key"
SECRET_REQUIRED = "Secret key required for this endpoint"  # noqa: S105 - a sentence about secrets


@dataclass(frozen=True, slots=True)
class Failure:
    """How cStar calls it."""

    status: HTTPStatus
    type: str
    code: str
    doc_url: str = _ERRORS
    message: str | None = None
    """cStar's own sentence, where it prints one; otherwise the core's."""


def _unauthenticated(code: str, message: str | None = None) -> Failure:
    return Failure(HTTPStatus.UNAUTHORIZED, "authentication_error", code, _AUTHENTICATION, message)


def _unauthorized(code: str, message: str | None = None) -> Failure:
    return Failure(HTTPStatus.FORBIDDEN, "authorization_error", code, _AUTHENTICATION, message)


def _invalid(code: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Failure:
    return Failure(status, "invalid_request_error", code)


def _missing(code: str) -> Failure:
    return Failure(HTTPStatus.NOT_FOUND, "not_found_error", code)


TABLE: dict[str, Failure] = {
    # who asks
    "missing_key": _unauthenticated("authentication_required", INVALID_KEY),
    "unknown_key": _unauthenticated("invalid_api_key", INVALID_KEY),
    "malformed_key": _unauthenticated("invalid_key_format"),
    "expired_key": _unauthenticated("key_expired", INVALID_KEY),
    "insufficient_scope": _unauthorized("insufficient_permissions"),
    "foreign_team": _unauthorized("team_access_denied"),
    "rate_limited": Failure(HTTPStatus.TOO_MANY_REQUESTS, "rate_limit_error", "rate_limit_exceeded", _RATES),
    # the request
    "invalid_json": _invalid("invalid_json"),
    "invalid_encoding": _invalid("invalid_encoding"),
    "nested_too_deep": _invalid("invalid_json"),
    "invalid_parameter": _invalid("parameter_invalid"),
    "unknown_resource": _invalid("parameter_invalid"),
    "unknown_field": _invalid("parameter_unknown"),
    "invalid_filter": _invalid("parameter_invalid"),
    "invalid_schedule": _invalid("parameter_invalid"),
    "invalid_time_zone": _invalid("parameter_invalid"),
    "invalid_column_mapping": _invalid("parameter_invalid"),
    "invalid_cursor": _invalid("parameter_invalid"),
    "invalid_option": _invalid("parameter_invalid"),
    "unsupported_encoding": _invalid("parameter_invalid"),
    "selection_too_long": _invalid("export_too_large"),
    "selection_too_large": _invalid("export_too_large"),
    "unsupported_media_type": _invalid("unsupported_media_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    "method_not_allowed": _invalid("method_not_allowed", HTTPStatus.METHOD_NOT_ALLOWED),
    "idempotency_key_reused": _invalid("idempotency_key_reused", HTTPStatus.UNPROCESSABLE_ENTITY),
    "idempotency_key_in_use": _invalid("idempotency_key_in_use", HTTPStatus.CONFLICT),
    # what was asked for
    "not_found": _missing("not_found"),
    "path_not_found": _missing("not_found"),
    "import_not_found": _missing("not_found"),
    "export_not_found": _missing("not_found"),
    "schedule_not_found": _missing("not_found"),
    "resource_not_found": _missing("not_found"),
    "record_not_found": _missing("not_found"),
    "already_ended": _invalid("conflict", HTTPStatus.CONFLICT),
    "not_ended": _invalid("conflict", HTTPStatus.CONFLICT),
    "export_already_ended": _invalid("conflict", HTTPStatus.CONFLICT),
    "export_not_ended": _invalid("conflict", HTTPStatus.CONFLICT),
    "too_many_schedules": _invalid("conflict", HTTPStatus.CONFLICT),
    # the source
    "too_large": _invalid("payload_too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    "expansion_refused": _invalid("payload_too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    "empty_source": _invalid("parameter_invalid"),
    "unreadable_format": _invalid("parameter_invalid"),
    "ambiguous_list": _invalid("parameter_invalid"),
    "unreadable_header": _invalid("parameter_invalid"),
    "header_differs": _invalid("parameter_invalid"),
    "no_known_header": _invalid("parameter_unknown"),
    "no_identity_column": _invalid("parameter_invalid"),
    "too_many_columns": _invalid("parameter_invalid"),
    "too_many_rows": _invalid("parameter_invalid"),
    "damaged_workbook": _invalid("parameter_invalid"),
    "encrypted_workbook": _invalid("parameter_invalid"),
    "sheet_not_found": _invalid("parameter_invalid"),
    "encoding_uncertain": _invalid("parameter_invalid"),
}
"""By the core's code."""

BROKEN = Failure(HTTPStatus.INTERNAL_SERVER_ERROR, "api_error", "internal_error", message="Something went wrong.")
UNAVAILABLE = Failure(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "api_error",
    "service_unavailable",
    message="The service is busy. Try again in a moment.",
)

_FAULTS = {"missing": "parameter_missing", "extra_forbidden": "parameter_unknown"}
"""Codes for what may be wrong with a parameter, by pydantic's word."""


def failure_of(refusal: Refused) -> Failure:
    """A refusal that stands in no table raises KeyError: it is our mistake, not the caller's."""
    if refusal.code == "insufficient_scope":
        return _lacking(refusal)
    found = TABLE[refusal.code]
    fault = _FAULTS.get(str(refusal.details.get("fault")))
    return _invalid(fault) if fault and refusal.code == "invalid_parameter" else found


def _lacking(refusal: Refused) -> Failure:
    """A publishable key reads; what it may not read needs a secret key as well, but is no write."""
    if refusal.details.get("kind") not in PUBLISHABLE:
        return TABLE["insufficient_scope"]
    is_write = refusal.details.get("scope") is Scope.IMPORTS_WRITE
    return _unauthorized("publishable_key_write" if is_write else "insufficient_permissions", SECRET_REQUIRED)


PREFIXES = tuple(KINDS[kind].prefix for kind in (KeyKind.SK_LIVE, KeyKind.SK_TEST, KeyKind.PK_LIVE, KeyKind.PK_TEST))
"""How cStar's keys begin."""
