"""Refusals of the core in cStar's words: status, type and code, for its envelope of failures.

Sources: cStar, Import and Export, for the envelope, and for the one code that each of 401, 403 and 429 has, whatever is
wrong; its error reference for the other types. Codes that it does not print are named after its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from chalicelib.api.http.refusal_words import RefusalWords
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KINDS, KeyKind
from chalicelib.model.refusals import RefusalCode, RefusalKind

PUBLISHABLE = frozenset({KeyKind.PK_LIVE, KeyKind.PK_TEST})

DOCS = "https://www.cstar.help/developers"
_AUTHENTICATION = f"{DOCS}/api-reference#authentication"
_RATES = f"{DOCS}/api-reference#rate-limiting"
_ERRORS = f"{DOCS}/errors"

INVALID_KEY = "Invalid or expired API key"
SECRET_REQUIRED = "Secret key required for this endpoint"  # noqa: S105 - a sentence about secrets

WORDS = RefusalWords(
    by_kind={
        RefusalKind.UNAUTHENTICATED: "authentication_required",
        RefusalKind.FORBIDDEN: "insufficient_permissions",
        RefusalKind.RATE_LIMITED: "rate_limit_exceeded",
        RefusalKind.INVALID_PARAMETER: "parameter_invalid",
        RefusalKind.NOT_FOUND: "not_found",
        RefusalKind.CONFLICT: "conflict",
        RefusalKind.GONE: "gone",
        RefusalKind.LARGE_EXPORT: "export_too_large",
        RefusalKind.LARGE_SOURCE: "payload_too_large",
        RefusalKind.INVALID_SOURCE: "parameter_invalid",
    },
    by_code={
        "nested_too_deep": "invalid_json",
        "unknown_field": "parameter_unknown",
        "no_known_header": "parameter_unknown",
        "idempotency_key_in_use": "idempotency_key_in_use",
    },
)
"""cStar's `code`; where it has no word, it is the core's."""

MESSAGES: Mapping[RefusalCode, str] = dict.fromkeys(("missing_key", "unknown_key", "expired_key"), INVALID_KEY)
"""cStar's own sentences, where it prints one; otherwise the core's are told."""

TYPES = {
    HTTPStatus.UNAUTHORIZED: ("authentication_error", _AUTHENTICATION),
    HTTPStatus.FORBIDDEN: ("authorization_error", _AUTHENTICATION),
    HTTPStatus.NOT_FOUND: ("not_found_error", _ERRORS),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limit_error", _RATES),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("api_error", _ERRORS),
    HTTPStatus.SERVICE_UNAVAILABLE: ("api_error", _ERRORS),
}
"""`type` and `doc_url`; every other status is an `invalid_request_error`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as cStar tells it: status, code, and the type and page that follow from the status."""

    status: HTTPStatus
    code: str
    message: str | None = None
    """cStar's own sentence, or None for the core's."""

    @property
    def type(self) -> str:
        """Returns cStar's class of failures, which follows the status."""
        return TYPES.get(self.status, ("invalid_request_error", _ERRORS))[0]

    @property
    def doc_url(self) -> str:
        """Returns the page that explains failures of this type."""
        return TYPES.get(self.status, ("invalid_request_error", _ERRORS))[1]


INTERNAL_ERROR = Failure(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong.")
UNAVAILABLE = Failure(
    HTTPStatus.SERVICE_UNAVAILABLE, "service_unavailable", "The service is busy. Try again in a moment."
)

_FAULTS = {"missing": "parameter_missing", "extra_forbidden": "parameter_unknown"}
"""Codes for what may be wrong with a parameter, by pydantic's word."""


def failure_of(refusal: Refused) -> Failure:
    """Returns the failure that tells a refusal. Raises KeyError for a code outside the catalogue: our own mistake."""
    status, code = WORDS.get(refusal.code)
    if refusal.code == "insufficient_scope" and refusal.details.get("kind") in PUBLISHABLE:
        return Failure(status, code, SECRET_REQUIRED)
    if refusal.code == "invalid_parameter":
        code = _FAULTS.get(str(refusal.details.get("fault")), code)
    return Failure(status, code, MESSAGES.get(refusal.code))


PREFIXES = tuple(KINDS[kind].prefix for kind in (KeyKind.SK_LIVE, KeyKind.SK_TEST, KeyKind.PK_LIVE, KeyKind.PK_TEST))
"""How cStar's keys begin."""
