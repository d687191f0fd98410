"""What cStar clients get to see: its two envelopes, the result of an import, logs, records.

Times are ISO 8601 in UTC, to the second where the service sets them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from chalice.app import Response

from chalicelib.api.teams import NOUNS, STATUS_WORDS, public_name
from chalicelib.api.teams.errors import Failure
from chalicelib.model.imports import Import
from chalicelib.model.problem_codes import Severity
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.results import Arrived
from chalicelib.model.rows import Departure, Fields, Outcome
from chalicelib.rules.record_values import to_time

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a route has to say. cStar prints `meta` beside failures and, for paging, beside lists."""

    data: Json | list[Json] = field(default_factory=dict)
    pagination: Json | None = None
    csv: str | None = None
    """Instead of data: a file."""
    filename: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def success(answer: Answer, now: int) -> Response:
    if answer.csv is not None:
        return _file(answer)
    body: Json = {"success": True, "data": answer.data}
    if answer.pagination is not None:
        body["meta"] = {"timestamp": shown_time(now), "pagination": answer.pagination}
    return Response(body, headers=_json_headers(answer.headers), status_code=int(HTTPStatus.OK))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a failure says beside its type and code."""

    message: str
    request_id: str
    now: int
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def failed(failure: Failure, told: Told) -> Response:
    error = {
        "type": failure.type,
        "code": failure.code,
        "message": failure.message or told.message,
        **({"param": told.param} if told.param else {}),
        "doc_url": failure.doc_url,
        "request_id": told.request_id,
    }
    body = {"success": False, "error": error, "meta": {"timestamp": shown_time(told.now)}}
    return Response(body, headers=_json_headers(told.headers), status_code=int(failure.status))


def shown_result(arrived: Arrived) -> Json:
    """Rows that change nothing count as skipped: cStar has no word of its own for them."""
    import_, stats = arrived.import_, arrived.import_.stats
    return {
        "object": "import_result",
        "resource": import_.resource,
        "total": stats.total,
        "created": stats.created,
        "updated": stats.updated,
        "skipped": stats.skipped + stats.unchanged,
        "errors": list(_each_error(NOUNS[import_.resource], arrived.departures)),
    }


def shown_log(import_: Import) -> Json:
    return {
        "id": import_.import_id,
        "resource": import_.resource,
        "status": STATUS_WORDS[import_.status],
        "totalRecords": import_.stats.total,
        "created": import_.stats.created,
        "createdAt": shown_time(import_.created_at),
    }


def shown_pagination(page: int, page_size: int, total: int) -> Json:
    return {"page": page, "pageSize": page_size, "total": total, "totalPages": -(-total // page_size)}


def shown_record(resource: Resource, fields: Fields) -> Json:
    """Its fields under cStar's names, those that have a value; id and object first."""
    given = {public_name(resource, name): value for name, value in fields.items() if value is not None}
    return {"id": given.pop("id"), "object": resource.singular, **given}


def shown_time(epoch_s: int) -> str:
    return to_time(epoch_s * 1000)


def _json_headers(others: Mapping[str, str]) -> dict[str, str | list[str]]:
    return {"Content-Type": "application/json", **others}


def _file(answer: Answer) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{answer.filename}"',
        **answer.headers,
    }
    return Response(answer.csv, headers=headers, status_code=int(HTTPStatus.OK))


def _each_error(resource: Resource, departures: Iterable[Departure]) -> Iterator[Json]:
    """Every error of every row that failed; `index` counts from 0."""
    for departure in departures:
        if departure.outcome is Outcome.FAILED:
            for problem in departure.problems:
                if problem.severity is Severity.ERROR:
                    yield _shown_error(resource, departure.row_number - 1, problem)


def _shown_error(resource: Resource, index: int, problem: Problem) -> Json:
    named = replace(problem, field=public_name(resource, problem.field) if problem.field else None)
    return {
        "index": index,
        "field": named.field,
        "code": named.code.value,
        "message": named.message,
        "value": named.value,
    }
