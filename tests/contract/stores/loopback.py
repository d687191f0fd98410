"""DynamoDB on loopback: real HTTP in, moto behind it, one request at a time, for it loses updates."""

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

from tests.contract.stores.partiql import perform, select

Listener = Callable[[str, dict[str, Any]], None]
"""Is told each operation and its request."""


@contextmanager
def dynamodb_on_loopback(session: boto3.Session, listener: Listener = lambda *_: None) -> Iterator[str]:
    """The URL under which it answers; to be entered inside moto's mock."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(session.client("dynamodb"), Lock(), listener))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _answering(client: Any, lock: Lock, listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            request = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            with lock:
                listener(operation, request)
                status, answer = _answer(client, operation, request)
            content = orjson.dumps(answer, default=str)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

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
