"""What Talkdesk answers: HAL documents of imports and their records. Times are ISO 8601 in UTC.

Links are written as paths here; the base URL is put before them when they are answered (`adapter.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from chalicelib.api.http.response import JsonObject
from chalicelib.api.talkdesk import TYPE_WORDS, column_of, completed_records, failed_records, status_word
from chalicelib.imports.downloads import UploadLink
from chalicelib.imports.row_reader import ListedRow
from chalicelib.imports.workspace import RowCounts
from chalicelib.model.imports import Import
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.rows import Outcome, RowOutcome

HalFormsTemplates = Mapping[str, JsonObject]

IMPORTS = "/bulk-imports/users"

COMPLETED = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DELETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkdeskAnswer:
    """A HAL document, and what the caller may do next."""

    body: JsonObject
    status: HTTPStatus = HTTPStatus.OK
    location: str = ""
    """The path of what was created."""
    templates: HalFormsTemplates = field(default_factory=dict)
    """What the caller may do next, for HAL-FORMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkdeskPage:
    """Where a numbered page stands among all, and how it was asked for."""

    path: str
    page: int
    per_page: int
    total: int
    said: Mapping[str, str] = field(default_factory=dict)
    """The query as the caller gave it."""
    is_shortened: bool = False
    """A page has fewer rows than were asked for, as they are long: links lead to pages of that size."""

    @property
    def last(self) -> int:
        """Returns the number of the last page, at least 1."""
        return max(1, -(-self.total // self.per_page))

    def to_links(self) -> JsonObject:
        """Returns the links of the page; `next` and `prev` only where they exist."""
        pages = {"first": 1, "last": self.last}
        if self.page < self.last:
            pages["next"] = self.page + 1
        if self.page > 1:
            pages["prev"] = min(self.page - 1, self.last)
        said = {**self.said, **({"per_page": str(self.per_page)} if self.is_shortened else {})}
        numbered = {name: _href(self.path, {**said, "page": str(number)}) for name, number in pages.items()}
        return {"self": _href(self.path, self.said), **numbered}


def render_import(import_: Import, upload: UploadLink | None = None) -> JsonObject:
    """Returns an import with every field of Talkdesk's document, in its order; behind them stand, where there are any,
    the reason and the end of the link to upload to, which are ours.
    """
    path = f"{IMPORTS}/{import_.import_id}"
    links = {"self": _href(path), "records": _href(f"{path}/records")}
    return {
        "id": import_.import_id,
        "filename": import_.source.filename if import_.source else "",
        "total_records": import_.stats.total,
        "failed_records": failed_records(import_),
        "completed_records": completed_records(import_),
        "status": status_word(import_),
        "type": TYPE_WORDS[import_.action],
        "created_by": import_.created_by,
        "created_at": render_time(import_.created_at),
        "updated_by": import_.updated_by,
        "updated_at": render_time(import_.updated_at),
        "canceled_by": import_.canceled_by,
        "canceled_at": None if import_.canceled_at is None else render_time(import_.canceled_at),
        **({"reason": import_.reason} if import_.reason else {}),
        **({"upload_expires_at": render_time(upload.expires_at)} if upload else {}),
        "_links": {**links, "upload": {"href": upload.url}} if upload else links,
    }


def render_record(import_: Import, row: ListedRow) -> JsonObject:
    """Returns a row of the source with what became of it."""
    row_outcome = row.outcome
    is_completed = row_outcome is not None and row_outcome.outcome in COMPLETED
    return {
        "row_number": row.number,
        "status": record_status(import_, row.outcome),
        "user_id": row_outcome.record_id if row_outcome and is_completed else None,
        "errors": _render_errors(row_outcome) if row_outcome and not is_completed else [],
        "data": row.given,
    }


def record_status(import_: Import, outcome: RowOutcome | None) -> str:
    """Returns a row's status. A later copy of a row has failed; SKIPPED is a row that the import did not get to, or
    left out for another reason.
    """
    if outcome is None or outcome.outcome is Outcome.UNPROCESSED:
        return "SKIPPED" if import_.is_final else "PENDING"
    if outcome.outcome is Outcome.SKIPPED:
        codes = {problem.code for problem in outcome.problems}
        return "FAILED" if ProblemCode.DUPLICATE_IN_SOURCE in codes else "SKIPPED"
    return "COMPLETED" if outcome.outcome in COMPLETED else "FAILED"


@dataclass(frozen=True, slots=True)
class RecordsOfStatus:
    """Rows with a status, as `record_status` names it; None means any. The import has ended where rows are counted."""

    import_: Import
    status: str | None

    def count(self, counts: RowCounts) -> int:
        """Does what `RowSelection.count` promises."""
        copies = counts.get(f"{Outcome.SKIPPED}|{ProblemCode.DUPLICATE_IN_SOURCE}", 0)
        by_status = {
            "COMPLETED": sum(counts.get(one, 0) for one in COMPLETED),
            "SKIPPED": counts.get(Outcome.SKIPPED, 0) - copies + counts.get(Outcome.UNPROCESSED, 0),
            "FAILED": counts.get(Outcome.FAILED, 0) + copies,
        }
        return by_status.get(self.status, 0) if self.status else sum(by_status.values())

    def takes(self, outcome: RowOutcome | None) -> bool:
        """Does what `RowSelection.takes` promises."""
        return self.status in (None, record_status(self.import_, outcome))


def render_page(name: str, entries: Iterable[JsonObject], page: TalkdeskPage) -> JsonObject:
    """Returns a numbered page of entries under this name."""
    listed = list(entries)
    return {
        "count": len(listed),
        "total": page.total,
        "page": page.page,
        "per_page": page.per_page,
        "_embedded": {name: listed},
        "_links": page.to_links(),
    }


def render_time(epoch_s: int) -> str:
    """Returns a time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_base(document: JsonObject, base: str) -> JsonObject:
    """Returns the document in which every link and target that is a path has become a whole URL."""
    whole = dict(document)
    if isinstance(links := whole.get("_links"), dict):
        whole["_links"] = {name: {"href": _absolute(link["href"], base)} for name, link in links.items()}
    if isinstance(templates := whole.get("_templates"), dict):
        whole["_templates"] = {
            name: {**one, "target": _absolute(one["target"], base)} for name, one in templates.items()
        }
    if isinstance(embedded := whole.get("_embedded"), dict):
        whole["_embedded"] = {name: [with_base(one, base) for one in ones] for name, ones in embedded.items()}
    return whole


def _absolute(href: str, base: str) -> str:
    return base + href if href.startswith("/") else href


def _render_errors(row_outcome: RowOutcome) -> list[JsonObject]:
    return [
        {"field": column_of(problem.field), "code": problem.code.value, "message": problem.message}
        for problem in row_outcome.problems
        if problem.severity is not Severity.WARNING
    ]


def _href(path: str, query: Mapping[str, str] | None = None) -> JsonObject:
    return {"href": f"{path}?{urlencode(query)}" if query else path}
