"""One request to the API and its answer, as a flow: address, key, idempotency key, retries, envelope, refusals.

In go a method, a path, a query and a body; out comes the `data` of the envelope with what leads to the next page, or an
`ApiError`.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, TypeVar
from urllib.parse import quote, urlencode

import httpx

from sluice.errors import Refusal, api_error
from sluice.models.base import Model
from sluice.retrying import KEY_HEADER, TOO_MANY, RetryPolicy, sent
from sluice.transport import AsyncDriver, Bytes, Driver, Flow, Outgoing, Save, Send, ignore_bytes

Json = Mapping[str, Any]
M = TypeVar("M", bound=Model)
KEY_NAME = "PX-API-KEY"


PARTS_FROM_BYTES = 100_000_000
"""A file of 100 MB is sent in parts, each of which can be tried again alone."""


def new_key() -> str:
    """Returns an idempotency key that nobody has used."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Answer:
    """A success."""

    data: Any
    """An object, or a list of them."""
    pagination: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """What all calls of a client share."""

    base_url: str
    key: str = field(repr=False)
    driver: Driver | AsyncDriver = field(repr=False)
    retry: RetryPolicy
    parts_from_bytes: int = PARTS_FROM_BYTES
    """Files of this size are sent in parts."""
    new_key: Callable[[], str] = new_key

    def get(self, path: str, **query: object) -> Flow[Answer]:
        """Asks for something; what is None in the query is left out."""
        given = {name: _word(value) for name, value in query.items() if value is not None}
        return self._call(self._request("GET", f"{path}?{urlencode(given)}" if given else path))

    def post(self, path: str, body: Json, *, is_kept: bool = True) -> Flow[Answer]:
        """Sends a body, under one idempotency key however often it is tried, unless the route keeps no answers."""
        headers = {"Content-Type": "application/json"} | ({KEY_HEADER: self.new_key()} if is_kept else {})
        return self._call(self._request("POST", path, headers, json.dumps(body).encode()))

    def delete(self, path: str) -> Flow[Answer]:
        """Deletes something."""
        return self._call(self._request("DELETE", path))

    def ask(self, method: str, path: str, body: Json | None = None) -> Flow[Any]:
        """Sends a request to any route, with its query in the path, and returns the `data` of the answer."""
        if method == "POST":
            answer = yield from self.post(path, body or {})
        else:
            answer = yield from self._call(self._request(method, path))
        return answer.data

    def put(self, request: Outgoing) -> Flow[httpx.Response]:
        """Sends something to a signed URL, and returns the response, whatever its status."""
        response = yield from sent(Send(request), self.retry)
        return response

    def save(self, url: str, file: BinaryIO, on_bytes: Bytes = ignore_bytes) -> Flow[None]:
        """Writes what lies behind a signed URL to a file that can seek. Raises ApiError."""
        response = yield from sent(Save(Outgoing("GET", url), file, on_bytes), self.retry)
        if not response.is_success:
            raise api_error(Refusal(response.status_code, message="The file cannot be fetched."))

    def _request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> Outgoing:
        own = {KEY_NAME: self.key, "Accept": "application/json"}
        return Outgoing(method, self.base_url + path, own | dict(headers or {}), content)

    def _call(self, request: Outgoing) -> Flow[Answer]:
        response = yield from sent(Send(request), self.retry)
        body = _json_of(response)
        if not response.is_success or not isinstance(body, Mapping):
            refusal = Refusal.from_answer(response.status_code, body, response.headers)
            raise api_error(refusal if _is_ours(refusal) else _of_another(refusal, self.base_url))
        return Answer(body.get("data"), body.get("pagination") or {})


def below(path: str, *names: str) -> str:
    """Returns the path of what has an id or a name below another path, whatever characters it has. Raises NotFound for
    an empty one, by which all of them would be meant."""
    if not all(names):
        raise api_error(Refusal(404, "not_found", "Nothing has an empty id or name."))
    return "/".join([path, *(quote(name, safe="") for name in names)])


def bound(kind: type[M], session: Session, data: Json) -> M:
    """Returns what came of the API as something whose methods can ask for more."""
    made = kind.from_json(data)
    object.__setattr__(made, "_session", session)
    return made


def _is_ours(refusal: Refusal) -> bool:
    """Returns whether the service has answered, or what stands before it and speaks of the key, or of a time when
    nothing can answer."""
    is_before = refusal.status in (httpx.codes.UNAUTHORIZED, TOO_MANY)
    return bool(refusal.code) or is_before or refusal.status >= httpx.codes.INTERNAL_SERVER_ERROR


def _of_another(refusal: Refusal, url: str) -> Refusal:
    said = "" if refusal.message == f"The answer is {refusal.status}." else f", {refusal.message}"
    message = f"{url} answers, but not as Sluice does: HTTP {refusal.status}{said}. Is it the right address?"
    return replace(refusal, code="other_service", message=message)


def _json_of(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
