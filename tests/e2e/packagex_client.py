"""A PackageX client as any caller could write one: HTTP requests with a key, plain PUTs and GETs on signed URLs.

In come the base URL of a stack and a key; out come responses as they are, refusals included. `run` waits until an
import has ended.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, ProxyHandler, Request, build_opener

JSON = dict[str, Any]

FINAL = ("completed", "failed", "timed_out", "expired")
POLL_S, LONGEST_POLL_S = 0.05, 0.2
ANSWER_S = 60
WAIT_S = 3600 if "SOAK" in os.environ else 200
"""Longer than any import here takes on a busy machine."""


class _AnyStatus(HTTPErrorProcessor):
    """Returns responses of every status instead of raising for some."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

    https_response = http_response


_OPENER = build_opener(ProxyHandler({}), _AnyStatus)


@dataclass(frozen=True)
class ApiResponse:
    """A response to one request, whatever its status."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> JSON:
        body: JSON = json.loads(self.content)
        return body

    @property
    def data(self) -> Any:
        """The data of a success; any other response fails the test."""
        assert self.status in (200, 201), self.body
        return self.body["data"]

    @property
    def refusal(self) -> tuple[int, str, list[str]]:
        """The status, code and errors of a refusal, after checking that its body is the dialect's own."""
        body = self.body
        assert set(body) == {"message", "data", "status", "errors", "code", "events", "pagination", "endpoint"}
        assert (body["data"], body["status"]) == ({}, self.status)
        return self.status, body["code"], body["errors"]


def send(method: str, url: str, content: bytes | None = None, headers: dict[str, str] | None = None) -> ApiResponse:
    """Sends one request, and returns its response whatever the status."""
    request = Request(url, content, {"Content-Type": "application/octet-stream"} | (headers or {}), method=method)
    with _OPENER.open(request, timeout=ANSWER_S) as answer:
        return ApiResponse(answer.status, dict(answer.headers.items()), answer.read())


def put(url: str, content: bytes) -> int:
    """Sends a plain PUT to a signed URL, and returns the status."""
    return send("PUT", url, content).status


def fetch(url: str) -> bytes:
    """Returns the content that a signed URL leads to."""
    answer = send("GET", url)
    assert answer.status == 200, answer.content
    return answer.content


@dataclass(frozen=True)
class PackageXClient:
    """A client with one API key of one tenant."""

    base_url: str
    key: str | None
    tenant_id: str

    def request(self, method: str, path: str, body: object = None, *, once: str | None = None) -> ApiResponse:
        """Sends a request; bytes are sent as they are, and `once` is an idempotency key."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"PX-API-KEY": self.key} if self.key else {})
        headers |= {} if once is None else {"Idempotency-Key": once}
        return send(method, self.base_url + path, content, headers)

    def get(self, path: str, **query: object) -> ApiResponse:
        """Sends a GET with these query parameters."""
        return self.request("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, body: object, *, once: str | None = None) -> ApiResponse:
        """Sends a POST with a JSON body."""
        return self.request("POST", path, body, once=once)

    def create(self, **options: Any) -> JSON:
        """Creates an import, of customers, merged and by signed upload unless `options` say otherwise."""
        body = {"upload_mode": "async", "resource": "customers", "action": "merge", "duplicate_handling": "use_first"}
        created: JSON = self.post("/v1/imports", body | options).data
        return created

    def upload(self, content: bytes, **options: Any) -> str:
        """Creates an import, uploads its source, and returns its id."""
        import_ = self.create(**options)
        assert put(import_["_upload_url"], content) == 200
        return str(import_["id"])

    def show(self, import_id: str, **query: object) -> JSON:
        """Returns the import as it is now."""
        shown: JSON = self.get(f"/v1/imports/{import_id}", **query).data
        return shown

    def wait(self, import_id: str, *statuses: str) -> JSON:
        """Waits until the import has one of these statuses, or any final one if none is named."""
        return self.wait_until(import_id, lambda shown: shown["status"] in (statuses or FINAL))

    def wait_until(self, import_id: str, is_there: Callable[[JSON], bool]) -> JSON:
        """Waits for a state of the import; asks less and less often, because a request costs as much as many rows."""
        started_at = time.monotonic()
        while not is_there(shown := self.show(import_id)):
            waited_s = time.monotonic() - started_at
            assert shown["status"] not in FINAL, shown
            assert waited_s < WAIT_S, shown
            time.sleep(min(max(POLL_S, waited_s / 20), LONGEST_POLL_S))
        return shown

    def run(self, content: bytes, **options: Any) -> JSON:
        """Imports this source, and returns the import as it ended."""
        return self.wait(self.upload(content, **options))

    def run_records(self, records: list[JSON], **options: Any) -> JSON:
        """Imports records that are sent with the request, and returns the import as it ended."""
        return self.wait(self.create(upload_mode="sync", data=records, **options)["id"])

    def file(self, import_id: str, name: str) -> bytes:
        """Returns a file of the import: `upload_csv`, `upload_json`, `errors_csv` or `errors_json`."""
        return fetch(self.show(import_id, **{f"include_{name}": "true"})[f"_{name}_url"])

    def rejected(self, import_id: str) -> list[JSON]:
        """Returns the rows of the errors file."""
        rows: list[JSON] = json.loads(self.file(import_id, "errors_json"))
        return rows

    def codes(self, import_id: str) -> dict[int, list[str]]:
        """Returns the problem codes of the rejected rows by row number."""
        return {row["_row_number"]: [one["code"] for one in row["_problems"]] for row in self.rejected(import_id)}

    def each_record(self, resource: str = "customers") -> list[JSON]:
        """Reads all records of a resource, page by page."""
        records: list[JSON] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = self.get(f"/v1/records/{resource}", limit=100, **({"cursor": cursor} if cursor else {}))
            records += answer.data
            cursor = answer.body["pagination"]["cursor"]
        return records

    def records(self, resource: str = "customers") -> list[JSON]:
        """Reads the fields of all records, without ids, versions and times, sorted by name."""
        own = ("object", "id", "version", "created_at", "updated_at")
        shown = [{name: value for name, value in one.items() if name not in own} for one in self.each_record(resource)]
        return sorted(shown, key=lambda record: str(record["name"]))


def counted(import_: JSON) -> JSON:
    """Returns the stats that are not 0."""
    return {name: count for name, count in import_["stats"].items() if count}
