"""The routes of Talkdesk: each parses, asks the operations, and renders.

In comes the context of the operations, out goes a blueprint; the scope a route demands stands in the table `ROUTES`.
"""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request import query_values
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import Document
from chalicelib.api.http.router import Call, OpenRoute, Route
from chalicelib.api.talkdesk import TEMPLATES, TYPES, USERS
from chalicelib.api.talkdesk.adapter import Base, speaking, voice
from chalicelib.api.talkdesk.content_negotiation import CSV, DOCUMENTS
from chalicelib.api.talkdesk.create import created
from chalicelib.api.talkdesk.hal_forms import cancellation, creation
from chalicelib.api.talkdesk.oauth import issue_token
from chalicelib.api.talkdesk.requests import ListRecords, Paged, Template, UpdateImport
from chalicelib.api.talkdesk.responses import (
    IMPORTS,
    Answer,
    Page,
    record_status,
    shown_import,
    shown_page,
    shown_record,
)
from chalicelib.errors import NotFound
from chalicelib.formats.csv.writer import DelimitedLines
from chalicelib.imports import service
from chalicelib.imports.downloads import find_upload_link
from chalicelib.imports.rows import list_rows
from chalicelib.imports.service import ImportFilter
from chalicelib.model.api_keys import Scope
from chalicelib.model.imports import Import
from chalicelib.model.write_options import Rendering


@speaking(*DOCUMENTS)
def create_import(call: Call) -> Answer:
    return created(call)


@speaking(*DOCUMENTS)
def list_imports(call: Call) -> Answer:
    """Imports of users through every dialect."""
    asked = call.query(Paged)
    selection = ImportFilter(resources=frozenset({USERS.name}), since=_since(call))
    listing = service.list_imports(call.context, call.caller, selection, page=asked.page, per_page=asked.per_page)
    entries = [shown_import(import_) for import_ in listing.entries]
    body = shown_page("imports", entries, _page(call, asked, IMPORTS, listing.total))
    return Answer(body=body, templates=creation() if _may_write(call) else {})


@speaking(*DOCUMENTS)
def show_import(call: Call) -> Answer:
    call.query(NoParameters)
    import_ = _get_import(call)
    body = shown_import(import_, find_upload_link(call.context, import_))
    return Answer(body=body, templates=cancellation(import_) if _may_write(call) else {})


@speaking(*DOCUMENTS)
def update_import(call: Call) -> Answer:
    """Cancels."""
    call.query(NoParameters)
    call.body(UpdateImport)
    import_ = service.cancel(call.context, call.caller, _get_import(call).import_id)
    return Answer(body=shown_import(import_))


@speaking(*DOCUMENTS)
def list_records(call: Call) -> Answer:
    asked = call.query(ListRecords)
    import_ = _get_import(call)
    selects = asked.to_selects(import_, record_status)
    listing = list_rows(call.context, import_, selects, page=asked.page, per_page=asked.per_page)
    entries = [shown_record(import_, row) for row in listing.rows]
    path = f"{IMPORTS}/{import_.import_id}/records"
    return Answer(body=shown_page("records", entries, _page(call, asked, path, listing.total)))


@speaking(CSV)
def show_template(call: Call) -> Document:
    type_ = call.query(Template).type
    content = b"".join(DelimitedLines(Rendering()).each_chunk([TEMPLATES[TYPES[type_]]]))
    filename = f"{type_.lower()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Document(content=content, content_type=CSV, filename=filename, headers=headers)


ONE = f"{IMPORTS}/{{import_id}}"

ROUTES = (
    Route("POST", IMPORTS, Scope.IMPORTS_WRITE, create_import),
    Route("GET", IMPORTS, Scope.IMPORTS_READ, list_imports),
    Route("GET", f"{IMPORTS}/template", Scope.IMPORTS_READ, show_template),
    Route("GET", ONE, Scope.IMPORTS_READ, show_import),
    Route("PATCH", ONE, Scope.IMPORTS_WRITE, update_import),
    Route("PUT", ONE, Scope.IMPORTS_WRITE, update_import),
    Route("GET", f"{ONE}/records", Scope.IMPORTS_READ, list_records),
)

OPEN_ROUTES = (OpenRoute("POST", "/oauth/token", issue_token),)

UNKNOWN_PATHS = (
    "/bulk-imports",
    "/bulk-imports/{proxy+}",
    f"{IMPORTS}/template/{{proxy+}}",
    f"{ONE}/{{proxy+}}",
    f"{ONE}/records/{{proxy+}}",
    "/oauth",
    "/oauth/{proxy+}",
    "/oauth/token/{proxy+}",
)


def talkdesk_routes(context: Callable[[], Context], base: Base) -> Blueprint:
    surface = DialectRoutes(routes=ROUTES, open_routes=OPEN_ROUTES, unknown_paths=UNKNOWN_PATHS, voice=voice(base))
    return register_routes(__name__, surface, context)


def _get_import(call: Call) -> Import:
    """Raises NotFound for imports of other resources, and for those that are too old."""
    import_ = service.get_import(call.context, call.caller, service.to_import_id(call.path["import_id"]))
    if import_.resource != USERS.name or import_.created_at < _since(call):
        raise NotFound("import_not_found", f"There is no import {import_.import_id!r}.")
    return import_


def _may_write(call: Call) -> bool:
    return Scope.IMPORTS_WRITE in call.caller.scopes


def _since(call: Call) -> int:
    return call.context.clock() - call.context.limits.user_history_s


def _page(call: Call, asked: Paged, path: str, total: int) -> Page:
    return Page(path=path, page=asked.page, per_page=asked.per_page, total=total, said=query_values(call.request))
