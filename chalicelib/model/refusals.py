"""Every code by which a request or a source may be refused, once, with the kind of mistake and its HTTP status.

`Refused` takes these codes and no others, which mypy checks where one is raised. Each dialect says how it calls a kind,
and a single code only where it has a word of its own for it (`api/http/refusal_words.py`). A new code is therefore
written into one of the lists below and raised; every dialect has a status and a word for it at once. The OpenAPI
document tells the codes of a source wherever a source is sent (`api/openapi/refusal_examples.py`).
"""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from typing import Any, Literal, get_args

# Who asks.
UnauthenticatedCode = Literal["missing_key", "unknown_key", "malformed_key", "expired_key"]
ForbiddenCode = Literal["insufficient_scope", "foreign_team"]
RateLimitCode = Literal["rate_limited"]

# The request.
MalformedBodyCode = Literal["invalid_json", "invalid_encoding", "nested_too_deep", "malformed_form"]
InvalidParameterCode = Literal[
    "invalid_parameter",
    "unknown_resource",
    "unknown_field",
    "invalid_filter",
    "invalid_cursor",
    "invalid_option",
    "invalid_column_mapping",
    "unsupported_encoding",
    "invalid_schedule",
    "invalid_time_zone",
    "unsafe_url",
    "unsupported_grant_type",
]
MethodCode = Literal["method_not_allowed"]
AcceptCode = Literal["not_acceptable"]
MediaTypeCode = Literal["unsupported_media_type"]
ReusedKeyCode = Literal["idempotency_key_reused"]

# What is asked for.
NotFoundCode = Literal[
    "not_found",
    "path_not_found",
    "import_not_found",
    "export_not_found",
    "schedule_not_found",
    "webhook_not_found",
    "profile_not_found",
    "session_not_found",
    "delivery_not_found",
    "resource_not_found",
    "record_not_found",
]
ConflictCode = Literal[
    "already_ended",
    "not_ended",
    "import_busy",
    "not_confirmable",
    "already_confirmed",
    "preview_expired",
    "cannot_redrive",
    "undo_expired",
    "nothing_to_undo",
    "already_reverted",
    "upload_incomplete",
    "not_retryable",
    "nothing_to_retry",
    "too_many_retries",
    "import_started",
    "file_missing",
    "source_not_ready",
    "export_already_ended",
    "export_not_ended",
    "too_many_schedules",
    "too_many_webhooks",
    "too_many_profiles",
    "profile_exists",
    "session_used",
    "too_many_files",
    "webhook_paused",
    "delivery_under_way",
    "idempotency_key_in_use",
]
GoneCode = Literal["rows_expired", "source_gone"]
LargeExportCode = Literal["selection_too_long", "selection_too_large"]

# The source of an import.
LargeSourceCode = Literal["too_large", "expansion_refused"]
InvalidSourceCode = Literal[
    "empty_source",
    "unreadable_format",
    "unreadable_header",
    "no_known_header",
    "too_many_columns",
    "too_many_rows",
]
InvalidFileCode = Literal[
    "ambiguous_list",
    "no_identity_column",
    "encoding_uncertain",
    "damaged_workbook",
    "encrypted_workbook",
    "sheet_not_found",
]
"""Only files can be so, not records that stand in a request."""
InvalidTemplateCode = Literal["header_differs"]
"""Only where a template is asked for."""
FileDropCode = Literal["unknown_tenant", "unknown_action", "key_too_long", "file_gone"]

RefusalCode = (
    UnauthenticatedCode
    | ForbiddenCode
    | RateLimitCode
    | MalformedBodyCode
    | InvalidParameterCode
    | MethodCode
    | AcceptCode
    | MediaTypeCode
    | ReusedKeyCode
    | NotFoundCode
    | ConflictCode
    | GoneCode
    | LargeExportCode
    | LargeSourceCode
    | InvalidSourceCode
    | InvalidFileCode
    | InvalidTemplateCode
    | FileDropCode
)
"""The core's codes, which no caller sees as such but in the result file of a file drop."""


class RefusalKind(Enum):
    """What kind of mistake a refusal is about: its HTTP status and its codes."""

    UNAUTHENTICATED = (HTTPStatus.UNAUTHORIZED, UnauthenticatedCode)
    FORBIDDEN = (HTTPStatus.FORBIDDEN, ForbiddenCode)
    RATE_LIMITED = (HTTPStatus.TOO_MANY_REQUESTS, RateLimitCode)
    MALFORMED_BODY = (HTTPStatus.BAD_REQUEST, MalformedBodyCode)
    INVALID_PARAMETER = (HTTPStatus.BAD_REQUEST, InvalidParameterCode)
    METHOD_NOT_ALLOWED = (HTTPStatus.METHOD_NOT_ALLOWED, MethodCode)
    NOT_ACCEPTABLE = (HTTPStatus.NOT_ACCEPTABLE, AcceptCode)
    UNSUPPORTED_MEDIA_TYPE = (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, MediaTypeCode)
    KEY_REUSED = (HTTPStatus.UNPROCESSABLE_ENTITY, ReusedKeyCode)
    NOT_FOUND = (HTTPStatus.NOT_FOUND, NotFoundCode)
    CONFLICT = (HTTPStatus.CONFLICT, ConflictCode)
    GONE = (HTTPStatus.GONE, GoneCode)
    LARGE_EXPORT = (HTTPStatus.BAD_REQUEST, LargeExportCode)
    LARGE_SOURCE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, LargeSourceCode)
    INVALID_SOURCE = (HTTPStatus.BAD_REQUEST, Literal[InvalidSourceCode, InvalidFileCode, InvalidTemplateCode])
    FILE_DROP = (HTTPStatus.BAD_REQUEST, FileDropCode)
    """A dropped file has no request to answer: these are told in the result file only."""

    def __init__(self, status: HTTPStatus, codes: Any) -> None:
        self.status = status
        self.codes: tuple[RefusalCode, ...] = get_args(codes)


KINDS: Mapping[RefusalCode, RefusalKind] = {code: kind for kind in RefusalKind for code in kind.codes}
"""The kind of each code; asking for anything that is no code raises KeyError."""
