"""The thin DynamoDB client: attribute values made by hand, orjson, many statements in one call.

Comes in: requests and items in DynamoDB's own JSON. Goes out: its answers, or `ConditionFailed`. boto3 spends ten times
more CPU on this, and 50 ms before its first call. Calls that are lost are repeated a few times with full jitter, and
end as `Retryable`. What is throttled is sent again, more slowly (`pace.py`), while the function lasts, and ends as
`Throttled`; so does what is not sent because the function is nearly over. What no repetition helps ends as `Fatal`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, TypeVar

import orjson

from chalicelib.errors import Retryable
from chalicelib.stores.dynamodb.answers import Answer, Item, Unanswered, answer_of
from chalicelib.stores.dynamodb.client_http import NoResponse, Transport
from chalicelib.stores.dynamodb.pace import READ_PACE, REAL_TIMING, WRITE_PACE, Pace, Timing
from chalicelib.stores.dynamodb.statements import Statement
from chalicelib.stores.invocation import LAST_REQUEST_S, READING_RESERVE_S, Invocation

ATTEMPTS = 8
"""How often a call is made whose answers are lost; throttled ones are not counted."""
PAUSE_S, LONGEST_PAUSE_S = 0.05, 5.0

GET_KEYS = 100
"""Keys a BatchGetItem takes (AWS)."""
STATEMENTS = 25
"""Statements a BatchExecuteStatement takes (AWS)."""
SELECTED_PARTITIONS = 50
"""Partition keys that a statement may name behind IN (AWS)."""
REQUEST_BYTES = 4 << 20
"""Of JSON in one call; AWS takes 16 MB."""

WorkT = TypeVar("WorkT")
ResultT = TypeVar("ResultT")


class DynamoDBClient:
    """A client of DynamoDB. It may be shared between threads; calls that make several requests spread them over threads
    of its own. Statements, and keys that are read, go out at a pace that all its threads share.
    """

    def __init__(
        self,
        transport: Transport,
        invocation: Invocation | None = None,
        *,
        threads: int = 16,
        timing: Timing = REAL_TIMING,
    ) -> None:
        self._transport = transport
        self._invocation = invocation or Invocation()
        self._timing = timing
        self._write_pace = Pace(WRITE_PACE, self._invocation, timing)
        self._read_pace = Pace(READ_PACE, self._invocation, timing)
        self.lost_writes = 0
        """How many answers to statements were lost: such statements may be performed later, for all we know."""
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dynamodb")

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Performs one operation and returns its answer. Raises ConditionFailed, for a transaction TransactionCanceled,
        Throttled, Retryable, or Fatal.
        """
        content, repeats = orjson.dumps(request), self._repeats(operation)
        while True:
            answer = self._send(operation, content)
            if not isinstance(answer, Unanswered):
                return answer.content
            repeats.wait_after(answer)

    def get_many(
        self, table: str, keys: Iterable[Item], *, projection: str | None = None, may_lag: bool = False
    ) -> list[Item]:
        """Returns items by their keys, which must differ, in no order and without absent ones; strongly consistent, or
        with `may_lag` as they were a moment ago, which costs half.
        """
        shape = {"ConsistentRead": not may_lag, **({"ProjectionExpression": projection} if projection else {})}
        get = partial(self._get_chunk, table, shape)
        return [item for items in self.spread(get, _chunks(list(keys))) for item in items]

    def execute(self, statements: Sequence[Statement], *, leaving_s: float | None = None) -> list[bool]:
        """Performs statements, no two of which may mean the same item. Returns whether each was performed: False where
        its condition did not hold. `leaving_s` is what to leave of the function's time; None leaves time to find out
        what was written.
        """
        batches = list(_batches(statements))
        execute = partial(self._execute_batch, leaving_s)
        return [did for performed in self.spread(execute, batches) for did in performed]

    def each_page(self, request: dict[str, Any]) -> Iterator[list[Item]]:
        """Yields the pages of a Query, lazily."""
        start: Item | None = None
        while True:
            answer = self.call("Query", {**request, "ExclusiveStartKey": start} if start else request)
            yield answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return

    def select_partitions(self, table: str, pks: Sequence[str]) -> tuple[list[Item], bool]:
        """Returns key and `record_id` of the items of up to `SELECTED_PARTITIONS` partitions, strongly consistent, and
        whether they are all: an answer ends at 1 MB (AWS).
        """
        marks = ",".join("?" * len(pks))
        text = f'SELECT "pk","sk","record_id" FROM "{table}" WHERE "pk" IN [{marks}]'  # noqa: S608 - no value stands in it
        parameters = [{"S": pk} for pk in pks]
        answer = self.call("ExecuteStatement", {"Statement": text, "Parameters": parameters, "ConsistentRead": True})
        return answer["Items"], "NextToken" not in answer

    def select_listed(self, table: str, index: str, list_pks: Sequence[str], bounds: tuple[str, str]) -> list[Item]:
        """Returns key and `list_sk` of the items of these lists whose `list_sk` lies between the bounds, in no order; a
        moment behind the table. Each request asks for `SELECTED_PARTITIONS` lists.
        """
        together = [list_pks[at : at + SELECTED_PARTITIONS] for at in range(0, len(list_pks), SELECTED_PARTITIONS)]
        select = partial(self._select_between, f'"{table}"."{index}"', bounds)
        return [item for items in self.spread(select, together) for item in items]

    def _select_between(self, index: str, bounds: tuple[str, str], list_pks: Sequence[str]) -> list[Item]:
        marks = ",".join("?" * len(list_pks))
        columns, condition = '"pk","sk","list_sk"', f'"list_pk" IN [{marks}] AND "list_sk" BETWEEN ? AND ?'
        text = f"SELECT {columns} FROM {index} WHERE {condition}"  # noqa: S608 - no value stands in it
        request: dict[str, Any] = {"Statement": text, "Parameters": [{"S": one} for one in (*list_pks, *bounds)]}
        items: list[Item] = []
        while True:
            answer = self.call("ExecuteStatement", request)
            items += answer["Items"]
            if "NextToken" not in answer:
                return items
            request["NextToken"] = answer["NextToken"]

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

    def _get_chunk(self, table: str, shape: dict[str, Any], keys: list[Item]) -> list[Item]:
        found: list[Item] = []
        repeats = self._repeats("BatchGetItem")
        while keys:
            self._read_pace.acquire(len(keys))
            request = {"RequestItems": {table: {"Keys": keys, **shape}}}
            answer = self._send("BatchGetItem", orjson.dumps(request))
            read = _items_and_left(answer, table, keys)
            if read is None:
                repeats.wait_after(Unanswered.LOST)
                continue
            items, left = read
            is_full = isinstance(answer, Answer) and answer.is_full
            self._read_pace.learn(len(keys), throttled=0 if is_full else len(left))
            found += items
            keys = left
        return found

    def _execute_batch(self, leaving_s: float | None, statements: list[Statement]) -> list[bool]:
        performed: dict[int, bool] = {}
        repeats = self._repeats("BatchExecuteStatement")
        while rest := [number for number in range(len(statements)) if number not in performed]:
            self._write_pace.acquire(len(rest), leaving_s=leaving_s)
            answers = self._send_statements([statements[number] for number in rest])
            performed |= {number: did for number, did in zip(rest, answers, strict=True) if isinstance(did, bool)}
            self._write_pace.learn(len(rest), throttled=answers.count(Unanswered.THROTTLED))
            if Unanswered.LOST in answers:
                self.lost_writes += 1
                repeats.wait_after(Unanswered.LOST)
        return [performed[number] for number in range(len(statements))]

    def _send_statements(self, statements: list[Statement]) -> list[bool | Unanswered]:
        answer = self._send("BatchExecuteStatement", b'{"Statements":[%b]}' % b",".join(statements))
        if isinstance(answer, Unanswered):
            return [answer] * len(statements)
        return answer.performed(len(statements))

    def _send(self, operation: str, content: bytes) -> Answer | Unanswered:
        self._invocation.ensure_time_for(0, leaving_s=LAST_REQUEST_S)
        try:
            response = self._transport.send(operation, content)
        except NoResponse:
            return Unanswered.LOST
        return answer_of(operation, response)

    def _repeats(self, what: str) -> "_Repeats":
        return _Repeats(what, self._invocation, self._timing)


