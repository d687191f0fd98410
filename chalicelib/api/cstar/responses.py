"""What cStar answers: its two envelopes, the result of an import, logs, records.

Times are ISO 8601 in UTC, to the second where the service sets them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson
from chalice.app import Response

from chalicelib.api.cstar import CSTAR_RESOURCES, STATUS_WORDS, public_name
from chalicelib.api.cstar.errors import Failure
from chalicelib.api.cstar.schemas import (
    CStarImportResult,
    CStarLog,
    CStarPagination,
    CStarProblem,
    CStarRowError,
    CStarWarning,
)
from chalicelib.api.http.response import Document, JsonObject
from chalicelib.model.imports import Import
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.task_results import InlineResult
from chalicelib.schema.query.record_values import to_time


@dataclass(frozen=True, slots=True, kw_only=True)
class CStarAnswer:
    """What a view has to answer. cStar prints `meta` beside failures and, for paging, beside lists."""

    data: JsonObject | Sequence[JsonObject]
    name: str
    """What it is, where it has to be fetched as a file."""
    pagination: JsonObject | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def render_success(answer: CStarAnswer, now: int) -> Document:
    """Returns the answer in cStar's envelope of successes. `now` is in epoch seconds."""
    body: dict[str, object] = {"success": True, "data": answer.data}
    if answer.pagination is not None:
        body["meta"] = {"timestamp": render_time(now), "pagination": answer.pagination}
    return Document(
        content=orjson.dumps(body),
        content_type="application/json",
        filename=f"{answer.name}.json",
        headers=answer.headers,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureDetails:
    """What a failure says beside its type and code."""

    message: str
    request_id: str
    now: int
    param: str | None = None
    retry_after_s: object = None
    """Seconds after which to ask again; cStar tells them in the body of a 429, beside the header."""
    headers: Mapping[str, str] = field(default_factory=dict)


def render_failure(failure: Failure, details: FailureDetails) -> Response:
    """Returns the failure in cStar's envelope of failures."""
    error = {
        "type": failure.type,
        "code": failure.code,
        "message": failure.message or details.message,
        **({"param": details.param} if details.param else {}),
        **({} if details.retry_after_s is None else {"retryAfter": details.retry_after_s}),
        "doc_url": failure.doc_url,
        "request_id": details.request_id,
    }
    body = {"success": False, "error": error, "meta": {"timestamp": render_time(details.now)}}
    headers: dict[str, str | list[str]] = {"Content-Type": "application/json", **details.headers}
    return Response(body, headers=headers, status_code=int(failure.status))


def render_import_result(result: InlineResult) -> CStarImportResult:
    """Returns the counts and errors of an import, and what of the records was not taken, where there is any. Rows that
    change nothing count as skipped: cStar has no word of its own for them.
    """
    import_, stats = result.import_, result.import_.stats
    rendered: CStarImportResult = {
        "object": "import_result",
        "resource": import_.resource,
        "total": stats.total,
        "created": stats.created,
        "updated": stats.updated,
        "skipped": stats.skipped + stats.unchanged,
        "errors": list(_each_error(CSTAR_RESOURCES[import_.resource], result)),
    }
    warnings = list(_each_warning(CSTAR_RESOURCES[import_.resource], result))
    return {**rendered, "warnings": warnings} if warnings else rendered


def render_log(import_: Import) -> CStarLog:
    """Returns an import as an entry of the logs."""
    return {
        "id": import_.import_id,
        "resource": import_.resource,
        "status": STATUS_WORDS[import_.status],
        "totalRecords": import_.stats.total,
        "created": import_.stats.created,
        "createdAt": render_time(import_.created_at),
    }


def render_pagination(page: int, page_size: int, total: int) -> CStarPagination:
    """Returns where a numbered page stands among all."""
    return {"page": page, "pageSize": page_size, "total": total, "totalPages": -(-total // page_size)}


def render_record(resource: Resource, fields: Fields) -> JsonObject:
    """Returns a record's fields that have a value, under cStar's names; `id` and `object` come first."""
    given = {public_name(resource, name): value for name, value in fields.items() if value is not None}
    return {"id": given.pop("id"), "object": resource.singular, **given}


def render_time(epoch_s: int) -> str:
    """Returns a time as ISO 8601 in UTC."""
    return to_time(epoch_s * 1000)


def _each_error(resource: Resource, result: InlineResult) -> Iterator[CStarRowError]:
    """Yields every error of every row that failed; `index` counts from 0. Where most keys of the records are unknown,
    the first error says so before it asks for a field that may stand under one of them.
    """
    first = next((one for one in result.import_.findings if one.code is ProblemCode.HEADERS_MOSTLY_UNKNOWN), None)
    for row_outcome in result.outcomes:
        if row_outcome.outcome is Outcome.FAILED:
            for problem in row_outcome.problems:
                if problem.severity is Severity.ERROR:
                    rendered = _render_error(resource, row_outcome.row_number - 1, problem)
                    yield {**rendered, "message": f"{first.message} {rendered['message']}"} if first else rendered
                    first = None


def _render_error(resource: Resource, index: int, problem: Problem) -> CStarRowError:
    return {"index": index, **_render_problem(resource, problem)}


def _each_warning(resource: Resource, result: InlineResult) -> Iterator[CStarWarning]:
    """Yields what is to be known of records that were taken: first of all of them, such as keys that are no fields,
    then what single ones gave in vain. That a record has no identity is not told: cStar's records often have none.
    """
    for finding in result.import_.findings:
        yield {"index": None, **_render_problem(resource, finding)}
    for row_outcome in result.outcomes:
        for problem in row_outcome.problems:
            if problem.severity is Severity.WARNING and problem.code is not ProblemCode.NO_IDENTITY:
                yield {"index": row_outcome.row_number - 1, **_render_problem(resource, problem)}


def _render_problem(resource: Resource, problem: Problem) -> CStarProblem:
    named = replace(problem, field=public_name(resource, problem.field) if problem.field else None)
    is_unknown = named.code is ProblemCode.HEADER_UNKNOWN
    return {
        "field": named.field,
        "code": named.code.value,
        "message": f"{named.field!r} is no field of {resource.name} and was not read." if is_unknown else named.message,
        "value": named.value,
    }
