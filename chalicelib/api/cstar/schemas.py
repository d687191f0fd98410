"""The schemas of cStar's answers, field by field. Renderers are typed by them, and the OpenAPI document is made of
them.

Times are ISO 8601 in UTC.
"""

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.cstar import CSTAR_RESOURCES, STATUS_WORDS
from chalicelib.api.openapi.schema_words import one_of
from chalicelib.model.problem_codes import ProblemCode

CStarResource = Annotated[str, one_of(CSTAR_RESOURCES)]


class CStarProblem(TypedDict):
    """What is to be said of a record, or of all."""

    field: str | None
    code: Annotated[str, one_of(ProblemCode)]
    message: str
    value: str | None


class CStarRowError(CStarProblem):
    """What is wrong with a record; a record may have several."""

    index: int
    """Counts from 0."""


class CStarWarning(CStarProblem):
    """What is to be known of records that were taken, such as a field that does not exist."""

    index: int | None
    """Counts from 0; null where it is about all records."""


class CStarImportResult(TypedDict):
    """What became of the records of an import: counts, and an error for each record that failed."""

    object: Literal["import_result"]
    resource: CStarResource
    total: int
    created: int
    updated: int
    skipped: int
    """Those that change nothing included."""
    errors: list[CStarRowError]
    warnings: NotRequired[list[CStarWarning]]
    """Ours; only where there is something to say."""


class CStarLog(TypedDict):
    """One import of the past, as the logs list it."""

    id: str
    resource: CStarResource
    status: Annotated[str, one_of(dict.fromkeys(STATUS_WORDS.values()))]
    totalRecords: int
    created: int
    createdAt: str


class CStarPagination(TypedDict):
    """Which page of a list this is, and how many pages and entries there are."""

    page: int
    pageSize: int
    total: int
    totalPages: int


class CStarPageMeta(TypedDict):
    """The time of the response, and which page of the list it holds."""

    timestamp: str
    pagination: CStarPagination


class CStarExport(TypedDict):
    """The records that were asked for, by resource."""

    object: Literal["export"]
    format: Literal["json"]
    totalRows: int
    resources: dict[str, list[dict[str, Any]]]
    """Records by resource, latest first; only fields that have a value."""


class CStarImportAnswer(TypedDict):
    """The response to an import."""

    success: Literal[True]
    data: CStarImportResult


class CStarExportAnswer(TypedDict):
    """The response to an export in JSON."""

    success: Literal[True]
    data: CStarExport


class CStarLogsAnswer(TypedDict):
    """One page of the imports of the past, the newest first."""

    success: Literal[True]
    data: list[CStarLog]
    meta: CStarPageMeta


class CStarError(TypedDict):
    """What is wrong with a request, and where to read about it."""

    type: str
    code: str
    """What is wrong, for programs."""
    message: str
    param: NotRequired[str]
    """The parameter at fault."""
    doc_url: str
    request_id: str
    retryAfter: NotRequired[int]
    """Seconds after which it makes sense to ask again."""


class CStarMeta(TypedDict):
    """The time of the response."""

    timestamp: str


class CStarRefusal(TypedDict):
    """Whatever is no success."""

    success: Literal[False]
    error: CStarError
    meta: CStarMeta
