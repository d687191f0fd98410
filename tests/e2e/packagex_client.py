"""A PackageX client as anybody could write one: HTTP requests with a key, plain PUTs and GETs on signed URLs.

In go the base URL of a stack and a key; out come answers as they are, refusals included. `run` drives an import to its
end.
"""

import json
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
WAIT_S = 200
"""Longer than any import here takes on a busy machine."""


class _AnyStatus(HTTPErrorProcessor):
    """A refusal is an answer too."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

    https_response = http_response


_OPENER = build_opener(ProxyHandler({}), _AnyStatus)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> JSON:
        body: JSON = json.loads(self.content)
        return body

    @property
    def data(self) -> Any:
        """Of a success; anything else fails the test that asked."""
        assert self.status in (200, 201), self.body
        return self.body["data"]

    @property
    def refusal(self) -> tuple[int, str, list[str]]:
        """Of the dialect's own body, once it is known to be one."""
        body = self.body
        assert set(body) == {"message", "data", "status", "errors", "code", "events", "pagination", "endpoint"}
        assert (body["data"], body["status"]) == ({}, self.status)
        return self.status, body["code"], body["errors"]


def send(method: str, url: str, content: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    request = Request(url, content, {"Content-Type": "application/octet-stream"} | (headers or {}), method=method)
    with _OPENER.open(request, timeout=ANSWER_S) as answer:
        return Answer(answer.status, dict(answer.headers.items()), answer.read())


def put(url: str, content: bytes) -> int:
    """A plain PUT to a signed URL; the status."""
    return send("PUT", url, content).status


def fetch(url: str) -> bytes:
    """What lies behind a signed URL."""
    answer = send("GET", url)
    assert answer.status == 200, answer.content
    return answer.content


@dataclass(frozen=True)
class PackageXClient:
    """One key of one tenant."""

    base_url: str
    key: str | None
    tenant_id: str

    def request(self, method: str, path: str, body: object = None, *, once: str | None = None) -> Answer:
        """A body of bytes is sent as it is; `once` is an idempotency key."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"PX-API-KEY": self.key} if self.key else {})
        headers |= {} if once is None else {"Idempotency-Key": once}
        return send(method, self.base_url + path, content, headers)

    def get(self, path: str, **query: object) -> Answer:
        return self.request("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, body: object, *, once: str | None = None) -> Answer:
        return self.request("POST", path, body, once=once)

    def create(self, **wanted: Any) -> JSON:
        """An import of customers, merged, by signed upload, unless wanted otherwise; its answer."""
        asked = {"upload_mode": "async", "resource": "customers", "action": "merge", "duplicate_handling": "use_first"}
        shown: JSON = self.post("/v1/imports", asked | wanted).data
        return shown

    def upload(self, content: bytes, **wanted: Any) -> str:
        """The id of an import whose source is under way."""
        import_ = self.create(**wanted)
        assert put(import_["_upload_url"], content) == 200
        return str(import_["id"])

    def show(self, import_id: str, **query: object) -> JSON:
        shown: JSON = self.get(f"/v1/imports/{import_id}", **query).data
        return shown

    def wait(self, import_id: str, *statuses: str) -> JSON:
        """The import with one of these statuses, or any final one if none is named."""
        return self.wait_until(import_id, lambda shown: shown["status"] in (statuses or FINAL))

    def wait_until(self, import_id: str, is_there: Callable[[JSON], bool]) -> JSON:
        """Asks ever more rarely: an answer costs the stack as much as many rows."""
        begun = time.monotonic()
        while not is_there(shown := self.show(import_id)):
            waited_s = time.monotonic() - begun
            assert shown["status"] not in FINAL, shown
            assert waited_s < WAIT_S, shown
            time.sleep(min(max(POLL_S, waited_s / 20), LONGEST_POLL_S))
        return shown

    def run(self, content: bytes, **wanted: Any) -> JSON:
        """The import of this source as it ended."""
        return self.wait(self.upload(content, **wanted))

    def run_records(self, records: list[JSON], **wanted: Any) -> JSON:
        """The import of these records, sent with the request, as it ended."""
        return self.wait(self.create(upload_mode="sync", data=records, **wanted)["id"])

    def file(self, import_id: str, name: str) -> bytes:
        """`upload_csv`, `upload_json`, `errors_csv` or `errors_json`."""
        return fetch(self.show(import_id, **{f"include_{name}": "true"})[f"_{name}_url"])

    def rejected(self, import_id: str) -> list[JSON]:
        """The rows of the errors file."""
        rows: list[JSON] = json.loads(self.file(import_id, "errors_json"))
        return rows

    def codes(self, import_id: str) -> dict[int, list[str]]:
        """The problem codes of the rejected rows, by row number."""
        return {row["_row_number"]: [one["code"] for one in row["_problems"]] for row in self.rejected(import_id)}

    def each_record(self, resource: str = "customers") -> list[JSON]:
        """All of them, as they are shown, page by page."""
        records: list[JSON] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = self.get(f"/v1/records/{resource}", limit=100, **({"cursor": cursor} if cursor else {}))
            records += answer.data
            cursor = answer.body["pagination"]["cursor"]
        return records

    def records(self, resource: str = "customers") -> list[JSON]:
        """Their fields alone, by name."""
        own = ("object", "id", "version", "created_at", "updated_at")
        shown = [{name: value for name, value in one.items() if name not in own} for one in self.each_record(resource)]
        return sorted(shown, key=lambda record: str(record["name"]))


def counted(import_: JSON) -> JSON:
    """The stats that are not 0."""
    return {name: count for name, count in import_["stats"].items() if count}
