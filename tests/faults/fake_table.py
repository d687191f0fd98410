"""DynamoDB in memory, as far as the records table asks for it, and what can go wrong with one request.

In comes what the thin client sends; out goes what DynamoDB would answer. Statements of a batch are performed one by
one, each on its condition: an insert over an item is refused, so is an update of nothing, a deletion of nothing is not.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar

import orjson

from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.client import DynamoDBClient, Item
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse
from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.dynamodb.record_items import StoredRecord, from_item
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.faults.crash import Crash

INSERT = re.compile(r'INSERT INTO "\w+" VALUE \{(?P<pairs>.*)\}')
CHANGE = re.compile(r'(?P<verb>UPDATE|DELETE FROM) "\w+"(?P<changes>.*) WHERE (?P<where>.*)')
SET, REMOVE = re.compile(r'SET "(\w+)"=\?'), re.compile(r'REMOVE "(\w+)"')
COMPARISON = re.compile(r'"(\w+)"(=|<=|<)\?')
THROTTLED = "ProvisionedThroughputExceeded"

Given = TypeVar("Given")
Result = TypeVar("Result")
Key = tuple[str, str]
Value = dict[str, str]


class FakeTable:
    """A `Transport` to tables that lie in memory."""

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self.watch: Callable[[StoredRecord | None, StoredRecord], None] = lambda before, after: None
        """Called with a record before and after every change of it."""

    def send(self, operation: str, content: bytes) -> HttpResponse:
        request = orjson.loads(content)
        answer = {
            "GetItem": self._get,
            "BatchGetItem": self._get_many,
            "Query": self._query,
            "BatchExecuteStatement": self._execute,
        }[operation](request)
        return HttpResponse(200, orjson.dumps(answer))

    def _get(self, request: Any) -> dict[str, Any]:
        item = self.items.get(_key_of(request["Key"]))
        return {"Item": item} if item else {}

    def _get_many(self, request: Any) -> dict[str, Any]:
        ((name, requested),) = request["RequestItems"].items()
        keys = [_key_of(one) for one in requested["Keys"]]
        assert len(set(keys)) == len(keys), "a key was asked for twice"
        return {"Responses": {name: [self.items[key] for key in keys if key in self.items]}}

    def _query(self, request: Any) -> dict[str, Any]:
        values = request["ExpressionAttributeValues"]
        pk, after = values[":pk"]["S"], values.get(":after", {"S": ""})["S"]
        start = request.get("ExclusiveStartKey")
        after = start["sk"]["S"] if start else after
        found = sorted(key for key in self.items if key[0] == pk and key[1] > after)
        page = found[: request.get("Limit", 2)]
        items = [self.items[key] for key in page]
        rest = {"LastEvaluatedKey": {"pk": {"S": pk}, "sk": {"S": page[-1][1]}}} if len(found) > len(page) else {}
        return {"Items": items, **rest}

    def _execute(self, request: Any) -> dict[str, Any]:
        return {"Responses": [self.perform(one) for one in request["Statements"]]}

    def perform(self, statement: Any) -> dict[str, Any]:
        text, parameters = statement["Statement"], statement["Parameters"]
        inserting = INSERT.fullmatch(text)
        if inserting:
            return self._insert(dict(zip(re.findall(r"'(\w+)': \?", inserting["pairs"]), parameters, strict=True)))
        changing = CHANGE.fullmatch(text)
        assert changing, text
        return self._change(changing, parameters)

    def _insert(self, item: Item) -> dict[str, Any]:
        key = _key_of(item)
        if key in self.items:
            return {"Error": {"Code": "DuplicateItem"}}
        self._put(key, item)
        return {}

    def _change(self, found: re.Match[str], parameters: list[Value]) -> dict[str, Any]:
        names, is_update = SET.findall(found["changes"]), found["verb"] == "UPDATE"
        values = dict(zip(names, parameters, strict=False))
        conditions = list(zip(COMPARISON.findall(found["where"]), parameters[len(names) :], strict=True))
        key = (conditions[0][1]["S"], conditions[1][1]["S"])
        item = self.items.get(key)
        if item is None and not is_update:
            return {}
        if item is None or not all(_holds(item, name, sign, value) for (name, sign), value in conditions):
            return {"Error": {"Code": "ConditionalCheckFailed"}}
        if is_update:
            kept = {name: value for name, value in item.items() if name not in REMOVE.findall(found["changes"])}
            self._put(key, {**kept, **values})
        else:
            del self.items[key]
        return {}

    def _put(self, key: Key, item: Item) -> None:
        before = self.items.get(key)
        self.items[key] = item
        if key[0].startswith("REC#"):
            self.watch(from_item(before) if before else None, from_item(item))


def _holds(item: Item, name: str, sign: str, value: Value) -> bool:
    if sign == "=":
        return item.get(name) == value
    stored, requested = int(item[name]["N"]), int(value["N"])
    return stored < requested if sign == "<" else stored <= requested


def _key_of(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


class SequentialClient(DynamoDBClient):
    """Sends one request after the other, so that every run is the same."""

    def spread(self, do: Callable[[Given], Result], work: Sequence[Given]) -> list[Result]:
        return [do(one) for one in work]


RequestFault = Callable[[FakeTable, str, bytes], HttpResponse]


def crash_before(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    raise Crash


def crash_after(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    table.send(operation, content)
    raise Crash


def answer_lost(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    """Performs the request and loses its answer: the client itself sends it again."""
    table.send(operation, content)
    raise NoResponse


def never_sent(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    raise NoResponse


def throttled(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    return HttpResponse(400, b'{"__type": "com.amazonaws.dynamodb#ThrottlingException"}')


def broken(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    """Performs the request, and answers it with a 500 all the same."""
    table.send(operation, content)
    return HttpResponse(500, b"")


def in_part(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    """Performs every other statement, or reads every other key, and leaves the rest for another request."""
    request = orjson.loads(content)
    if operation == "BatchExecuteStatement":
        answers = [
            {"Error": {"Code": THROTTLED}} if number % 2 else table.perform(one)
            for number, one in enumerate(request["Statements"])
        ]
        return HttpResponse(200, orjson.dumps({"Responses": answers}))
    if operation == "BatchGetItem":
        ((name, requested),) = request["RequestItems"].items()
        some = {name: {**requested, "Keys": requested["Keys"][::2]}}
        answer = orjson.loads(table.send(operation, orjson.dumps({"RequestItems": some})).content)
        rest = {name: {**requested, "Keys": requested["Keys"][1::2]}} if len(requested["Keys"]) > 1 else {}
        return HttpResponse(200, orjson.dumps({**answer, "UnprocessedKeys": rest}))
    return throttled(table, operation, content)


def crash_in_part(table: FakeTable, operation: str, content: bytes) -> HttpResponse:
    in_part(table, operation, content)
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
}


class UnreliableTransport:
    """A transport to a table in memory on which some requests go wrong."""

    def __init__(self, table: FakeTable) -> None:
        self.table = table
        self.sent = 0
        self.before_each: Callable[[], None] = lambda: None
        self._at = self._until = -1
        self._fault: RequestFault = never_sent

    def inject(self, at: int, fault: RequestFault, *, times: int = 1) -> None:
        self._at, self._until, self._fault = at, at + times, fault

    def send(self, operation: str, content: bytes) -> HttpResponse:
        self.before_each()
        number, self.sent = self.sent, self.sent + 1
        if self._at <= number < self._until:
            return self._fault(self.table, operation, content)
        return self.table.send(operation, content)


class TableRecords(DynamoDBRecords):
    """The real store over a table in memory."""

    def __init__(self, *, wait: Callable[[float], None] = lambda _: None) -> None:
        self.table = FakeTable()
        self.transport = UnreliableTransport(self.table)
        numbers = count(1)
        super().__init__(
            SequentialClient(self.transport, threads=1, timing=Timing(wait=wait, jitter=lambda: 0.5)),
            "records",
            wait=wait,
            new_token=lambda: f"call{next(numbers)}",
        )

    def each_item(self, kind: str, tenant_id: TenantId, resource: str) -> Iterator[tuple[str, str, Item]]:
        """Yields the key, the sort key and the whole of every item of a kind."""
        prefix = f"{kind}#{tenant_id}#{resource}#"
        for (pk, sk), item in list(self.table.items.items()):
            if pk.startswith(prefix):
                yield pk[len(prefix) :], sk, item
