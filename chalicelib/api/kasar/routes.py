"""The routes of Kasar. Each view parses, calls a service, and renders; both are for administrators."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import Document, sized_response
from chalicelib.api.http.router import Call, DialectAdapter, Route, bearer_secret
from chalicelib.api.kasar import errors, get_object
from chalicelib.api.kasar.requests import KasarExportQuery, KasarImportRequest
from chalicelib.api.kasar.responses import render_csv, render_import_result, render_json
from chalicelib.exports.sync import select_records
from chalicelib.imports.create import run_import
from chalicelib.model.api_keys import Scope

ADAPTER = DialectAdapter(
    find_secret=bearer_secret,
    render_answer=sized_response,
    render_refusal=errors.render_refusal,
    render_unavailable=errors.render_unavailable,
    render_internal_error=errors.render_internal_error,
    render_rate_limit=errors.with_policy,
)


def import_records(call: Call) -> Document:
    """Imports the records inside the request and answers with the result."""
    resource = get_object(call.path["object"])
    call.query(NoParameters)
    body = call.body(KasarImportRequest)
    inline = body.to_inline(call.context.limits)
    return render_import_result(resource, run_import(call.context, call.caller, body.to_request(resource), inline))


def export_records(call: Call) -> Document:
    """Answers with the selected records, as JSON or as a CSV file."""
    resource = get_object(call.path["object"])
    query = call.query(KasarExportQuery)
    selected = select_records(call.context, call.caller, resource, query.to_selection(call.context.limits))
    if query.format == "csv":
        return render_csv(resource, selected, query.formulas)
    return render_json(resource, selected)


ROUTES = (
    Route("POST", "/api/v1/import/{object}", Scope.ADMIN, import_records),
    Route("GET", "/api/v1/export/{object}", Scope.ADMIN, export_records),
)


def kasar_routes(context: Callable[[], Context]) -> Blueprint:
    """Returns the routes as Chalice takes them; the context is made with the first request."""
    return register_routes(__name__, DialectRoutes(routes=ROUTES, roots=("/api",), adapter=ADAPTER), context)
