"""S3 and Step Functions beneath the real stores, and what can go wrong with one request to them.

Requests go through botocore up to the point where it would send them; there moto answers for S3, and `FakeStates` for
Step Functions. botocore's own tries are switched off, so that one fault reaches the store; what the store makes of it
is what is tested. Only requests of functions of the service are counted, from 0, and may go wrong.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any, cast

import boto3
import orjson
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto import mock_aws
from moto.core.models import botocore_stubber

from chalicelib.model.stop_reasons import StopReason
from chalicelib.stores.clients import Session
from chalicelib.stores.memory.machine import Execution
from tests.faults.crash import Crash
from tests.faults.recorder import OUTSIDE, current_function

ONE_TRY = Config(retries={"mode": "standard", "total_max_attempts": 1})

Send = Callable[[], AWSResponse]
AwsFault = Callable[[Send, str], AWSResponse]
"""Answers one request: it is given what sends the request on, and the name of the operation."""


def crash_before(send: Send, operation: str) -> AWSResponse:
    raise Crash


def crash_after(send: Send, operation: str) -> AWSResponse:
    send()
    raise Crash


def never_sent(send: Send, operation: str) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=operation)


def answer_lost(send: Send, operation: str) -> AWSResponse:
    send()
    raise ReadTimeoutError(endpoint_url=operation)


def sent_twice(send: Send, operation: str) -> AWSResponse:
    """botocore itself has sent it again."""
    send()
    return send()


def throttled(send: Send, operation: str) -> AWSResponse:
    return error(503, "SlowDown") if is_of_s3(operation) else error(400, "ThrottlingException")


def done_but_500(send: Send, operation: str) -> AWSResponse:
    send()
    return error(500, "InternalError" if is_of_s3(operation) else "InternalFailure")


def broken_off(send: Send, operation: str) -> AWSResponse:
    """The answer's body ends after half of what its length says."""
    answer = send()
    content = answer.content
    return AWSResponse(answer.url, answer.status_code, _headers(answer.headers), _Raw(content[: len(content) // 2]))


AWS_FAULTS: dict[str, AwsFault] = {
    "crash before": crash_before,
    "crash after": crash_after,
    "never sent": never_sent,
    "answer lost": answer_lost,
    "sent twice": sent_twice,
    "throttled": throttled,
    "done, 500": done_but_500,
}


def is_of_s3(operation: str) -> bool:
    return not operation.endswith("Execution")


def error(status: int, code: str) -> AWSResponse:
    """An error as both services word it: S3 in XML, Step Functions in JSON."""
    xml = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>of a test</Message></Error>".encode()
    is_xml = code in ("SlowDown", "InternalError")
    content = xml if is_xml else orjson.dumps({"__type": code, "message": "of a test"})
    return _answer(status, content)


def _answer(status: int, content: bytes) -> AWSResponse:
    return AWSResponse("https://aws", status, _headers({"content-length": str(len(content))}), _Raw(content))


def _headers(given: Mapping[str, str]) -> HTTPHeaders:
    headers = HTTPHeaders()
    for name, value in given.items():
        headers[name] = value
    return headers


class _Raw(BytesIO):
    """A body as urllib3 has it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        while chunk := self.read(65_536):
            yield chunk


@dataclass
class FakeStates:
    """Step Functions as far as stores ask for it: executions by their names, which are started and stopped.

    Starting one again succeeds while it runs with the same input, and is refused otherwise.
    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    executions: dict[str, Execution] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)

    def answer(self, operation: str, request: Any) -> AWSResponse:
        """Performs one request."""
        name = request.get("name") or request["executionArn"].rpartition(":")[2]
        if operation == "StartExecution":
            return self._start(name, request["input"])
        execution = self.executions.get(name)
        if execution is None:
            return error(400, "ExecutionDoesNotExist")
        if operation == "DescribeExecution":
            return _answer(200, orjson.dumps({"status": "ABORTED" if execution.stopped_by else execution.status}))
        execution.stopped_by = execution.stopped_by or request["cause"]
        return _answer(200, orjson.dumps({"stopDate": 1}))

    def _start(self, name: str, given: str) -> AWSResponse:
        running = self.executions.get(name)
        if running and (running.stopped_by or self.inputs[name] != given):
            return error(400, "ExecutionAlreadyExists")
        if not running:
            ids = orjson.loads(given)
            self.inputs[name] = given
            self.executions[name] = Execution(
                name,
                ids["tenant_id"],
                ids["import_id"],
                ids["attempt"],
                ending=StopReason(**ids["stopped_by"]) if "stopped_by" in ids else None,
                is_dead=ids.get("is_dead", False),
            )
        return _answer(
            200, orjson.dumps({"executionArn": f"arn:aws:states:us-east-1:1:execution:m:{name}", "startDate": 1})
        )


class UnreliableAws:
    """A session whose clients send to moto and `FakeStates`, where one request may go wrong."""

    def __init__(self) -> None:
        self._session = boto3.Session("test", "test", region_name="us-east-1")
        self._clients: dict[str, Any] = {}
        self._buckets = count(1)
        self.begin()

    def begin(self) -> str:
        """Forgets what was sent, and returns the name of a new bucket with versions."""
        self.states = FakeStates()
        self.operations: list[str] = []
        """What was sent by functions of the service, in order."""
        self._at: int = -1
        self._fault: AwsFault = sent_twice
        bucket, s3 = f"bucket-{next(self._buckets)}", self.client("s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return bucket

    def inject(self, at: int, fault: AwsFault) -> None:
        """Lets the request of this number go wrong."""
        self._at, self._fault = at, fault

    @property
    def session(self) -> Session:
        return _Session(self)

    def client(self, service: str, config: Config = ONE_TRY) -> Any:
        """Returns a client of a service, as a session does; there is one for each service and style of addresses."""
        name = f"{service} {getattr(config, 's3', None)}"
        if name not in self._clients:
            made = self._session.client(service, config=config.merge(ONE_TRY))  # type: ignore[call-overload]
            made.meta.events.register_first("before-send.*.*", self._answer)
            self._clients[name] = made
        return self._clients[name]

    def _answer(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        operation = event_name.rpartition(".")[2]

        def send() -> AWSResponse:
            request.reset_stream()
            if not is_of_s3(operation):
                return self.states.answer(operation, orjson.loads(cast(bytes, request.body)))
            return _of_moto(event_name, request)

        if current_function() == OUTSIDE:
            return send()
        number = len(self.operations)
        self.operations.append(operation)
        return self._fault(send, operation) if number == self._at else send()


class _Session:
    """An `UnreliableAws` as a session of boto3."""

    region_name = "us-east-1"

    def __init__(self, aws: UnreliableAws) -> None:
        self.client = aws.client

    def get_credentials(self) -> None:
        return None


def _of_moto(event_name: str, request: AWSPreparedRequest) -> AWSResponse:
    botocore_stubber.enabled = True
    try:
        answer = botocore_stubber(event_name, request)
    finally:
        botocore_stubber.enabled = False
    assert isinstance(answer, AWSResponse), request.url
    return answer


@contextmanager
def moto_on_demand() -> Iterator[None]:
    """Lets moto answer what it is asked through `UnreliableAws`, and nothing else."""
    with mock_aws():
        botocore_stubber.enabled = False
        yield
