"""The routes of PackageX, and beside them `GET /v1/records`: each parses, asks the operations, and renders. Exports,
schedules and webhooks have routes of their own beside these.

In comes the context of the operations, out goes a blueprint; the scope a route demands stands in the table `ROUTES`.
"""

from collections.abc import Callable
from http import HTTPStatus

from chalice.app import Blueprint

from chalicelib.access.context import Context
from chalicelib.api.http.register_routes import DialectRoutes, register_routes
from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import VOICE
from chalicelib.api.packagex.imports.requests import CreateImport, ListImports, ListRecords, ShowImport, UpdateImport
from chalicelib.api.packagex.imports.responses import (
    Answer,
    Json,
    Links,
    shown_import,
    shown_page,
    shown_record,
    shown_record_page,
)
from chalicelib.api.packagex.imports.schemas import ShownImport
from chalicelib.imports import create, service
from chalicelib.imports.downloads import find_download_link, find_upload_link
from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.imports import Import
from chalicelib.records import service as records


def create_import(call: Call) -> Answer:
    call.query(NoParameters)
    asked = call.body(CreateImport)
    import_ = _requested(call, asked) if asked.is_async else _imported(call, asked)
    message = "Import created. PUT the file to _upload_url." if asked.is_async else "Import created."
    return Answer(message=message, data=_shown(call, import_), status=HTTPStatus.CREATED)


def list_imports(call: Call) -> Answer:
    asked = call.query(ListImports)
    selection = asked.to_selection()
    listing = service.list_imports(call.context, call.caller, selection, page=asked.page, per_page=asked.limit)
    shown = [_shown(call, import_) for import_ in listing.entries]
    return Answer(
        message="Imports retrieved.", data=shown, pagination=shown_page(asked.page, asked.limit, listing.total)
    )


def show_import(call: Call) -> Answer:
    files = call.query(ShowImport).to_files()
    import_ = service.get_import(call.context, call.caller, _import_id(call))
    links = {file: find_download_link(call.context, import_, file) for file in files}
    shown = shown_import(import_, Links(upload=find_upload_link(call.context, import_), files=links))
    return Answer(message="Import retrieved.", data=shown)


def update_import(call: Call) -> Answer:
    """Cancels first: a conflict then leaves the name as it was."""
    call.query(NoParameters)
    asked = call.body(UpdateImport).checked()
    import_ = _canceled(call) if asked.is_canceling else None
    import_ = _renamed(call, asked) if import_ is None or asked.is_renaming else import_
    return Answer(message="Import updated.", data=_shown(call, import_))


def delete_import(call: Call) -> Answer:
    call.query(NoParameters)
    service.delete(call.context, call.caller, _import_id(call))
    return Answer(message="Import deleted.", data={"object": "import", "id": _import_id(call), "deleted": True})


def list_records(call: Call) -> Answer:
    resource = records.get_listed_resource(call.path["resource"])
    query = call.query(ListRecords).to_query()
    page = records.list_records(call.context, call.caller, resource, query)
    shown: list[Json] = [shown_record(resource, record) for record in page.records]
    return Answer(message="Records retrieved.", data=shown, pagination=shown_record_page(query.limit, page.cursor))


def show_record(call: Call) -> Answer:
    call.query(NoParameters)
    resource = records.get_listed_resource(call.path["resource"])
    record = records.get_record(call.context, call.caller, resource, RecordId(call.path["record_id"]))
    return Answer(message="Record retrieved.", data=shown_record(resource, record))


ROUTES = (
    Route("POST", "/v1/imports", Scope.IMPORTS_WRITE, create_import),
    Route("GET", "/v1/imports", Scope.IMPORTS_READ, list_imports),
    Route("GET", "/v1/imports/{import_id}", Scope.IMPORTS_READ, show_import),
    Route("POST", "/v1/imports/{import_id}", Scope.IMPORTS_WRITE, update_import),
    Route("DELETE", "/v1/imports/{import_id}", Scope.IMPORTS_WRITE, delete_import),
    Route("GET", "/v1/records/{resource}", Scope.RECORDS_READ, list_records),
    Route("GET", "/v1/records/{resource}/{record_id}", Scope.RECORDS_READ, show_record),
)

UNKNOWN_PATHS = (
    "/v1",
    "/v1/records",
    "/v1/{proxy+}",
    "/v1/imports/{import_id}/{proxy+}",
    "/v1/records/{resource}/{record_id}/{proxy+}",
)


def import_routes(context: Callable[[], Context]) -> Blueprint:
    return register_routes(__name__, DialectRoutes(routes=ROUTES, unknown_paths=UNKNOWN_PATHS, voice=VOICE), context)


def _requested(call: Call, asked: CreateImport) -> Import:
    return create.request_import(call.context, call.caller, asked.to_wanted(), asked.to_stated())


def _imported(call: Call, asked: CreateImport) -> Import:
    inline = asked.to_inline(limit_bytes=call.context.limits.inline_upload_bytes)
    return create.import_now(call.context, call.caller, asked.to_wanted(), inline)


def _canceled(call: Call) -> Import:
    return service.cancel(call.context, call.caller, _import_id(call))


def _renamed(call: Call, asked: UpdateImport) -> Import:
    return service.rename(call.context, call.caller, _import_id(call), asked.name)


def _shown(call: Call, import_: Import) -> ShownImport:
    return shown_import(import_, Links(upload=find_upload_link(call.context, import_)))


def _import_id(call: Call) -> ImportId:
    return service.to_import_id(call.path["import_id"])