class _Repeats:
    """The repeats of one call: lost ones are counted, throttled ones go on while there is time."""

    def __init__(self, what: str, invocation: Invocation, timing: Timing) -> None:
        self._what = what
        self._invocation = invocation
        self._timing = timing
        self._repeats = Counter[Unanswered]()

    def wait_after(self, why: Unanswered) -> None:
        """Waits before the next try, longer each time, at random from nothing to the whole (full jitter). Raises
        Retryable where none is left, Throttled where the function does not last so long.
        """
        self._repeats[why] += 1
        if self._repeats[Unanswered.LOST] == ATTEMPTS:
            raise Retryable(f"DynamoDB did not answer {self._what} in {ATTEMPTS} tries.")
        doublings = min(self._repeats.total(), 30)
        delay_s = self._timing.jitter() * min(LONGEST_PAUSE_S, PAUSE_S * 2**doublings)
        if why is Unanswered.THROTTLED:
            self._invocation.count_throttled(1)
        self._invocation.ensure_time_for(delay_s, leaving_s=READING_RESERVE_S)
        self._timing.wait(delay_s)


def _items_and_left(answer: Answer | Unanswered, table: str, keys: list[Item]) -> tuple[list[Item], list[Item]] | None:
    """Returns what a request for keys has brought and has left; None where its answer was lost."""
    if isinstance(answer, Answer):
        return answer.items_and_left(table)
    return ([], keys) if answer is Unanswered.THROTTLED else None


def _chunks(keys: list[Item]) -> list[list[Item]]:
    return [keys[start : start + GET_KEYS] for start in range(0, len(keys), GET_KEYS)]


def _batches(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Yields batches of as many statements, and bytes, as one call takes."""
    batch: list[Statement] = []
    size_bytes = 0
    for one in statements:
        if batch and (len(batch) == STATEMENTS or size_bytes + len(one) > REQUEST_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(one)
        size_bytes += len(one)
    if batch:
        yield batch
