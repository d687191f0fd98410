"""The routes of imports. Each view parses, calls the service, and renders; `ROUTES` says which scope it needs."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer, render_cursor_page, render_page
from chalicelib.api.packagex.imports.requests import (
    PackageXImportQuery,
    PackageXImportRequest,
    PackageXImportsQuery,
    PackageXImportUpdate,
    PackageXUndoRequest,
)
from chalicelib.api.packagex.imports.responses import ImportLinks, render_import, render_row
from chalicelib.api.packagex.imports.retry_requests import PackageXRetryRequest
from chalicelib.api.packagex.imports.row_requests import PackageXRowsQuery
from chalicelib.api.packagex.imports.schemas import PackageXImport
from chalicelib.api.packagex.imports.session_rules import admits_file, admits_own, admits_update
from chalicelib.api.packagex.imports.source_requests import PackageXSourceBeginning
from chalicelib.api.packagex.imports.source_responses import render_source
from chalicelib.imports import create, held, profiles, service, sessions
from chalicelib.imports.confirm import confirm
from chalicelib.imports.downloads import find_download_link, find_part_links, find_upload_link
from chalicelib.imports.inspected_source import show_beginning, show_source
from chalicelib.imports.redrive import redrive
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.retry import retry
from chalicelib.imports.rows import list_rows
from chalicelib.imports.undo import undo
from chalicelib.imports.upload_parts import FIRST_PARTS
from chalicelib.imports.uploads import receive_sent
from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.object_keys import ResultFile


def create_import(call: Call) -> PackageXAnswer:
    """Creates an import, which waits for its file or runs as far as a request may, and answers with it."""
    call.query(NoParameters)
    body = call.body(PackageXImportRequest)
    import_ = _request_import(call, body) if body.is_async else _import_now(call, body)
    if call.caller.session:
        sessions.take_file(call.context, call.caller, import_)
    message = "Import created."
    if body.is_async:
        message += " PUT its parts to _upload_parts." if body.parts else " PUT the file to _upload_url."
    return _created(call, import_, message)


def list_imports(call: Call) -> PackageXAnswer:
    """Answers with a page of imports, newest first."""
    query = call.query(PackageXImportsQuery)
    selection = query.to_filter()
    listing = service.list_imports(call.context, call.caller, selection, page=query.page, per_page=query.limit)
    data = [_render(call, import_) for import_ in listing.entries]
    return PackageXAnswer(
        message="Imports retrieved.", data=data, pagination=render_page(query.page, query.limit, listing.total)
    )


def show_import(call: Call) -> PackageXAnswer:
    """Answers with an import and links to the files that are asked for."""
    query = call.query(PackageXImportQuery)
    files, parts = query.to_files(), query.to_parts(call.context.limits)
    import_ = service.get_import(call.context, call.caller, _import_id(call))
    links = {file: find_download_link(call.context, import_, file) for file in files}
    data = _render(call, import_, parts, files=links)
    return PackageXAnswer(message="Import retrieved.", data=data)


def list_import_rows(call: Call) -> PackageXAnswer:
    """Answers with rows of an import that has ended, and what became of them."""
    query = call.query(PackageXRowsQuery)
    import_ = service.get_import(call.context, call.caller, _import_id(call))
    found = list_rows(call.context, import_, query.to_filter(), cursor=query.cursor, limit=query.limit)
    data = [render_row(row) for row in found.rows]
    return PackageXAnswer(
        message="Rows retrieved.", data=data, pagination=render_cursor_page(query.limit, found.cursor)
    )


def show_import_source(call: Call) -> PackageXAnswer:
    """Answers with what the source of an import looks like that is held or has ended."""
    call.query(NoParameters)
    shown = show_source(call.context, call.caller, _import_id(call))
    return PackageXAnswer(message="Source retrieved.", data=render_source(shown))


def show_beginning_of_source(call: Call) -> PackageXAnswer:
    """Answers with what the source of an import looks like by its first bytes, which came along."""
    call.query(NoParameters)
    content = call.body(PackageXSourceBeginning).to_content(limit_bytes=call.context.limits.inline_upload_bytes)
    shown = show_beginning(call.context, call.caller, _import_id(call), content)
    return PackageXAnswer(message="Beginning of the source looked at.", data=render_source(shown))


def update_import(call: Call) -> PackageXAnswer:
    """Cancels an import, begins it with the file that was sent, changes its options, lets it go, and renames it, as far
    as that is asked for, and in this order: a conflict leaves the rest as it was. Of a preview that is confirmed the
    answer is the import that is made of it."""
    call.query(NoParameters)
    body = call.body(PackageXImportUpdate).validated()
    if body.is_confirming:
        return _created(call, _confirm(call, body))
    import_ = _cancel(call) if body.is_canceling else _receive_sent(call) if body.is_uploaded else None
    if changes := body.to_options():
        import_ = held.change_options(call.context, call.caller, _import_id(call), changes)
    import_ = _queue(call) if body.is_queueing else import_
    import_ = _rename(call, body) if import_ is None or body.is_renaming else import_
    return PackageXAnswer(message="Import updated.", data=_render(call, import_))


def undo_import(call: Call) -> PackageXAnswer:
    """Makes the undo of an import, or a preview of it, and answers with it."""
    call.query(NoParameters)
    body = call.body(PackageXUndoRequest)
    return _created(call, undo(call.context, call.caller, _import_id(call), is_preview=body.preview))


def retry_import(call: Call) -> PackageXAnswer:
    """Answers with the import that tries rows of another one again."""
    call.query(NoParameters)
    wanted = call.body(PackageXRetryRequest).to_request()
    return _created(call, retry(call.context, call.caller, _import_id(call), wanted))


def delete_import(call: Call) -> PackageXAnswer:
    """Deletes an import that has ended, with its files."""
    call.query(NoParameters)
    service.delete(call.context, call.caller, _import_id(call))
    return PackageXAnswer(message="Import deleted.", data={"object": "import", "id": _import_id(call), "deleted": True})


_ONE = "/v1/imports/{import_id}"

ROUTES = (
    Route("POST", "/v1/imports", Scope.IMPORTS_WRITE, create_import, admits_session=admits_file),
    Route("GET", "/v1/imports", Scope.IMPORTS_READ, list_imports, is_polled=True),
    Route("GET", _ONE, Scope.IMPORTS_READ, show_import, is_polled=True, admits_session=admits_own),
    Route("GET", f"{_ONE}/rows", Scope.IMPORTS_READ, list_import_rows, admits_session=admits_own),
    Route("GET", f"{_ONE}/source", Scope.IMPORTS_READ, show_import_source, admits_session=admits_own),
    Route("POST", f"{_ONE}/source", Scope.IMPORTS_WRITE, show_beginning_of_source, admits_session=admits_own),
    Route("POST", _ONE, Scope.IMPORTS_WRITE, update_import, admits_session=admits_update),
    Route("POST", f"{_ONE}/undo", Scope.IMPORTS_UNDO, undo_import, admits_session=admits_own),
    Route("POST", f"{_ONE}/retry", Scope.IMPORTS_WRITE, retry_import, admits_session=admits_own),
    Route("DELETE", _ONE, Scope.IMPORTS_WRITE, delete_import),
)


def _request_import(call: Call, body: PackageXImportRequest) -> Import:
    return create.request_import(call.context, call.caller, _whole_request(call, body), body.to_stated_upload())


def _import_now(call: Call, body: PackageXImportRequest) -> Import:
    inline = body.to_inline(limit_bytes=call.context.limits.inline_upload_bytes)
    return create.import_now(call.context, call.caller, _whole_request(call, body), inline)


def _whole_request(call: Call, body: PackageXImportRequest) -> ImportRequest:
    """Settings stand behind the profile, and the profile behind the body."""

    def with_defaults(wanted: ImportRequest) -> ImportRequest:
        wanted = profiles.with_defaults(call.context, call.caller.tenant_id, wanted)
        if body.profile is None:
            return sessions.with_session_profile(call.context, call.caller, wanted)
        profile = profiles.find_profile(call.context, call.caller.tenant_id, body.profile)
        return profiles.with_profile(wanted, profile)

    return body.to_request(with_defaults)


def _cancel(call: Call) -> Import:
    return service.cancel(call.context, call.caller, _import_id(call))


def _queue(call: Call) -> Import:
    """What is held is let go, and what has broken off goes on."""
    import_ = service.get_import(call.context, call.caller, _import_id(call))
    queue = redrive if import_.is_final else held.let_go
    return queue(call.context, call.caller, import_.import_id)


def _confirm(call: Call, body: PackageXImportUpdate) -> Import:
    if call.caller.session:
        sessions.mark_confirmed(call.context, call.caller, _import_id(call))
    child = confirm(call.context, call.caller, _import_id(call), is_strict=bool(body.strict))
    return service.rename(call.context, call.caller, child.import_id, body.name) if body.is_renaming else child


def _receive_sent(call: Call) -> Import:
    return receive_sent(call.context, call.caller, _import_id(call))


def _created(call: Call, import_: Import, message: str = "Import created.") -> PackageXAnswer:
    return PackageXAnswer(
        message=message,
        data=_render(call, import_, FIRST_PARTS, is_new=True),
        status=HTTPStatus.CREATED,
        location=f"/v1/imports/{import_.import_id}",
    )


def _rename(call: Call, body: PackageXImportUpdate) -> Import:
    return service.rename(call.context, call.caller, _import_id(call), body.name)


def _render(
    call: Call,
    import_: Import,
    parts: range = range(0),
    *,
    files: Mapping[ResultFile, str | None] = MappingProxyType({}),
    is_new: bool = False,
) -> PackageXImport:
    links = find_part_links(call.context, import_, parts, is_new=is_new)
    shown = ImportLinks(upload=find_upload_link(call.context, import_), parts=links, files=files)
    return render_import(import_, shown, now=call.context.clock())


def _import_id(call: Call) -> ImportId:
    return service.to_import_id(call.path["import_id"])
