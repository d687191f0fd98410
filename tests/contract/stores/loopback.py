"""DynamoDB on loopback: real HTTP in, moto behind it, one request at a time, for it loses updates."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import boto3
import orjson
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.contract.stores.partiql import perform


@contextmanager
def dynamodb_on_loopback(session: boto3.Session) -> Iterator[str]:
    """The URL under which it answers; to be entered inside moto's mock."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(session.client("dynamodb"), Lock()))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _answering(client: Any, lock: Lock) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            request = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            with lock:
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
        return 200, getattr(client, xform_name(operation))(**request)
    except ClientError as error:
        return 400, {"__type": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
