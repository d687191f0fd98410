"""The shapes of cStar's answers, field by field: the renderers are typed by them, the document is made of them.

Times are ISO 8601 in UTC.
"""

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.cstar import NOUNS, STATUS_WORDS
from chalicelib.api.openapi.schema_words import one_of
from chalicelib.model.problem_codes import ProblemCode

Noun = Annotated[str, one_of(NOUNS)]


class RowError(TypedDict):
    """What is wrong with a record; a record may have several."""

    index: int
    """Counts from 0."""
    field: str | None
    code: Annotated[str, one_of(ProblemCode)]
    message: str
    value: str | None


class ImportResult(TypedDict):
    object: Literal["import_result"]
    resource: Noun
    total: int
    created: int
    updated: int
    skipped: int
    """Those that change nothing included."""
    errors: list[RowError]


class Log(TypedDict):
    id: str
    resource: Noun
    status: Annotated[str, one_of(dict.fromkeys(STATUS_WORDS.values()))]
    totalRecords: int
    created: int
    createdAt: str


class Pagination(TypedDict):
    page: int
    pageSize: int
    total: int
    totalPages: int


class PageMeta(TypedDict):
    timestamp: str
    pagination: Pagination


class Export(TypedDict):
    object: Literal["export"]
    format: Literal["json"]
    totalRows: int
    resources: dict[str, list[dict[str, Any]]]
    """Records by resource, latest first; only fields that have a value."""


class ImportAnswer(TypedDict):
    success: Literal[True]
    data: ImportResult


class ExportAnswer(TypedDict):
    success: Literal[True]
    data: Export


class LogsAnswer(TypedDict):
    success: Literal[True]
    data: list[Log]
    meta: PageMeta


class Error(TypedDict):
    type: str
    code: str
    """What is wrong, for programs."""
    message: str
    param: NotRequired[str]
    """The parameter at fault."""
    doc_url: str
    request_id: str


class Meta(TypedDict):
    timestamp: str


class Refusal(TypedDict):
    """Whatever is no success."""

    success: Literal[False]
    error: Error
    meta: Meta
