"""What DynamoDB has answered: content, a condition that did not hold, or why a request is to be sent again.

Comes in: status and content of a response. Goes out: its JSON, or `Unanswered`; what does not pass is raised. Only what
is whole is an answer: content that is no JSON, or has no result for one of the statements, leaves it unknown what was
performed, as a lost connection does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson

from chalicelib.errors import Fatal
from chalicelib.stores.clients import RETRYABLE_CODES, THROTTLED_CODES
from chalicelib.stores.dynamodb.client_http import HttpResponse

Item = dict[str, dict[str, Any]]
"""Attribute values by name, as DynamoDB writes them: {"pk": {"S": "…"}}."""

FULL_ANSWER_BYTES = 12 << 20
"""A BatchGetItem that answers with more than this and leaves keys has no room for them: it ends at 16 MB (AWS).
Keys that it leaves otherwise were throttled."""

RETRYABLE_STATEMENT_CODES = frozenset({"InternalServerError", "TransactionConflict"})
THROTTLED_STATEMENT_CODES = frozenset({"ProvisionedThroughputExceeded", "RequestLimitExceeded", "ThrottlingError"})
CONDITION_FAILED_CODE = "ConditionalCheckFailedException"
TRANSACTION_CANCELED_CODE = "TransactionCanceledException"
CONDITION_CODES = frozenset({"ConditionalCheckFailed", "DuplicateItem"})
OUTDATED_CODES = frozenset({"ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed"})
"""What was signed too long ago, or by credentials that have been replaced: nothing was performed, and the next try is
signed anew."""
SIGNATURE_CODE = "InvalidSignatureException"
OUTDATED_SIGNATURES = ("Signature expired", "Signature not yet current")
"""How the messages of that code begin where the time is the reason, not the secret (AWS)."""


class ConditionFailed(Exception):
    """Raised where a condition did not hold. `item` is what is stored, if the request asked for it and there is
    anything.
    """

    def __init__(self, item: Item | None) -> None:
        super().__init__("The condition did not hold.")
        self.item = item


class TransactionCanceled(Exception):
    """Raised where a condition of a transaction did not hold, so that nothing of it was done. `failures` has an entry
    for each of its writes, in their order: None where that one's condition held.
    """

    def __init__(self, failures: Sequence[ConditionFailed | None]) -> None:
        super().__init__("A condition of the transaction did not hold.")
        self.failures = tuple(failures)


class Unanswered(Enum):
    """Why there is no answer to a request, or to one statement of it, so that it is sent again."""

    LOST = "lost"
    """The connection or the server failed, and whether it was performed is unknown; or a transaction was in its way."""
    THROTTLED = "throttled"


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of a response, and its size."""

    content: dict[str, Any]
    size_bytes: int

    @property
    def is_full(self) -> bool:
        """Returns whether the answer has no room for more items."""
        return self.size_bytes > FULL_ANSWER_BYTES

    def items_and_left(self, table: str) -> tuple[list[Item], list[Item]] | None:
        """Returns the items of a BatchGetItem, and the keys that it has not looked at; None unless it is one."""
        if "Responses" not in self.content:
            return None
        left = self.content.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        return self.content["Responses"].get(table, []), left

    def performed(self, statements: int) -> list[bool | Unanswered]:
        """Returns for each of so many statements of a batch whether it was performed, or why it must be sent again."""
        responses = self.content.get("Responses")
        if not isinstance(responses, list) or len(responses) != statements:
            return [Unanswered.LOST] * statements
        return [_was_performed(one) for one in responses]


def answer_of(operation: str, response: HttpResponse) -> Answer | Unanswered:
    """Returns what a response says. Raises ConditionFailed, TransactionCanceled, or Fatal where no repetition helps."""
    if response.status != 200:
        return _why_unanswered(operation, response)
    content = _object_of(response.content)
    return Unanswered.LOST if content is None else Answer(content, len(response.content))


def _object_of(content: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _was_performed(answer: dict[str, Any]) -> bool | Unanswered:
    error = answer.get("Error")
    if error is None:
        return True
    if error["Code"] in CONDITION_CODES:
        return False
    if error["Code"] in THROTTLED_STATEMENT_CODES:
        return Unanswered.THROTTLED
    if error["Code"] in RETRYABLE_STATEMENT_CODES:
        return Unanswered.LOST
    raise Fatal(f"DynamoDB refused a statement: {error['Code']}: {error.get('Message', '')}")


def _why_unanswered(operation: str, response: HttpResponse) -> Unanswered:
    """Returns why a request was not answered. Raises ConditionFailed, TransactionCanceled or Fatal, where it was."""
    if response.status == 429:
        return Unanswered.THROTTLED
    if response.status >= 500:
        return Unanswered.LOST
    error = _object_of(response.content) or {}
    code = str(error.get("__type", "")).rpartition("#")[2]
    text = str(error.get("message") or error.get("Message") or "")
    if code == CONDITION_FAILED_CODE:
        raise ConditionFailed(error.get("Item"))
    if code in THROTTLED_CODES:
        return Unanswered.THROTTLED
    if code in RETRYABLE_CODES or _is_outdated(code, text):
        return Unanswered.LOST
    if code == TRANSACTION_CANCELED_CODE and (why := _find_why_canceled(error["CancellationReasons"])):
        return why
    raise Fatal(f"DynamoDB refused {operation}: {code or response.status}: {text}")


def _is_outdated(code: str, text: str) -> bool:
    return code in OUTDATED_CODES or (code == SIGNATURE_CODE and text.startswith(OUTDATED_SIGNATURES))


def _find_why_canceled(reasons: Sequence[dict[str, Any]]) -> Unanswered | None:
    """Returns why a transaction was canceled where that passes: throttling, or another one that was under way; else
    None. Raises TransactionCanceled where a condition did not hold.
    """
    failed = [one.get("Code") in CONDITION_CODES for one in reasons]
    if any(failed):
        pairs = zip(reasons, failed, strict=True)
        raise TransactionCanceled([ConditionFailed(one.get("Item")) if did else None for one, did in pairs])
    codes = {one.get("Code") for one in reasons} - {None, "None"}
    if codes <= THROTTLED_STATEMENT_CODES:
        return Unanswered.THROTTLED
    return Unanswered.LOST if codes <= THROTTLED_STATEMENT_CODES | RETRYABLE_STATEMENT_CODES else None
