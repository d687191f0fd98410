"""What can go wrong with one request to DynamoDB, and the real stores over tables on which it does."""

import gzip
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import TypeVar

import orjson

from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.answers import Item
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse
from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.faults.crash import Crash
from tests.faults.fake_table import THROTTLED, FakeTables
from tests.faults.recorder import OUTSIDE, current_function

RECORDS = "records"

Given = TypeVar("Given")
Result = TypeVar("Result")


class SequentialClient(DynamoDBClient):
    """Sends one request after the other, so that every run is the same."""

    def spread(self, do: Callable[[Given], Result], work: Sequence[Given]) -> list[Result]:
        return [do(one) for one in work]


RequestFault = Callable[[FakeTables, str, bytes], HttpResponse]


def crash_before(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    raise Crash


def crash_after(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    tables.send(operation, content)
    raise Crash


def answer_lost(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """Performs the request and loses its answer: the client itself sends it again."""
    tables.send(operation, content)
    raise NoResponse


def never_sent(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    raise NoResponse


def throttled(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    return HttpResponse(400, b'{"__type": "com.amazonaws.dynamodb#ThrottlingException"}')


def broken(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """Performs the request, and answers it with a 500 all the same."""
    tables.send(operation, content)
    return HttpResponse(500, b"")


def garbled(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """Performs the request, and answers it with what is no JSON, as a proxy that has packed it does."""
    return HttpResponse(200, gzip.compress(tables.send(operation, content).content, mtime=0))


def cut_short(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """Performs the request, and answers it with whole JSON in which the half of what it should tell is missing."""
    answer = orjson.loads(tables.send(operation, content).content)
    if operation != "BatchExecuteStatement":
        return HttpResponse(200, b"[]")
    return HttpResponse(200, orjson.dumps({"Responses": answer["Responses"][: len(answer["Responses"]) // 2]}))


def signed_too_early(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """The function was frozen between signing and sending, or its clock is wrong for a moment."""
    return _refused("InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than …")


def token_expired(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """The role's credentials have been replaced meanwhile."""
    return _refused("ExpiredTokenException", "The security token included in the request is expired")


def _refused(code: str, message: str) -> HttpResponse:
    return HttpResponse(400, orjson.dumps({"__type": f"com.amazon.coral.service#{code}", "message": message}))


def in_part(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    """Performs every other statement, or reads every other key, and leaves the rest for another request."""
    request = orjson.loads(content)
    if operation == "BatchExecuteStatement":
        answers = [
            {"Error": {"Code": THROTTLED}} if number % 2 else tables.perform(one)
            for number, one in enumerate(request["Statements"])
        ]
        return HttpResponse(200, orjson.dumps({"Responses": answers}))
    if operation == "BatchGetItem":
        ((name, requested),) = request["RequestItems"].items()
        some = {name: {**requested, "Keys": requested["Keys"][::2]}}
        answer = orjson.loads(tables.send(operation, orjson.dumps({"RequestItems": some})).content)
        rest = {name: {**requested, "Keys": requested["Keys"][1::2]}} if len(requested["Keys"]) > 1 else {}
        return HttpResponse(200, orjson.dumps({**answer, "UnprocessedKeys": rest}))
    return throttled(tables, operation, content)


def crash_in_part(tables: FakeTables, operation: str, content: bytes) -> HttpResponse:
    in_part(tables, operation, content)
    raise Crash


REQUEST_FAULTS: dict[str, RequestFault] = {
    "crash before": crash_before,
    "crash after": crash_after,
    "crash in part": crash_in_part,
    "answer lost": answer_lost,
    "never sent": never_sent,
    "throttled": throttled,
    "done, 500": broken,
    "in part": in_part,
    "done, garbled": garbled,
    "done, cut short": cut_short,
    "signed too early": signed_too_early,
    "token expired": token_expired,
}


class UnreliableTransport:
    """A transport to tables in memory on which some requests go wrong: of those that functions of the service make."""

    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables
        self.sent = 0
        self.operations: list[tuple[str, bytes]] = []
        """What was sent, in order."""
        self.before_each: Callable[[], None] = lambda: None
        self._at = self._until = -1
        self._fault: RequestFault = never_sent

    def inject(self, at: int, fault: RequestFault, *, times: int = 1) -> None:
        self._at, self._until, self._fault = at, at + times, fault

    def send(self, operation: str, content: bytes) -> HttpResponse:
        self.before_each()
        if current_function() == OUTSIDE:
            return self.tables.send(operation, content)
        number, self.sent = self.sent, self.sent + 1
        self.operations.append((operation, content))
        if self._at <= number < self._until:
            return self._fault(self.tables, operation, content)
        return self.tables.send(operation, content)


class TableRecords(DynamoDBRecords):
    """The real store of records over tables in memory."""

    def __init__(self, *, wait: Callable[[float], None] = lambda _: None) -> None:
        tables = FakeTables()
        self.table = tables.table(RECORDS)
        self.transport = UnreliableTransport(tables)
        self.client = SequentialClient(self.transport, threads=1, timing=Timing(wait=wait, jitter=lambda: 0.5))
        numbers = count(1)
        super().__init__(
            self.client,
            RECORDS,
            wait=wait,
            new_token=lambda: f"call{next(numbers)}",
        )

    def each_item(self, kind: str, tenant_id: TenantId, resource: str) -> Iterator[tuple[str, str, Item]]:
        """Yields the key, the sort key and the whole of every item of a kind."""
        prefix = f"{kind}#{tenant_id}#{resource}#"
        for (pk, sk), item in list(self.table.items.items()):
            if pk.startswith(prefix):
                yield pk[len(prefix) :], sk, item
