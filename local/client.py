"""The public API over HTTP, as any client would call it: ask for an import, send the file, look how far it is.

In go a base URL and a key; out come the `data` of the responses. Proxies are left out: all of it happens on loopback.
"""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

Json = dict[str, Any]

ANSWER_S = 60
_OPENER = build_opener(ProxyHandler({}))


class ErrorResponse(Exception):
    """Raised for a response that is no success, with its status and its body."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Client:
    """One tenant's way into the API."""

    base_url: str
    key: str

    def create_import(self, file: Path, **asked: object) -> Json:
        """Creates an import and returns it; it waits for the file at its `_upload_url`."""
        size_bytes = file.stat().st_size
        stated = {"size_bytes": size_bytes} if size_bytes else {}
        body = {"upload_mode": "async", "filename": file.name, "content_type": type_of(file), **stated, **asked}
        created: Json = self.ask("POST", "/v1/imports", body)
        return created

    def get_import(self, import_id: str, **query: object) -> Json:
        """Returns an import; `query` says which links to add, see `include_errors_json` and its like."""
        found: Json = self.ask("GET", f"/v1/imports/{import_id}?{urlencode(query)}")
        return found

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Sends a request and returns the `data` of the response: an object, or an array of them. Raises
        ErrorResponse."""
        headers = {"PX-API-KEY": self.key, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        with _open(Request(self.base_url + path, content, headers, method=method)) as answer:
            return json.load(answer)["data"]


def upload(file: Path, url: str) -> None:
    """Sends a file to a signed URL, in pieces."""
    headers: Mapping[str, str] = {"Content-Type": type_of(file), "Content-Length": str(file.stat().st_size)}
    with file.open("rb") as content, _open(Request(url, content, headers, method="PUT")) as answer:
        answer.read()


def download(url: str) -> bytes:
    """Returns what lies behind a signed URL."""
    with _open(Request(url)) as answer:
        return answer.read()


def each_rejected_row(url: str) -> Iterator[Json]:
    """Yields the rows of an errors file in JSON, lazily: it may be as large as the source, and has one row a line."""
    with _open(Request(url)) as answer:
        lines = (line.strip().removesuffix(b",") for line in answer)
        yield from (json.loads(line) for line in lines if line.startswith(b"{"))


def type_of(file: Path) -> str:
    """Returns the media type that the name of a file stands for."""
    kind, encoding = mimetypes.guess_type(file.name)
    return "application/gzip" if encoding == "gzip" else kind or "application/octet-stream"


def _open(request: Request) -> HTTPResponse:
    try:
        answer: HTTPResponse = _OPENER.open(request, timeout=ANSWER_S)
    except HTTPError as error:
        raise ErrorResponse(error.code, error.read().decode(errors="replace")) from None
    return answer
