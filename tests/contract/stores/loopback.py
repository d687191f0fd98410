"""DynamoDB on loopback: real HTTP in, behind it moto or what answers instead, one request at a time, for moto loses
updates.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import boto3
import orjson
from botocore import xform_name
from botocore.exceptions import ClientError

from chalicelib.stores.dynamodb.client_http import HttpResponse
from tests.contract.stores.partiql import perform, select

Answer = Callable[[str, bytes], HttpResponse]
"""Answers an operation with this request."""


@contextmanager
def dynamodb_on_loopback(session: boto3.Session) -> Iterator[str]:
    """The URL under which moto's answers; to be entered inside its mock."""
    client = session.client("dynamodb")

    def answer(operation: str, content: bytes) -> HttpResponse:
        status, answered = _answer(client, operation, orjson.loads(content))
        return HttpResponse(status, orjson.dumps(answered, default=str))

    with answering_on_loopback(answer) as url:
        yield url


@contextmanager
def answering_on_loopback(answer: Answer) -> Iterator[str]:
    """The URL under which such a DynamoDB answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(answer, Lock()))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler_of(answer: Answer, lock: Lock) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                answered = answer(self.headers["X-Amz-Target"].partition(".")[2], content)
            self.send_response(answered.status)
            self.send_header("Content-Length", str(len(answered.content)))
            self.end_headers()
            self.wfile.write(answered.content)

        def log_message(self, *_: object) -> None: ...

    return Answering


def _answer(client: Any, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    try:
        if operation == "BatchExecuteStatement":
            statements = request["Statements"]
            return 200, {"Responses": [perform(client, one["Statement"], one["Parameters"]) for one in statements]}
        if operation == "ExecuteStatement":
            return 200, {"Items": select(client, request["Statement"], request["Parameters"])}
        return 200, _as_sent(getattr(client, xform_name(operation))(**_as_boto3_takes(request)))
    except ClientError as error:
        told: dict[str, Any] = {**error.response}
        answer = {"__type": told["Error"]["Code"], "message": told["Error"]["Message"]}
        return 400, answer | {name: _as_sent(told[name]) for name in ("Item", "CancellationReasons") if name in told}


def _as_boto3_takes(part: Any) -> Any:
    """Binary attributes as bytes."""
    match part:
        case {"B": str(value)}:
            return {"B": b64decode(value)}
        case dict():
            return {name: _as_boto3_takes(value) for name, value in part.items()}
        case list():
            return [_as_boto3_takes(value) for value in part]
        case _:
            return part


def _as_sent(part: Any) -> Any:
    match part:
        case bytes():
            return b64encode(part).decode()
        case dict():
            return {name: _as_sent(value) for name, value in part.items()}
        case list():
            return [_as_sent(value) for value in part]
        case _:
            return part
