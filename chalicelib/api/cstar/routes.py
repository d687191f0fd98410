"""The routes of cStar: each parses, asks the operations, and renders.

In comes the context of the operations, out goes a blueprint; the scope a route demands stands in the table `ROUTES`.
"""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.cstar import NOUNS
from chalicelib.api.cstar.envelope import Clock, of_team, voice
from chalicelib.api.cstar.exports import csv_export, each_selected, json_export
from chalicelib.api.cstar.requests import CreateExport, ImportRecords, ListLogs
from chalicelib.api.cstar.responses import Answer, shown_log, shown_pagination, shown_result
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import Document
from chalicelib.api.http.router import Call, Route
from chalicelib.imports import create, service
from chalicelib.imports.service import ImportFilter
from chalicelib.model.api_keys import Scope


@of_team
def run_import(call: Call) -> Answer:
    call.query(NoParameters)
    asked = call.body(ImportRecords)
    inline = asked.to_inline(limit=call.context.limits.team_import_records)
    arrived = create.run_import(call.context, call.caller, asked.to_wanted(), inline)
    return Answer(data=shown_result(arrived), name="import_result")


@of_team
def list_logs(call: Call) -> Answer:
    """Imports of every dialect, as far as their resources have a name here."""
    asked = call.query(ListLogs)
    selection = ImportFilter(resources=frozenset(NOUNS))
    listing = service.list_imports(call.context, call.caller, selection, page=asked.page, per_page=asked.page_size)
    pagination = shown_pagination(asked.page, asked.page_size, listing.total)
    logs = [shown_log(import_) for import_ in listing.entries]
    return Answer(data=logs, name="imports", pagination=pagination)


@of_team
def create_export(call: Call) -> Answer | Document:
    call.query(NoParameters)
    asked = call.body(CreateExport)
    selections = list(each_selected(call, asked.to_chosen()))
    return csv_export(selections[0], asked.formulas) if asked.format == "csv" else json_export(selections)


IMPORT = "/api/v1/teams/{team_id}/import"
EXPORT = "/api/v1/teams/{team_id}/export"

ROUTES = (
    Route("POST", IMPORT, Scope.IMPORTS_WRITE, run_import),
    Route("GET", IMPORT, Scope.IMPORTS_READ, list_logs),
    Route("POST", EXPORT, Scope.EXPORTS_READ, create_export),
)

UNKNOWN_PATHS = (
    "/api/v1/teams",
    "/api/v1/teams/{team_id}",
    "/api/v1/teams/{team_id}/{proxy+}",
    f"{IMPORT}/{{proxy+}}",
    f"{EXPORT}/{{proxy+}}",
)


def cstar_routes(context: Callable[[], Context], now: Clock) -> Blueprint:
    return register_routes(
        __name__, DialectRoutes(routes=ROUTES, unknown_paths=UNKNOWN_PATHS, voice=voice(now)), context
    )
