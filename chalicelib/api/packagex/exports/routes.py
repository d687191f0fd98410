"""The routes of asynchronous exports. Each view parses, calls the service, and renders."""

from http import HTTPStatus

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer, render_page
from chalicelib.api.packagex.exports.requests import (
    PackageXExportQuery,
    PackageXExportRequest,
    PackageXExportsQuery,
    PackageXExportUpdate,
)
from chalicelib.api.packagex.exports.responses import render_export
from chalicelib.exports import service
from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import ExportId


def create_export(call: Call) -> PackageXAnswer:
    """Queues an export and answers with it."""
    call.query(NoParameters)
    request = call.body(PackageXExportRequest).to_request(call.context.limits)
    export = service.request_export(call.context, call.caller, request)
    return PackageXAnswer(
        message="Export created.",
        data=render_export(export, {}),
        status=HTTPStatus.CREATED,
        location=f"/v1/exports/{export.export_id}",
    )


def list_exports(call: Call) -> PackageXAnswer:
    """Answers with a page of exports, newest first."""
    query = call.query(PackageXExportsQuery)
    filter_ = query.to_filter()
    listing = service.list_exports(call.context, call.caller, filter_, page=query.page, per_page=query.limit)
    data = [render_export(export, {}) for export in listing.entries]
    pagination = render_page(query.page, query.limit, listing.total)
    return PackageXAnswer(message="Exports retrieved.", data=data, pagination=pagination)


def show_export(call: Call) -> PackageXAnswer:
    """Answers with an export and links to the files that are asked for."""
    formats = call.query(PackageXExportQuery).to_files()
    export = service.get_export(call.context, call.caller, _export_id(call))
    links = {format_: service.find_link(call.context, export, format_) for format_ in formats}
    return PackageXAnswer(message="Export retrieved.", data=render_export(export, links))


def update_export(call: Call) -> PackageXAnswer:
    """Cancels an export, renames it, or both. It cancels first: a conflict then leaves the name as it was."""
    call.query(NoParameters)
    body = call.body(PackageXExportUpdate).validated()
    export = service.cancel(call.context, call.caller, _export_id(call)) if body.status else None
    if export is None or body.is_renaming:
        export = service.rename(call.context, call.caller, _export_id(call), body.name)
    return PackageXAnswer(message="Export updated.", data=render_export(export, {}))


def delete_export(call: Call) -> PackageXAnswer:
    """Deletes an export that has ended, with its files."""
    call.query(NoParameters)
    service.delete(call.context, call.caller, _export_id(call))
    return PackageXAnswer(message="Export deleted.", data={"object": "export", "id": _export_id(call), "deleted": True})


ROUTES = (
    Route("POST", "/v1/exports", Scope.EXPORTS_WRITE, create_export),
    Route("GET", "/v1/exports", Scope.EXPORTS_READ, list_exports, is_polled=True),
    Route("GET", "/v1/exports/{export_id}", Scope.EXPORTS_READ, show_export, is_polled=True),
    Route("POST", "/v1/exports/{export_id}", Scope.EXPORTS_WRITE, update_export),
    Route("DELETE", "/v1/exports/{export_id}", Scope.EXPORTS_WRITE, delete_export),
)


def _export_id(call: Call) -> ExportId:
    return service.to_export_id(call.path["export_id"])
