"""The routes of cStar: each parses, asks the operations, and renders.

In comes the context of the operations, out goes a blueprint; the scope a route demands stands in the table `ROUTES`.
"""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.api.answering import Call, Route
from chalicelib.api.declaring import Surface, declared
from chalicelib.api.fitting import Document
from chalicelib.api.said import Nothing
from chalicelib.api.teams import NOUNS
from chalicelib.api.teams.answering import Clock, of_team, voice
from chalicelib.api.teams.exporting import csv_export, each_selected, json_export
from chalicelib.api.teams.requests import CreateExport, ImportRecords, ListLogs
from chalicelib.api.teams.responses import Answer, shown_log, shown_pagination, shown_result
from chalicelib.model.keys import Scope
from chalicelib.operations import creation, imports
from chalicelib.operations.context import Context
from chalicelib.operations.imports import Selection


@of_team
def run_import(call: Call) -> Answer:
    call.query(Nothing)
    asked = call.body(ImportRecords)
    inline = asked.to_inline(limit=call.context.limits.team_import_records)
    arrived = creation.run_import(call.context, call.caller, asked.to_wanted(), inline)
    return Answer(data=shown_result(arrived), name="import_result")


@of_team
def list_logs(call: Call) -> Answer:
    """Imports of every dialect, as far as their resources have a name here."""
    asked = call.query(ListLogs)
    selection = Selection(resources=frozenset(NOUNS))
    listing = imports.list_imports(call.context, call.caller, selection, page=asked.page, per_page=asked.page_size)
    pagination = shown_pagination(asked.page, asked.page_size, listing.total)
    logs = [shown_log(import_) for import_ in listing.imports]
    return Answer(data=logs, name="imports", pagination=pagination)


@of_team
def create_export(call: Call) -> Answer | Document:
    call.query(Nothing)
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


def teams_routes(context: Callable[[], Context], now: Clock) -> Blueprint:
    return declared(__name__, Surface(routes=ROUTES, unknown_paths=UNKNOWN_PATHS, voice=voice(now)), context)
