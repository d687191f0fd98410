"""`Idempotency-Key`: a repeated request gets the first response again instead of being performed again.

In comes a call and what would answer it, out goes the response, made now or stored before. Which request owns a key is
decided in `access/idempotency.py`; here are the header, the fingerprint, and the way from a response to a stored one
and back.
"""

import gzip
import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.access.idempotency import (
    PARAM,
    IdempotentRequest,
    RequestProgress,
    acquire,
    checked_key,
    complete,
    context_of_request,
    read_content,
)
from chalicelib.api.http.call import Call
from chalicelib.api.http.request import find_header, request_path
from chalicelib.api.http.response import BINARY_TYPES, Document, RedirectToFile, sized_response
from chalicelib.model.idempotency import StoredResponse

REPLAYED = "Idempotent-Replayed"

Respond = Callable[[Call], Response]
"""Never raises: failures are responses too."""


def with_idempotency(call: Call, endpoint: str, respond: Respond) -> Response:
    """Returns the first response under the request's idempotency key, stored or made now; without a key, the response
    made now. Raises Refused and Conflict for keys that may not be used.
    """
    key = find_header(call.request, (PARAM,))
    if key is None:
        return respond(call)
    request = IdempotentRequest(
        key=checked_key(key, call.context),
        endpoint=endpoint,
        fingerprint=fingerprint_of(call.request),
        remaining_s=_remaining_s(call),
    )
    record = acquire(call.context, call.caller, request)
    if isinstance(record, StoredResponse):
        return replay(record, call)
    progress = RequestProgress()
    response = respond(replace(call, context=context_of_request(call.context, record, progress)))
    lasting = to_stored_response(response) if _is_lasting(response, progress) else None
    complete(call.context, call.caller, record, lasting)
    return response


def fingerprint_of(request: Request) -> str:
    """Returns a digest of method, path, parameters and body, which a repeated request must not change."""
    given = request.query_params
    parameters = sorted((name, given.getlist(name)) for name in given) if given else []
    digest = sha256(json.dumps([request.method, request_path(request), parameters]).encode())
    body = request.raw_body
    digest.update(body.encode(errors="surrogatepass") if isinstance(body, str) else body)
    return digest.hexdigest()


def to_stored_response(response: Response) -> StoredResponse:
    """Returns the response as it is stored: a gzipped body is unpacked, since a repeat may not accept gzip."""
    wire = response.to_dict(list(BINARY_TYPES))
    headers = {name: str(value) for name, value in response.headers.items() if not _is_of_this_request(name)}
    if isinstance(response, RedirectToFile):
        return StoredResponse(
            status=response.status_code, headers=headers, file_key=response.file_key, filename=response.filename
        )
    content = b64decode(wire["body"]) if wire.get("isBase64Encoded") else wire["body"].encode()
    if headers.pop("Content-Encoding", "") == "gzip":
        content = gzip.decompress(content)
    return StoredResponse(status=response.status_code, headers=headers, content=content)


def replay(answer: StoredResponse, call: Call) -> Response:
    """Returns a stored response to a repeated request, marked as such by a header."""
    response = _replay_redirect(answer, call) if answer.filename else _replay_body(answer, call)
    response.headers[REPLAYED] = "true"
    return response


def _replay_body(answer: StoredResponse, call: Call) -> Response:
    headers = dict(answer.headers)
    document = Document(
        content=read_content(call.context, answer),
        content_type=headers.pop("Content-Type", "application/json"),
        filename="answer",
        headers=headers,
    )
    response = sized_response(document, call)
    if response.status_code == HTTPStatus.OK:
        response.status_code = answer.status
    return response


def _replay_redirect(answer: StoredResponse, call: Call) -> Response:
    """Returns a redirect whose link is signed anew: that of the first response may have expired."""
    files, expires_s = call.context.stores.files, call.context.limits.download_window_s
    link = files.download_url(answer.file_key, expires_s=expires_s, filename=answer.filename)
    return Response("", {**answer.headers, "Location": link}, answer.status)


def _is_lasting(response: Response, progress: RequestProgress) -> bool:
    status = response.status_code
    return status < HTTPStatus.BAD_REQUEST or (progress.has_started and status < HTTPStatus.INTERNAL_SERVER_ERROR)


def _is_of_this_request(header: str) -> bool:
    return header.lower() in {"x-request-id", "vary"} or header.lower().startswith("x-ratelimit-")


def _remaining_s(call: Call) -> int:
    """Returns the seconds that Lambda leaves this process, rounded up; outside of Lambda, what a request may take at
    most.
    """
    remaining_ms = getattr(call.request.lambda_context, "get_remaining_time_in_millis", None)
    return -(-int(remaining_ms()) // 1000) if remaining_ms else call.context.limits.request_time_s
