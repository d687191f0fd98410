"""Answers that may be larger than what a Lambda function can give back: sent plain, gzipped, or as a link.

In comes the body, out goes a response that carries it or, where it cannot, a 303 to a signed URL of the identical body.
The limit counts the body as it travels: as a JSON string, or as base64.
"""

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from chalice.app import APIGateway, Request, Response

from chalicelib.api.http.call import Call
from chalicelib.api.http.request import find_header
from chalicelib.model.object_keys import response_key

JsonObject = Mapping[str, object]
"""A JSON object as a dialect answers it."""

ENVELOPE_BYTES = 8 << 10
"""Left for status, headers and the event's own JSON."""

ESCAPED_AT_MOST = 6
"""What a byte of text may grow to in a JSON string: `\\u0000`."""

BINARY_TYPES = frozenset(APIGateway().binary_types)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The body of a successful answer, whatever its size."""

    content: bytes
    """UTF-8."""
    content_type: str
    filename: str
    """Under which it is saved where it has to be fetched from elsewhere."""
    headers: Mapping[str, str] = field(default_factory=dict)


def sized_response(document: Document, call: Call) -> Response:
    """Returns a response that carries the document as it is or gzipped, or else redirects to a file with it."""
    limit = call.context.limits.response_bytes - ENVELOPE_BYTES
    headers: dict[str, str | list[str]] = {"Content-Type": document.content_type, **document.headers}
    if _is_small(document.content, limit):
        return Response(document.content.decode(), headers)
    if accepts_gzip(call.request):
        packed = gzip.compress(document.content, compresslevel=6, mtime=0)
        if -(-len(packed) // 3) * 4 <= limit:
            return _Gzipped(packed, {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return RedirectToFile(document, headers, call)


def accepts_gzip(request: Request) -> bool:
    """Returns whether a gzipped body reaches the caller as such.

    API Gateway turns base64 into bytes only for callers whose first accepted type is one of the API's binary types
    (AWS, content type conversions in API Gateway); all others would get the base64.
    """
    codings = (find_header(request, ("Accept-Encoding",)) or "").lower().split(",")
    accepted = [coding.partition(";") for coding in codings]
    is_gzip = any(name.strip() == "gzip" and rest.replace(" ", "") not in _REFUSED for name, _, rest in accepted)
    first = (find_header(request, ("Accept",)) or "").partition(",")[0].partition(";")[0].strip().lower()
    return is_gzip and first in BINARY_TYPES


_REFUSED = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


class RedirectToFile(Response):
    """A 303 to a signed URL of a file that holds the body."""

    def __init__(self, document: Document, headers: dict[str, str | list[str]], call: Call) -> None:
        files, context = call.context.stores.files, call.context
        self.file_key = response_key(call.caller.tenant_id, context.new_id("ans"))
        self.filename = document.filename
        files.write_file(self.file_key, document.content, content_type=document.content_type)
        link = files.download_url(self.file_key, expires_s=context.limits.download_window_s, filename=self.filename)
        super().__init__("", {**headers, "Location": link}, HTTPStatus.SEE_OTHER.value)


class _Gzipped(Response):
    """A gzipped response. Chalice would send bytes as base64 by their content type only, which is that of the text
    inside.
    """

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        plain = Response("", self.headers, self.status_code).to_dict()
        return {**plain, "body": b64encode(self.body).decode(), "isBase64Encoded": True}


def _is_small(content: bytes, limit: int) -> bool:
    if len(content) * ESCAPED_AT_MOST <= limit or len(content) > limit:
        return len(content) <= limit
    return len(json.dumps(content.decode())) <= limit
