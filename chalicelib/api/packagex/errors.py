"""Refusals of the core in PackageX's words: a status and a code for each, in the envelope that all answers have."""

from http import HTTPStatus

from chalice.app import Response

from chalicelib.api.http.refusal_words import RefusalWords
from chalicelib.api.packagex.envelope import envelope
from chalicelib.errors import Refused
from chalicelib.model.refusals import RefusalKind

WORDS = RefusalWords(
    by_kind={
        RefusalKind.FORBIDDEN: "forbidden",
        RefusalKind.RATE_LIMITED: "too_many_requests",
        RefusalKind.INVALID_PARAMETER: "validation_failed",
        RefusalKind.LARGE_SOURCE: "payload_too_large",
        RefusalKind.INVALID_SOURCE: "invalid_source",
    },
    by_code={
        "missing_key": "api_key_missing",
        "unknown_key": "api_key_invalid",
        "expired_key": "api_key_expired",
        "nested_too_deep": "invalid_json",
        "path_not_found": "not_found",
        "already_ended": "import_already_ended",
        "not_ended": "import_not_ended",
        "ambiguous_list": "ambiguous_list",
        "no_known_header": "no_known_header",
        "no_identity_column": "no_identity_column",
    },
)
"""PackageX's `code`; where it has no word, it is the core's."""


def render_refusal(refusal: Refused, *, endpoint: str) -> Response:
    """Returns the answer to a refusal. Raises KeyError for a code outside the catalogue: that is our own mistake."""
    status, code = WORDS.get(refusal.code)
    headers = {"Allow": str(refusal.details["allowed"])} if "allowed" in refusal.details else {}
    return envelope(status, refusal.message, code=code, errors=_errors_of(refusal), endpoint=endpoint, headers=headers)


def render_unavailable(*, endpoint: str) -> Response:
    """Returns the answer to what another try may mend."""
    message = "The service is busy. Try again in a moment."
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return envelope(status, message, code="service_unavailable", endpoint=endpoint, headers={"Retry-After": "1"})


def render_internal_error(*, endpoint: str) -> Response:
    """Returns the answer to mistakes of our own: the log has the details, the caller the request's id in a header."""
    message = "Something went wrong on our side."
    return envelope(HTTPStatus.INTERNAL_SERVER_ERROR, message, code="internal_error", endpoint=endpoint)


def _errors_of(refusal: Refused) -> list[str]:
    """Returns the parameters at fault, each with what is wrong with it."""
    several = refusal.details.get("errors")
    if isinstance(several, list):
        return several
    return [f"{refusal.param}: {refusal.message}"] if refusal.param else []
