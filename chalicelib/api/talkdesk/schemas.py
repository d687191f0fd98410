"""The shapes of Talkdesk's answers, field by field. Times are ISO 8601 in UTC, links whole."""

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.talkdesk import STATUS_WORDS, TYPES
from chalicelib.model.problem_codes import ProblemCode

RECORD_STATUSES = ("PENDING", "COMPLETED", "FAILED", "SKIPPED")


class Link(TypedDict):
    href: str


class ImportLinks(TypedDict):
    self: Link
    records: Link
    upload: NotRequired[Link]
    """Where to PUT the file, while the import waits for it."""


class ShownImport(TypedDict):
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
    _links: ImportLinks


class PageLinks(TypedDict):
    self: Link
    first: Link
    last: Link
    next: NotRequired[Link]
    prev: NotRequired[Link]


class EmbeddedImports(TypedDict):
    imports: list[ShownImport]


class Imports(TypedDict):
    count: int
    """On this page."""
    total: int
    page: int
    per_page: int
    _embedded: EmbeddedImports
    _links: PageLinks


class RowError(TypedDict):
    field: str | None
    """The column."""
    code: Annotated[str, one_of(ProblemCode)]
    message: str


class ShownRecord(TypedDict):
    row_number: int
    """Counts from 1, without the header line."""
    status: Annotated[str, one_of(RECORD_STATUSES)]
    user_id: str | None
    errors: list[RowError]
    data: dict[str, Any]
    """By column, as it was sent."""


class EmbeddedRecords(TypedDict):
    records: list[ShownRecord]


class Records(TypedDict):
    count: int
    total: int
    page: int
    per_page: int
    _embedded: EmbeddedRecords
    _links: PageLinks


class Choice(TypedDict):
    inline: list[str]


class Property(TypedDict):
    name: str
    required: NotRequired[bool]
    readOnly: NotRequired[bool]
    value: NotRequired[str]
    options: NotRequired[Choice]


class Template(TypedDict):
    """A template of HAL-FORMS."""

    method: str
    contentType: str
    target: str
    properties: list[Property]


class Templates(TypedDict):
    default: NotRequired[Template]
    """Absent where nothing can be done, or the token lacks the scope."""


class ImportWithTemplates(ShownImport):
    _templates: Templates


class ImportsWithTemplates(Imports):
    _templates: Templates


class RecordsWithTemplates(Records):
    _templates: Templates


class FieldError(TypedDict):
    name: str
    description: str


class Refusal(TypedDict):
    """Whatever is no success."""

    code: str
    """What is wrong, for programs."""
    message: str
    description: NotRequired[str]
    """What to do next."""
    fields: list[FieldError]
    """Which parameters, or the file, are at fault."""


class Token(TypedDict):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    scope: str


class TokenError(TypedDict):
    """RFC 6749, section 5.2."""

    error: str
    error_description: str
