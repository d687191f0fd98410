"""The routes of Talkdesk. Each view parses, calls a service, and renders; `ROUTES` says which scope it needs."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request import BaseUrl, query_values
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import Document
from chalicelib.api.http.router import Call, OpenRoute, Route
from chalicelib.api.talkdesk import TEMPLATES, TYPES, USERS
from chalicelib.api.talkdesk.adapter import make_adapter, requires_accept
from chalicelib.api.talkdesk.content_negotiation import CSV, DOCUMENTS
from chalicelib.api.talkdesk.create import create
from chalicelib.api.talkdesk.hal_forms import cancellation_template, creation_template
from chalicelib.api.talkdesk.oauth import issue_token
from chalicelib.api.talkdesk.requests import (
    TalkdeskImportUpdate,
    TalkdeskPageQuery,
    TalkdeskRecordsQuery,
    TalkdeskTemplateQuery,
)
from chalicelib.api.talkdesk.responses import (
    IMPORTS,
    RecordsOfStatus,
    TalkdeskAnswer,
    TalkdeskPage,
    render_import,
    render_page,
    render_record,
)
from chalicelib.errors import NotFound
from chalicelib.formats.csv.writer import DelimitedLines
from chalicelib.imports import service
from chalicelib.imports.downloads import find_upload_link
from chalicelib.imports.rows import list_numbered_rows
from chalicelib.model.api_keys import Scope
from chalicelib.model.imports import Import
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.retention import DAY_S, day_of
from chalicelib.model.write_options import Rendering


@requires_accept(*DOCUMENTS)
def create_import(call: Call) -> TalkdeskAnswer:
    """Creates an import of users and answers with it."""
    return create(call)


@requires_accept(*DOCUMENTS)
def list_imports(call: Call) -> TalkdeskAnswer:
    """Answers with a page of imports of users, those through other dialects included."""
    query = call.query(TalkdeskPageQuery)
    selection = ImportFilter(resources=frozenset({USERS.name}), with_previews=False, since=_since(call))
    listing = service.list_imports(call.context, call.caller, selection, page=query.page, per_page=query.per_page)
    entries = [render_import(import_) for import_ in listing.entries]
    body = render_page("imports", entries, _page(call, query, IMPORTS, listing.total))
    return TalkdeskAnswer(body=body, templates=creation_template() if _may_write(call) else {})


@requires_accept(*DOCUMENTS)
def show_import(call: Call) -> TalkdeskAnswer:
    """Answers with an import of users."""
    call.query(NoParameters)
    import_ = _get_import(call)
    body = render_import(import_, find_upload_link(call.context, import_))
    return TalkdeskAnswer(body=body, templates=cancellation_template(import_) if _may_write(call) else {})


@requires_accept(*DOCUMENTS)
def update_import(call: Call) -> TalkdeskAnswer:
    """Cancels an import and answers with it."""
    call.query(NoParameters)
    call.body(TalkdeskImportUpdate)
    import_ = service.cancel(call.context, call.caller, _get_import(call).import_id)
    return TalkdeskAnswer(body=render_import(import_))


@requires_accept(*DOCUMENTS)
def list_records(call: Call) -> TalkdeskAnswer:
    """Answers with a page of an import's rows and what became of them."""
    query = call.query(TalkdeskRecordsQuery)
    import_ = _get_import(call)
    selection = RecordsOfStatus(import_, query.status)
    listing = list_numbered_rows(call.context, import_, selection, page=query.page, per_page=query.per_page)
    entries = [render_record(import_, row) for row in listing.rows]
    path = f"{IMPORTS}/{import_.import_id}/records"
    page = TalkdeskPage(
        path=path,
        page=listing.page,
        per_page=listing.per_page,
        total=listing.total,
        said=query_values(call.request),
        is_shortened=listing.per_page < query.per_page,
    )
    return TalkdeskAnswer(body=render_page("records", entries, page))


@requires_accept(CSV)
def show_template(call: Call) -> Document:
    """Answers with the header line of a type, as a CSV file."""
    type_ = call.query(TalkdeskTemplateQuery).type
    content = b"".join(DelimitedLines(Rendering()).each_chunk([TEMPLATES[TYPES[type_]]]))
    filename = f"{type_.lower()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Document(content=content, content_type=CSV, filename=filename, headers=headers)


ONE = f"{IMPORTS}/{{import_id}}"

ROUTES = (
    Route("POST", IMPORTS, Scope.IMPORTS_WRITE, create_import),
    Route("GET", IMPORTS, Scope.IMPORTS_READ, list_imports, is_polled=True),
    Route("GET", f"{IMPORTS}/template", Scope.IMPORTS_READ, show_template),
    Route("GET", ONE, Scope.IMPORTS_READ, show_import, is_polled=True),
    Route("PATCH", ONE, Scope.IMPORTS_WRITE, update_import),
    Route("PUT", ONE, Scope.IMPORTS_WRITE, update_import),
    Route("GET", f"{ONE}/records", Scope.IMPORTS_READ, list_records, is_polled=True),
)

OPEN_ROUTES = (OpenRoute("POST", "/oauth/token", issue_token),)


def talkdesk_routes(context: Callable[[], Context], base: BaseUrl) -> Blueprint:
    """Returns the routes as Chalice takes them; the context is made with the first request."""
    dialect = DialectRoutes(
        routes=ROUTES, open_routes=OPEN_ROUTES, roots=("/bulk-imports", "/oauth"), adapter=make_adapter(base)
    )
    return register_routes(__name__, dialect, context)


def _get_import(call: Call) -> Import:
    """Returns the import of the path. Raises NotFound for imports of other resources, and for those that are
    too old.
    """
    import_ = service.get_import(call.context, call.caller, service.to_import_id(call.path["import_id"]))
    if import_.resource != USERS.name or import_.created_at < _since(call):
        raise NotFound("import_not_found", f"There is no import {import_.import_id!r}.")
    return import_


def _may_write(call: Call) -> bool:
    return Scope.IMPORTS_WRITE in call.caller.scopes


def _since(call: Call) -> int:
    """Returns the beginning of the first day of which imports are shown; today is the last."""
    days = call.context.limits.talkdesk_history_s // DAY_S
    return (day_of(call.context.clock()) - days + 1) * DAY_S


def _page(call: Call, query: TalkdeskPageQuery, path: str, total: int) -> TalkdeskPage:
    return TalkdeskPage(
        path=path, page=query.page, per_page=query.per_page, total=total, said=query_values(call.request)
    )
