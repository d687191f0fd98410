"""Letters of both kinds are read, sent again, and deleted only when that has gone well; on moto's SQS."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local.dead_letters import DeadLetters, live_of, to_letter

UPLOADED = {
    "source": "aws.s3",
    "detail-type": "Object Created",
    "detail": {"bucket": {"name": "b"}, "object": {"key": "uploads/t/imp_1/source", "version-id": "v1"}},
}
STOPPED = {
    "source": "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    "detail": {"status": "FAILED", "name": "imp_2-1", "input": "{}"},
}
ON_FILE = "arn:aws:lambda:us-east-1:123456789012:function:sluice-OnFile:live"
ON_STOPPED = "arn:aws:lambda:us-east-1:123456789012:function:sluice-OnMachineStopped:live"
FAILED_VERSION = "arn:aws:lambda:us-east-1:123456789012:function:sluice-OnFile:7"
REPORT = {
    "version": "1.0",
    "timestamp": "2025-01-01T00:00:00.000Z",
    "requestContext": {
        "requestId": "1",
        "functionArn": FAILED_VERSION,
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    },
    "requestPayload": UPLOADED,
    "responseContext": {"statusCode": 200, "executedVersion": "7", "functionError": "Unhandled"},
    "responsePayload": {"errorType": "Retryable", "errorMessage": "the table is throttled"},
}
"""As Lambda's guide shows it, "Capturing records of Lambda asynchronous invocations"."""
RULE_TELLS = {
    "RULE_ARN": "arn:aws:events:us-east-1:123456789012:rule/sluice-OnMachineStopped",
    "TARGET_ARN": ON_STOPPED,
    "ERROR_CODE": "NO_PERMISSIONS",
    "ERROR_MESSAGE": "not authorized to invoke the target",
}


class Functions:
    """Stands for Lambda: notes who is invoked with what, fails those that are named, and does not know the missing."""

    def __init__(self, failing: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> None:
        self.failing = failing
        self.missing = missing
        self.invoked: list[tuple[str, Any]] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 -- boto's names
        if FunctionName in self.missing:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Invoke")
        self.invoked.append((FunctionName, json.loads(Payload)))
        if FunctionName not in self.failing:
            return {"StatusCode": 200, "Payload": io.BytesIO(b"null")}
        error = {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 60.00 seconds"}
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(error).encode())}


@pytest.fixture
def sqs() -> Iterator[Any]:
    with mock_aws():
        yield boto3.Session("test", "test", region_name="us-east-1").client("sqs")


@pytest.fixture
def url(sqs: Any) -> str:
    """A queue in which lie a letter of a function and, sent after it, one of a rule."""
    queue: str = sqs.create_queue(QueueName="letters")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(REPORT))
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in RULE_TELLS.items()}
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(STOPPED), MessageAttributes=attributes)
    return queue


def left_in(sqs: Any, url: str) -> int:
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(counts["ApproximateNumberOfMessages"]) + int(counts["ApproximateNumberOfMessagesNotVisible"])


def test_a_letter_tells_its_event_its_function_and_why_it_failed(sqs: Any, url: str) -> None:
    received = DeadLetters(sqs, Functions(), url).receive_all()

    assert [(one.function, one.kind, one.about, one.reason, one.event) for one in received] == [
        (
            ON_FILE,
            "Object Created",
            "uploads/t/imp_1/source",
            "RetriesExhausted: Retryable: the table is throttled",
            UPLOADED,
        ),
        (
            ON_STOPPED,
            "Step Functions Execution Status Change",
            "imp_2-1",
            "NO_PERMISSIONS: not authorized to invoke the target",
            STOPPED,
        ),
    ]


@pytest.mark.parametrize("version", ["", ":$LATEST", ":live", ":7"])
def test_whichever_version_has_failed_the_live_one_is_called(version: str) -> None:
    assert live_of(f"{ON_FILE.removesuffix(':live')}{version}") == ON_FILE


def test_a_letter_is_deleted_once_its_function_has_taken_the_event(sqs: Any, url: str) -> None:
    functions = Functions()
    letters = DeadLetters(sqs, functions, url)

    redriven = [letters.redrive(one) for one in letters.receive_all()]

    assert [one.error for one in redriven] == [None, None]
    assert functions.invoked == [(ON_FILE, UPLOADED), (ON_STOPPED, STOPPED)]
    assert left_in(sqs, url) == 0


def test_a_letter_that_fails_again_is_kept_and_can_be_received_at_once(sqs: Any, url: str) -> None:
    letters = DeadLetters(sqs, Functions(failing=(ON_FILE,)), url)

    redriven = [letters.redrive(one) for one in letters.receive_all()]

    assert [one.error for one in redriven] == ["Sandbox.Timedout: Task timed out after 60.00 seconds", None]
    assert [one.function for one in letters.receive_all()] == [ON_FILE]


def test_a_function_that_cannot_be_called_keeps_no_other_letter_from_its_own(sqs: Any, url: str) -> None:
    letters = DeadLetters(sqs, Functions(missing=(ON_FILE,)), url)

    redriven = [letters.redrive(one) for one in letters.receive_all()]

    assert ["ResourceNotFoundException" in str(one.error) for one in redriven] == [True, False]
    assert [one.function for one in letters.receive_all()] == [ON_FILE]


def test_more_letters_than_one_answer_holds_are_all_received(sqs: Any, url: str) -> None:
    for _ in range(23):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(REPORT))

    assert len(DeadLetters(sqs, Functions(), url).receive_all()) == 25


@pytest.mark.parametrize("body", ["no letter", "[1]", ""])
def test_whatever_else_lies_in_the_queue_is_a_letter_without_a_function(body: str) -> None:
    letter = to_letter({"Body": body, "Attributes": {"SentTimestamp": "1000"}, "ReceiptHandle": "r"})

    assert (letter.function, letter.event, letter.kind) == ("", {"body": body}, "unknown")


def test_a_letter_without_a_function_is_kept() -> None:
    message = {"Body": json.dumps(STOPPED), "Attributes": {"SentTimestamp": "1700000000123"}, "ReceiptHandle": "r"}
    letter = to_letter(message)

    assert (letter.function, letter.reason, letter.sent_at) == ("", "", 1700000000.123)


@pytest.mark.parametrize("payload", [None, {}, {"errorMessage": ""}])
def test_a_report_without_an_error_is_read(payload: dict[str, str] | None) -> None:
    body = {**REPORT, "responsePayload": payload}
    message = {"Body": json.dumps(body), "Attributes": {"SentTimestamp": "1"}, "ReceiptHandle": "r"}

    assert to_letter(message).reason == "RetriesExhausted: no error told"
