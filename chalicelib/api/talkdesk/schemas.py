"""The schemas of Talkdesk's answers, field by field. Times are ISO 8601 in UTC, links whole."""

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.talkdesk import STATUS_WORDS, TYPES
from chalicelib.model.problem_codes import ProblemCode

RECORD_STATUSES = ("PENDING", "COMPLETED", "FAILED", "SKIPPED")


class TalkdeskLink(TypedDict):
    href: str


class TalkdeskImportLinks(TypedDict):
    self: TalkdeskLink
    records: TalkdeskLink
    upload: NotRequired[TalkdeskLink]
    """Where to PUT the file, while the import waits for it."""


class TalkdeskImport(TypedDict):
    id: str
    filename: str
    total_records: int
    failed_records: int
    """Later copies of a row included."""
    completed_records: int
    status: Annotated[str, one_of(dict.fromkeys([*STATUS_WORDS.values(), "COMPLETED_WITH_ERRORS"]))]
    type: Annotated[str, one_of(TYPES)]
    created_by: str
    """The client's id."""
    created_at: str
    updated_by: str
    updated_at: str
    canceled_by: str | None
    canceled_at: str | None
    reason: NotRequired[str]
    """Why it has failed."""
    _links: TalkdeskImportLinks


class TalkdeskPageLinks(TypedDict):
    self: TalkdeskLink
    first: TalkdeskLink
    last: TalkdeskLink
    next: NotRequired[TalkdeskLink]
    prev: NotRequired[TalkdeskLink]


class TalkdeskEmbeddedImports(TypedDict):
    imports: list[TalkdeskImport]


class TalkdeskImports(TypedDict):
    count: int
    """On this page."""
    total: int
    page: int
    per_page: int
    _embedded: TalkdeskEmbeddedImports
    _links: TalkdeskPageLinks


class TalkdeskRowError(TypedDict):
    field: str | None
    """The column."""
    code: Annotated[str, one_of(ProblemCode)]
    message: str


class TalkdeskRecord(TypedDict):
    row_number: int
    """Counts from 1, without the header line."""
    status: Annotated[str, one_of(RECORD_STATUSES)]
    user_id: str | None
    errors: list[TalkdeskRowError]
    data: dict[str, Any]
    """By column, as it was sent."""


class TalkdeskEmbeddedRecords(TypedDict):
    records: list[TalkdeskRecord]


class TalkdeskRecords(TypedDict):
    count: int
    total: int
    page: int
    per_page: int
    _embedded: TalkdeskEmbeddedRecords
    _links: TalkdeskPageLinks


class TalkdeskChoice(TypedDict):
    inline: list[str]


class TalkdeskProperty(TypedDict):
    name: str
    required: NotRequired[bool]
    readOnly: NotRequired[bool]
    value: NotRequired[str]
    options: NotRequired[TalkdeskChoice]


class TalkdeskTemplate(TypedDict):
    """A template of HAL-FORMS."""

    method: str
    contentType: str
    target: str
    properties: list[TalkdeskProperty]


class TalkdeskTemplates(TypedDict):
    default: NotRequired[TalkdeskTemplate]
    """Absent where nothing can be done, or the token lacks the scope."""


class TalkdeskImportWithTemplates(TalkdeskImport):
    _templates: TalkdeskTemplates


class TalkdeskImportsWithTemplates(TalkdeskImports):
    _templates: TalkdeskTemplates


class TalkdeskRecordsWithTemplates(TalkdeskRecords):
    _templates: TalkdeskTemplates


class TalkdeskFieldError(TypedDict):
    name: str
    description: str


class TalkdeskRefusal(TypedDict):
    """Whatever is no success."""

    code: str
    """What is wrong, for programs."""
    message: str
    description: NotRequired[str]
    """What to do next."""
    fields: list[TalkdeskFieldError]
    """Which parameters, or the file, are at fault."""


class TalkdeskToken(TypedDict):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    scope: str


class TalkdeskTokenError(TypedDict):
    """RFC 6749, section 5.2."""

    error: str
    error_description: str
