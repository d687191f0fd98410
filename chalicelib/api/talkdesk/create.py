"""Three ways to create an import, by the type of the body: JSON that asks for a signed URL, a form with a file, or
the CSV itself. The latter two start at once.
"""

from http import HTTPStatus

from chalicelib.api.http.request import body_text, find_header
from chalicelib.api.http.request_model import NoParameters, read_query
from chalicelib.api.http.router import Call
from chalicelib.api.talkdesk.forms import FormFile, read_multipart
from chalicelib.api.talkdesk.hal_forms import cancellation_template
from chalicelib.api.talkdesk.requests import CSV, TalkdeskFileParameters, TalkdeskImportRequest, to_import_request
from chalicelib.api.talkdesk.responses import IMPORTS, TalkdeskAnswer, render_import
from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource, request_import
from chalicelib.imports.downloads import UploadLink, find_upload_link
from chalicelib.imports.uploads import start_import
from chalicelib.model.imports import Import

LARGER = "Ask for a signed URL: POST the type and filename as JSON, and PUT the file to _links.upload.href."
"""What to do with a file that is too large, or takes too long to read."""

JSON, MULTIPART = "application/json", "multipart/form-data"


def create(call: Call) -> TalkdeskAnswer:
    """Creates an import from the body, whatever its type; one without a type counts as JSON, and so does what HAL
    clients send, `application/hal+json`. Raises Refused `unsupported_media_type` for other types.
    """
    content_type = find_header(call.request, ("Content-Type",)) or JSON
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.endswith("+json"):
        media_type = JSON
    create = {JSON: _create_from_json, MULTIPART: _create_from_form, CSV: _create_from_csv}.get(media_type)
    if create is None:
        message = f"Send {JSON}, {MULTIPART} or {CSV}, not {media_type[:80]}."
        raise Refused("unsupported_media_type", message, param="Content-Type")
    return create(call)


def _create_from_json(call: Call) -> TalkdeskAnswer:
    call.query(NoParameters)
    body = call.body(TalkdeskImportRequest)
    request = to_import_request(body.type, body.filename, call.context.limits)
    import_ = request_import(call.context, call.caller, request, body.to_stated_upload())
    return _render_created(import_, find_upload_link(call.context, import_))


def _create_from_form(call: Call) -> TalkdeskAnswer:
    call.query(NoParameters)
    raw = call.request.raw_body
    content_type = find_header(call.request, ("Content-Type",)) or ""
    fields, files = read_multipart(raw.encode() if isinstance(raw, str) else raw, content_type)
    unknown = next((name for name in files if name != "file"), None)
    if unknown is not None:
        raise Refused("invalid_parameter", "Unknown file; call it file.", param=unknown)
    if "file" not in files:
        raise Refused("invalid_parameter", "Required, as a file.", param="file")
    parameters = read_query(TalkdeskFileParameters, {"filename": files["file"].filename} | fields)
    return _start(call, parameters, files["file"])


def _create_from_csv(call: Call) -> TalkdeskAnswer:
    parameters = call.query(TalkdeskFileParameters)
    return _start(call, parameters, FormFile(parameters.filename, _text(call).encode()))


def _text(call: Call) -> str:
    try:
        return body_text(call.request)
    except Refused as refusal:
        message = "The body is not UTF-8. Send it as multipart/form-data, or ask for a signed URL with JSON."
        raise Refused("invalid_encoding", message) from refusal


def _start(call: Call, parameters: TalkdeskFileParameters, file: FormFile) -> TalkdeskAnswer:
    request = to_import_request(parameters.type, parameters.filename, call.context.limits)
    inline = InlineSource(content=file.content, content_type=CSV, param="file", advice=LARGER)
    return _render_created(start_import(call.context, call.caller, request, inline))


def _render_created(import_: Import, upload: UploadLink | None = None) -> TalkdeskAnswer:
    return TalkdeskAnswer(
        body=render_import(import_, upload),
        status=HTTPStatus.CREATED,
        location=f"{IMPORTS}/{import_.import_id}",
        templates=cancellation_template(import_),
    )
