"""The routes of cStar. Each view parses, calls a service, and renders; `ROUTES` says which scope it needs."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.cstar import CSTAR_RESOURCES
from chalicelib.api.cstar.adapter import make_adapter, of_team
from chalicelib.api.cstar.exports import each_export, render_csv, render_json
from chalicelib.api.cstar.requests import (
    CStarExportQuery,
    CStarExportRequest,
    CStarImportRequest,
    CStarLogsQuery,
)
from chalicelib.api.cstar.responses import CStarAnswer, render_import_result, render_log, render_pagination
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import Document
from chalicelib.api.http.router import Call, Route
from chalicelib.imports import create, service
from chalicelib.model.api_keys import Scope
from chalicelib.model.list_filters import ImportFilter


@of_team
def run_import(call: Call) -> CStarAnswer:
    """Imports the records inside the request and answers with the result."""
    call.query(NoParameters)
    body = call.body(CStarImportRequest)
    inline = body.to_inline(limit=call.context.limits.cstar_import_records)
    result = create.run_import(call.context, call.caller, body.to_request(), inline)
    return CStarAnswer(data=render_import_result(result), name="import_result")


@of_team
def list_logs(call: Call) -> CStarAnswer:
    """Answers with a page of imports through every dialect, as far as cStar has their resources."""
    query = call.query(CStarLogsQuery)
    selection = ImportFilter(resources=frozenset(CSTAR_RESOURCES), with_previews=False)
    listing = service.list_imports(call.context, call.caller, selection, page=query.page, per_page=query.page_size)
    pagination = render_pagination(query.page, query.page_size, listing.total)
    logs = [render_log(import_) for import_ in listing.entries]
    return CStarAnswer(data=logs, name="imports", pagination=pagination)


@of_team
def create_export(call: Call) -> CStarAnswer | Document:
    """Answers with the selected records, as JSON or as a CSV file."""
    call.query(NoParameters)
    body = call.body(CStarExportRequest)
    selections = list(each_export(call, body.to_selections()))
    return render_csv(selections[0], body.formulas) if body.format == "csv" else render_json(selections)


@of_team
def export_by_query(call: Call) -> CStarAnswer | Document:
    """Answers with the selected records of one resource, as JSON or as a CSV file."""
    query = call.query(CStarExportQuery)
    [selected] = each_export(call, [query.to_selection()])
    return render_csv(selected, query.formulas) if query.format == "csv" else render_json([selected])


IMPORT = "/api/v1/teams/{team_id}/import"
EXPORT = "/api/v1/teams/{team_id}/export"

ROUTES = (
    Route("POST", IMPORT, Scope.IMPORTS_WRITE, run_import),
    Route("GET", IMPORT, Scope.IMPORTS_READ, list_logs, is_polled=True),
    Route("POST", EXPORT, Scope.EXPORTS_READ, create_export),
    Route("GET", EXPORT, Scope.EXPORTS_READ, export_by_query),
)


def cstar_routes(context: Callable[[], Context], now: Callable[[], int]) -> Blueprint:
    """Returns the routes as Chalice takes them; the context is made with the first request. `now` tells epoch
    seconds.
    """
    return register_routes(
        __name__, DialectRoutes(routes=ROUTES, roots=("/api/v1/teams",), adapter=make_adapter(now)), context
    )
