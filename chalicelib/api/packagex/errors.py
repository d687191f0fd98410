"""Refusals of the core in PackageX's words: a status and a code for each, in the envelope all answers have.

The table is complete: a test reads every refusal out of the source.
"""

from http import HTTPStatus

from chalice.app import Response

from chalicelib.api.packagex.imports.responses import envelope
from chalicelib.errors import Refused

TABLE: dict[str, tuple[HTTPStatus, str]] = {
    # who asks
    "missing_key": (HTTPStatus.UNAUTHORIZED, "api_key_missing"),
    "unknown_key": (HTTPStatus.UNAUTHORIZED, "api_key_invalid"),
    "expired_key": (HTTPStatus.UNAUTHORIZED, "api_key_expired"),
    "insufficient_scope": (HTTPStatus.FORBIDDEN, "forbidden"),
    # the request
    "invalid_json": (HTTPStatus.BAD_REQUEST, "invalid_json"),
    "invalid_encoding": (HTTPStatus.BAD_REQUEST, "invalid_encoding"),
    "nested_too_deep": (HTTPStatus.BAD_REQUEST, "invalid_json"),
    "invalid_parameter": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "unknown_resource": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "unknown_field": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "invalid_column_mapping": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "invalid_cursor": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "invalid_filter": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "invalid_schedule": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "invalid_time_zone": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "selection_too_long": (HTTPStatus.BAD_REQUEST, "selection_too_long"),
    "selection_too_large": (HTTPStatus.BAD_REQUEST, "selection_too_large"),
    "unsupported_media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed"),
    "idempotency_key_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
    "idempotency_key_in_use": (HTTPStatus.CONFLICT, "idempotency_key_in_use"),
    "rate_limited": (HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests"),
    # what was asked for
    "not_found": (HTTPStatus.NOT_FOUND, "not_found"),
    "path_not_found": (HTTPStatus.NOT_FOUND, "not_found"),
    "import_not_found": (HTTPStatus.NOT_FOUND, "import_not_found"),
    "export_not_found": (HTTPStatus.NOT_FOUND, "export_not_found"),
    "schedule_not_found": (HTTPStatus.NOT_FOUND, "schedule_not_found"),
    "resource_not_found": (HTTPStatus.NOT_FOUND, "resource_not_found"),
    "record_not_found": (HTTPStatus.NOT_FOUND, "record_not_found"),
    "already_ended": (HTTPStatus.CONFLICT, "import_already_ended"),
    "not_ended": (HTTPStatus.CONFLICT, "import_not_ended"),
    "export_already_ended": (HTTPStatus.CONFLICT, "export_already_ended"),
    "too_many_schedules": (HTTPStatus.CONFLICT, "too_many_schedules"),
    "export_not_ended": (HTTPStatus.CONFLICT, "export_not_ended"),
    "webhook_not_found": (HTTPStatus.NOT_FOUND, "webhook_not_found"),
    "delivery_not_found": (HTTPStatus.NOT_FOUND, "delivery_not_found"),
    "unsafe_url": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "too_many_webhooks": (HTTPStatus.CONFLICT, "too_many_webhooks"),
    "webhook_paused": (HTTPStatus.CONFLICT, "webhook_paused"),
    "delivery_under_way": (HTTPStatus.CONFLICT, "delivery_under_way"),
    # the source
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "payload_too_large"),
    "empty_source": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "unreadable_format": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "ambiguous_list": (HTTPStatus.BAD_REQUEST, "ambiguous_list"),
    "unreadable_header": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "header_differs": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "no_known_header": (HTTPStatus.BAD_REQUEST, "no_known_header"),
    "no_identity_column": (HTTPStatus.BAD_REQUEST, "no_identity_column"),
    "too_many_columns": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "too_many_rows": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "damaged_workbook": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "encrypted_workbook": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "sheet_not_found": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "invalid_option": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "unsupported_encoding": (HTTPStatus.BAD_REQUEST, "validation_failed"),
    "encoding_uncertain": (HTTPStatus.BAD_REQUEST, "invalid_source"),
    "expansion_refused": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "payload_too_large"),
}
"""HTTP status and PackageX's `code`, by the core's code."""


def refused(refusal: Refused, *, endpoint: str) -> Response:
    """A refusal that stands in no table raises KeyError: it is our mistake, not the caller's."""
    status, code = TABLE[refusal.code]
    headers = {"Allow": str(refusal.details["allowed"])} if "allowed" in refusal.details else {}
    return envelope(status, refusal.message, code=code, errors=_errors_of(refusal), endpoint=endpoint, headers=headers)


def unavailable(*, endpoint: str) -> Response:
    """For what trying again may mend."""
    message = "The service is busy. Try again in a moment."
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return envelope(status, message, code="service_unavailable", endpoint=endpoint, headers={"Retry-After": "1"})


def broken(*, endpoint: str) -> Response:
    """For our own mistakes: the log has the details, the caller the request's id in a header."""
    message = "Something went wrong on our side."
    return envelope(HTTPStatus.INTERNAL_SERVER_ERROR, message, code="internal_error", endpoint=endpoint)


def _errors_of(refusal: Refused) -> list[str]:
    """Which parameters are at fault, each with what is wrong with it."""
    several = refusal.details.get("errors")
    if isinstance(several, list):
        return several
    return [f"{refusal.param}: {refusal.message}"] if refusal.param else []
