"""The routes of records, `GET /v1/records`, which are ours. Each view parses, calls the service, and renders."""

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import JsonObject
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer, render_cursor_page
from chalicelib.api.packagex.records.requests import PackageXRecordsQuery
from chalicelib.api.packagex.records.responses import render_record
from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import RecordId
from chalicelib.records import service as records


def list_records(call: Call) -> PackageXAnswer:
    """Answers with a page of a resource's records."""
    resource = records.get_listed_resource(call.path["resource"])
    query = call.query(PackageXRecordsQuery).to_query()
    page = records.list_records(call.context, call.caller, resource, query)
    data: list[JsonObject] = [render_record(resource, record) for record in page.records]
    return PackageXAnswer(
        message="Records retrieved.", data=data, pagination=render_cursor_page(query.limit, page.cursor)
    )


def show_record(call: Call) -> PackageXAnswer:
    """Answers with one record."""
    call.query(NoParameters)
    resource = records.get_listed_resource(call.path["resource"])
    record = records.get_record(call.context, call.caller, resource, RecordId(call.path["record_id"]))
    return PackageXAnswer(message="Record retrieved.", data=render_record(resource, record))


ROUTES = (
    Route("GET", "/v1/records/{resource}", Scope.RECORDS_READ, list_records),
    Route("GET", "/v1/records/{resource}/{record_id}", Scope.RECORDS_READ, show_record),
)
