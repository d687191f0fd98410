"""The schemas of Talkdesk's answers, field by field. Times are ISO 8601 in UTC, links whole."""

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.talkdesk import STATUS_WORDS, TYPES
from chalicelib.model.problem_codes import ProblemCode

RECORD_STATUSES = ("PENDING", "COMPLETED", "FAILED", "SKIPPED")


class TalkdeskLink(TypedDict):
    """A HAL link."""

    href: str


class TalkdeskImportLinks(TypedDict):
    """The links of an import; `upload` is there while the import waits for its file."""

    self: TalkdeskLink
    records: TalkdeskLink
    upload: NotRequired[TalkdeskLink]
    """Where to PUT the file, while the import waits for it."""


class TalkdeskImport(TypedDict):
    """An import of users: where it stands, its counts, and who asked for it when."""

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
    upload_expires_at: NotRequired[str]
    """Until when `_links.upload` is good; there while the import waits for its file, with a fresh link every time."""
    _links: TalkdeskImportLinks


class TalkdeskPageLinks(TypedDict):
    """The links of a page of a list; `next` and `prev` are there if there are such pages."""

    self: TalkdeskLink
    first: TalkdeskLink
    last: TalkdeskLink
    next: NotRequired[TalkdeskLink]
    prev: NotRequired[TalkdeskLink]


class TalkdeskEmbeddedImports(TypedDict):
    """The imports of a page."""

    imports: list[TalkdeskImport]


class TalkdeskImports(TypedDict):
    """One page of imports, the newest first."""

    count: int
    """On this page."""
    total: int
    page: int
    per_page: int
    _embedded: TalkdeskEmbeddedImports
    _links: TalkdeskPageLinks


class TalkdeskRowError(TypedDict):
    """One problem of a row."""

    field: str | None
    """The column."""
    code: Annotated[str, one_of(ProblemCode)]
    message: str


class TalkdeskRecord(TypedDict):
    """One row of an import, what became of it, and the user that it created, updated or deleted."""

    row_number: int
    """Counts from 1, without the header line."""
    status: Annotated[str, one_of(RECORD_STATUSES)]
    user_id: str | None
    errors: list[TalkdeskRowError]
    data: dict[str, Any]
    """By column, as it was sent."""


class TalkdeskEmbeddedRecords(TypedDict):
    """The rows of a page."""

    records: list[TalkdeskRecord]


class TalkdeskRecords(TypedDict):
    """One page of the rows of an import, in the order of the file."""

    count: int
    total: int
    page: int
    per_page: int
    _embedded: TalkdeskEmbeddedRecords
    _links: TalkdeskPageLinks


class TalkdeskChoice(TypedDict):
    """The values that a property of a form may have."""

    inline: list[str]


class TalkdeskProperty(TypedDict):
    """One field of a form, as HAL-FORMS describes it."""

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
    """The forms that the caller may send from here; there is none if it may send nothing."""

    default: NotRequired[TalkdeskTemplate]
    """Absent where nothing can be done, or the token lacks the scope."""


class TalkdeskImportWithTemplates(TalkdeskImport):
    """An import with the forms that the caller may send."""

    _templates: TalkdeskTemplates


class TalkdeskImportsWithTemplates(TalkdeskImports):
    """One page of imports with the forms that the caller may send."""

    _templates: TalkdeskTemplates


class TalkdeskRecordsWithTemplates(TalkdeskRecords):
    """One page of the rows of an import with the forms that the caller may send."""

    _templates: TalkdeskTemplates


class TalkdeskFieldError(TypedDict):
    """What is wrong with one parameter of a request."""

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
    """An access token, and for how many seconds it can be used."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    scope: str


class TalkdeskTokenError(TypedDict):
    """RFC 6749, section 5.2."""

    error: str
    error_description: str
