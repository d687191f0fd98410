"""Dead letters: events that failed to the last try, as they lie in the stack's queue, and how they are sent again.

A letter comes from a function's failure destination, with the event inside a report, or from a rule that could not
reach its function, where it is the event itself. Each is sent to its function once more, and deleted when that has gone
well: functions take an event any number of times. Sources:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.template import LIVE

HIDDEN_S = 900
"""For how long a letter that was received is hidden from others: longer than any of these functions runs."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that failed, and what is known of its failure."""

    function: str
    """The ARN of the function that it was for, as it is live; empty where the letter does not tell."""
    event: Json
    reason: str
    sent_at: float
    """When it was put into the queue, in epoch seconds."""
    receipt: str
    """The handle by which it is deleted."""

    @property
    def kind(self) -> str:
        """What the event tells, such as `Object Created`."""
        return str(self.event.get("detail-type", "unknown"))

    @property
    def about(self) -> str:
        """What the event is about: an object's key, or an execution's name."""
        detail = self.event.get("detail", {})
        return str(detail.get("object", {}).get("key") or detail.get("name") or "")


@dataclass(frozen=True, slots=True)
class Redrive:
    """What became of a letter that was sent again."""

    letter: DeadLetter
    error: str | None
    """What the function failed with, this time, or why it could not be called; None where all has gone well."""


class DeadLetters:
    """The queue of one stack, over clients of SQS and Lambda that are passed in."""

    def __init__(self, sqs: Any, functions: Any, queue_url: str) -> None:
        self._sqs = sqs
        self._functions = functions
        self._url = queue_url

    def receive_all(self) -> list[DeadLetter]:
        """Returns every letter that is visible, oldest first, and hides them until they are deleted or released."""
        return sorted(self._each(), key=lambda letter: letter.sent_at)

    def redrive(self, letter: DeadLetter) -> Redrive:
        """Invokes the letter's function with its event. Deletes the letter if that has gone well, else releases it."""
        error = self._invoke(letter) if letter.function else "the letter names no function"
        if error is None:
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)
        else:
            self.release(letter)
        return Redrive(letter, error)

    def release(self, letter: DeadLetter) -> None:
        """Shows a letter that was received to others again."""
        self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=letter.receipt, VisibilityTimeout=0)

    def _each(self) -> Iterator[DeadLetter]:
        while received := self._receive():
            yield from map(to_letter, received)

    def _receive(self) -> list[Json]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=1,  # asks all of SQS's machines
            AttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    def _invoke(self, letter: DeadLetter) -> str | None:
        payload = json.dumps(letter.event).encode()
        try:
            answer = self._functions.invoke(FunctionName=letter.function, Payload=payload)
        except (BotoCoreError, ClientError) as error:
            return str(error)
        if "FunctionError" not in answer:
            return None
        return _error_of(json.loads(answer["Payload"].read()))


def to_letter(message: Json) -> DeadLetter:
    """Returns a message of SQS as a letter."""
    body = _read(message["Body"])
    event, report = body.get("requestPayload"), body
    attributes = {name: one.get("StringValue", "") for name, one in message.get("MessageAttributes", {}).items()}
    if event is None:
        event, function, reason = body, attributes.get("TARGET_ARN", ""), _reason_of_rule(attributes)
    else:
        function = report["requestContext"]["functionArn"]
        reason = f"{report['requestContext']['condition']}: {_error_of(report.get('responsePayload') or {})}"
    return DeadLetter(
        function=live_of(function),
        event=event,
        reason=reason,
        sent_at=int(message["Attributes"]["SentTimestamp"]) / 1000,
        receipt=message["ReceiptHandle"],
    )


def live_of(function: str) -> str:
    """Returns the ARN by which the version of a function is called that was deployed last, from the ARN of whichever
    version failed: what failed may be mended by now. An empty text stays one.
    """
    unqualified = ":".join(function.split(":")[:7])
    return unqualified and f"{unqualified}:{LIVE}"


def _read(body: str) -> Json:
    """Whatever else somebody has put into the queue is a letter, too, that names no function."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"body": body}


def _reason_of_rule(attributes: dict[str, str]) -> str:
    return ": ".join(attributes[name] for name in ("ERROR_CODE", "ERROR_MESSAGE") if attributes.get(name))


def _error_of(payload: Json) -> str:
    return (
        ": ".join(str(payload[name]) for name in ("errorType", "errorMessage") if payload.get(name)) or "no error told"
    )
