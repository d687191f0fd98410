"""DynamoDB on loopback: real HTTP in, behind it moto or what answers instead, one request at a time, for moto loses
updates.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import boto3
import orjson
from botocore import xform_name
from botocore.exceptions import ClientError

from chalicelib.stores.dynamodb.client_http import HttpResponse
from tests.contract.stores.partiql import perform, select
from tests.loopback_server import Connection, LoopbackServer

Answer = Callable[[str, bytes], HttpResponse]
"""Answers an operation with this request."""


@contextmanager
def dynamodb_on_loopback(session: boto3.Session) -> Iterator[str]:
    """The URL under which moto's answers; to be entered inside its mock."""
    client = session.client("dynamodb")

    def answer(operation: str, content: bytes) -> HttpResponse:
        status, answered = _answer(client, operation, orjson.loads(content))
        return HttpResponse(status, orjson.dumps(answered, default=str))

    with DynamoDBServer(answer) as server:
        yield server.url


class DynamoDBServer(LoopbackServer):
    """Answers every request as it is told."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(_Connection)
        self.answer_to, self.lock = answer, Lock()


class _Connection(Connection):
    server: DynamoDBServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def respond(self) -> None:
        content = self.read_body()
        with self.server.lock:
            answered = self.server.answer_to(self.headers["X-Amz-Target"].partition(".")[2], content)
        self.answer(answered.status, answered.content)


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
