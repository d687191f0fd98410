"""The thin DynamoDB client: attribute values made by hand, orjson, many statements in one call.

Comes in: requests and items in DynamoDB's own JSON. Goes out: its answers, or `ConditionFailed`. boto3 spends ten times
more CPU on this, and 50 ms before its first call. Calls that are throttled or lost are repeated with full jitter and
end as `Retryable`; what no repetition helps ends as `Fatal`.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, NamedTuple, TypeVar

import orjson

from chalicelib.errors import Fatal, Retryable
from chalicelib.stores.clients import RETRYABLE_CODES
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse, Transport

Item = dict[str, dict[str, Any]]
"""Attribute values by name, as DynamoDB writes them: {"pk": {"S": "…"}}."""

ATTEMPTS = 8
PAUSE_S, LONGEST_PAUSE_S = 0.05, 5.0

GET_KEYS = 100
"""Keys a BatchGetItem takes (AWS)."""
STATEMENTS = 25
"""Statements a BatchExecuteStatement takes (AWS)."""
REQUEST_BYTES = 4 << 20
"""Of JSON in one call; AWS takes 16 MB."""

RETRYABLE_STATEMENT_CODES = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
    }
)
CONDITION_FAILED_CODE = "ConditionalCheckFailedException"
TRANSACTION_CANCELED_CODE = "TransactionCanceledException"
CONDITION_CODES = frozenset({"ConditionalCheckFailed", "DuplicateItem"})


WorkT = TypeVar("WorkT")
ResultT = TypeVar("ResultT")


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


class Statement(NamedTuple):
    """A PartiQL statement that changes one item, and the values of its question marks."""

    text: str
    parameters: list[dict[str, str]]

    def to_json(self) -> bytes:
        """Returns the statement as DynamoDB reads it."""
        return orjson.dumps({"Statement": self.text, "Parameters": self.parameters})


class DynamoDBClient:
    """A client of DynamoDB. It may be shared between threads; calls that make several requests spread them over threads
    of its own.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        threads: int = 16,
        wait: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._transport = transport
        self._wait = wait
        self._jitter = jitter
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dynamodb")

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Performs one operation and returns its answer. Raises ConditionFailed, for a transaction TransactionCanceled,
        Retryable, or Fatal.
        """
        content = orjson.dumps(request)
        for _ in self._each_attempt():
            answer = self._find_answer(operation, content)
            if answer is not None:
                return answer
        raise Retryable(f"DynamoDB did not take {operation} in {ATTEMPTS} tries.")

    def get_many(self, table: str, keys: Iterable[Item], *, projection: str | None = None) -> list[Item]:
        """Returns items by their keys, which must differ, strongly consistent, in no order and without absent ones."""
        get = partial(self._get_chunk, table, projection)
        return [item for items in self.spread(get, _chunks(list(keys))) for item in items]

    def execute(self, statements: Sequence[Statement]) -> list[bool]:
        """Performs statements, no two of which may mean the same item. Returns whether each was performed: False where
        its condition did not hold.
        """
        batches = list(_batches(one.to_json() for one in statements))
        return [did for performed in self.spread(self._execute_batch, batches) for did in performed]

    def each_page(self, request: dict[str, Any]) -> Iterator[list[Item]]:
        """Yields the pages of a Query, lazily."""
        start: Item | None = None
        while True:
            answer = self.call("Query", {**request, "ExclusiveStartKey": start} if start else request)
            yield answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return

    def spread(self, do: Callable[[WorkT], ResultT], work: Sequence[WorkT]) -> list[ResultT]:
        """Calls `do` with each piece of work, over the threads if there are several, and returns the results in order.
        Must not be called from one of those threads.

        Where one fails, those that have begun are waited for: a request left behind would freeze with its function, and
        write when that is thawed for another call, however late that is.
        """
        if len(work) <= 1:
            return [do(one) for one in work]
        begun = [self._threads.submit(do, one) for one in work]
        if any(one.exception() for one in wait(begun, return_when=FIRST_EXCEPTION).done):
            wait([one for one in begun if not one.cancel()])
        return [one.result() for one in sorted(begun, key=lambda one: one.cancelled())]

    def _get_chunk(self, table: str, projection: str | None, keys: list[Item]) -> list[Item]:
        found: list[Item] = []
        shape = {"ConsistentRead": True, **({"ProjectionExpression": projection} if projection else {})}
        for _ in self._each_attempt():
            answer = self.call("BatchGetItem", {"RequestItems": {table: {"Keys": keys, **shape}}})
            found += answer["Responses"].get(table, [])
            keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not keys:
                return found
        raise Retryable(f"DynamoDB left {len(keys)} keys unread in {ATTEMPTS} rounds.")

    def _execute_batch(self, statements: list[bytes]) -> list[bool]:
        performed: dict[int, bool] = {}
        for _ in self._each_attempt():
            rest = [number for number in range(len(statements)) if number not in performed]
            answers = self._send_statements([statements[number] for number in rest])
            performed |= {number: did for number, did in zip(rest, answers, strict=True) if did is not None}
            if len(performed) == len(statements):
                return [performed[number] for number in range(len(statements))]
        raise Retryable(f"DynamoDB left {len(statements) - len(performed)} statements undone in {ATTEMPTS} rounds.")

    def _send_statements(self, statements: list[bytes]) -> list[bool | None]:
        request = {"Statements": list(map(orjson.Fragment, statements))}
        return [_was_performed(one) for one in self.call("BatchExecuteStatement", request)["Responses"]]

    def _find_answer(self, operation: str, content: bytes) -> dict[str, Any] | None:
        try:
            answer = self._transport.send(operation, content)
        except NoResponse:
            return None
        if answer.status == 200:
            content_: dict[str, Any] = orjson.loads(answer.content)
            return content_
        _raise_unless_retryable(operation, answer)
        return None

    def _each_attempt(self) -> Iterator[int]:
        """Yields the numbers of attempts, and waits between them, longer each time, at random from nothing to the whole
        (full jitter).
        """
        for number in range(ATTEMPTS):
            if number:
                self._wait(self._jitter() * min(LONGEST_PAUSE_S, PAUSE_S * 2**number))
            yield number


def _was_performed(answer: dict[str, Any]) -> bool | None:
    """Returns whether the statement was performed, or None if it must be sent again."""
    error = answer.get("Error")
    if error is None:
        return True
    if error["Code"] in CONDITION_CODES:
        return False
    if error["Code"] in RETRYABLE_STATEMENT_CODES:
        return None
    raise Fatal(f"DynamoDB refused a statement: {error['Code']}: {error.get('Message', '')}")


def _raise_unless_retryable(operation: str, answer: HttpResponse) -> None:
    if answer.status >= 500 or answer.status == 429:
        return
    try:
        error = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        error = {}
    code = str(error.get("__type", "")).rpartition("#")[2]
    if code == CONDITION_FAILED_CODE:
        raise ConditionFailed(error.get("Item"))
    if code == TRANSACTION_CANCELED_CODE and _is_retryable(error["CancellationReasons"]):
        return
    if code not in RETRYABLE_CODES:
        text = error.get("message") or error.get("Message") or ""
        raise Fatal(f"DynamoDB refused {operation}: {code or answer.status}: {text}")


def _is_retryable(reasons: Sequence[dict[str, Any]]) -> bool:
    """Returns whether a transaction was canceled for what passes: throttling, or another one that was under way. Raises
    TransactionCanceled where a condition did not hold.
    """
    failed = [one.get("Code") in CONDITION_CODES for one in reasons]
    if any(failed):
        pairs = zip(reasons, failed, strict=True)
        raise TransactionCanceled([ConditionFailed(one.get("Item")) if did else None for one, did in pairs])
    return {one.get("Code") for one in reasons} <= RETRYABLE_STATEMENT_CODES | {None, "None"}


def _chunks(keys: list[Item]) -> list[list[Item]]:
    return [keys[start : start + GET_KEYS] for start in range(0, len(keys), GET_KEYS)]


def _batches(statements: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yields batches of as many statements, and bytes, as one call takes."""
    batch: list[bytes] = []
    size_bytes = 0
    for one in statements:
        if batch and (len(batch) == STATEMENTS or size_bytes + len(one) > REQUEST_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(one)
        size_bytes += len(one)
    if batch:
        yield batch
