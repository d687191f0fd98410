"""DynamoDB in memory, as far as the stores ask for it: conditions and updates are evaluated as they are written.

In comes what the thin client sends; out goes what DynamoDB would answer. Statements of a batch are performed one by
one, each on its condition: an insert over an item is refused, so is an update of nothing, a deletion of nothing is not.
Pages hold two items unless told otherwise, so that everything that is queried is queried page by page.
"""

import re
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

import orjson

from chalicelib.stores.dynamodb.answers import CONDITION_FAILED_CODE, TRANSACTION_CANCELED_CODE, Item
from chalicelib.stores.dynamodb.client import SELECTED_PARTITIONS
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.dynamodb.control_table import LISTS
from chalicelib.stores.dynamodb.record_items import StoredRecord, from_item
from tests.faults.expressions import Given, holds, updated

INSERT = re.compile(r'INSERT INTO "[^"]+" VALUE \{(?P<pairs>.*)\}')
CHANGE = re.compile(r'(?P<verb>UPDATE|DELETE FROM) "[^"]+"(?P<changes>.*) WHERE (?P<where>.*)')
SELECTED = re.compile(r'SELECT "pk","sk","record_id" FROM "([^"]+)" WHERE "pk" IN \[[?,]+\]')
LISTED = re.compile(
    r'SELECT "pk","sk","list_sk" FROM "(?P<table>[^"]+)"\."lists" WHERE "list_pk" IN \[[?,]+\] '
    r'AND "list_sk" BETWEEN \? AND \?'
)
TABLE = re.compile(r'(?:INTO|UPDATE|FROM) "([^"]+)"')
SET, REMOVE = re.compile(r'SET "(\w+)"=\?'), re.compile(r'REMOVE "(\w+)"')
COMPARISON = re.compile(r'"(\w+)"(=|<=|<)\?')
COMPARISONS = re.compile(rf"{COMPARISON.pattern}(?: AND {COMPARISON.pattern})*")
THROTTLED = "ProvisionedThroughputExceeded"
PAGE_ITEMS = 2
KEYS_OF_LISTS = ("pk", "sk", "list_pk", "list_sk")

Key = tuple[str, str]
Value = dict[str, str]


class ConditionRefused(Exception):
    """A condition did not hold on this item; None where there is none."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("The conditional request failed")
        self.item = item

    def disclosed_to(self, request: Any) -> dict[str, Any]:
        """Returns the part of an answer that shows the item, where the request asked for it."""
        is_shown = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and self.item
        return {"Item": self.item} if is_shown else {}


class FakeTables:
    """A `Transport` to tables that lie in memory; a table is made when it is first named."""

    def __init__(self, page_items: int = PAGE_ITEMS) -> None:
        self._lock = RLock()
        self._page_items = page_items
        self._tables: dict[str, FakeTable] = {}
        self.is_behind: Callable[[], bool] = lambda: False
        """Asked for each key of a read that may lag: whether it brings what there was before the key's last change."""
        self._performed: set[str] = set()
        """The tokens of transactions that were performed; one that is sent again does nothing."""

    def table(self, name: str) -> "FakeTable":
        """Returns the table of this name."""
        return self._tables.setdefault(name, FakeTable(self._page_items))

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Performs one operation, as `Transport.send` promises; one after the other. Reads must ask for consistency
        wherever DynamoDB has it, since whatever is read here may decide about a write; all but those of claims, which
        transforming looks for and each write makes sure of.
        """
        with self._lock:
            request = orjson.loads(content)
            assert _is_consistent(operation, request), f"{operation} reads what may be out of date: {request}"
            return self._answer(operation, request)

    def _answer(self, operation: str, request: Any) -> HttpResponse:
        if operation == "TransactWriteItems":
            return self._write_all(request)
        try:
            return HttpResponse(200, orjson.dumps(self._perform(operation, request)))
        except ConditionRefused as refused:
            return _error(CONDITION_FAILED_CODE, **refused.disclosed_to(request))

    def _write_all(self, request: Any) -> HttpResponse:
        """Performs a transaction: all of its writes, or none where one of their conditions does not hold."""
        token, writes = request["ClientRequestToken"], request["TransactItems"]
        if token in self._performed:
            return HttpResponse(200, b"{}")
        reasons = [self._refusal(verb, write) for one in writes for verb, write in one.items()]
        if any(reasons):
            none = {"Code": "None"}
            return _error(TRANSACTION_CANCELED_CODE, CancellationReasons=[reason or none for reason in reasons])
        for one in writes:
            for verb, write in one.items():
                self.table(write["TableName"]).answer(f"{verb}Item", write)
        self._performed.add(token)
        return HttpResponse(200, b"{}")

    def _refusal(self, verb: str, write: Any) -> dict[str, Any] | None:
        try:
            self.table(write["TableName"]).demand_condition(_key_of(write["Item" if verb == "Put" else "Key"]), write)
        except ConditionRefused as refused:
            return {"Code": "ConditionalCheckFailed", **refused.disclosed_to(write)}
        return None

    def _perform(self, operation: str, request: Any) -> dict[str, Any]:
        if operation == "BatchExecuteStatement":
            return {"Responses": [self.perform(one) for one in request["Statements"]]}
        if operation == "BatchGetItem":
            ((name, wanted),) = request["RequestItems"].items()
            table, keys = self.table(name), wanted["Keys"]
            return {
                "Responses": {
                    name: table.get_many(keys, (lambda: False) if wanted["ConsistentRead"] else self.is_behind)
                }
            }
        if operation == "ExecuteStatement":
            listed = LISTED.fullmatch(request["Statement"])
            if listed:
                return self.table(listed["table"]).select_listed(request["Parameters"], request.get("NextToken", "0"))
            return {"Items": self.table(selected_table(request)).select_partitions(request["Parameters"])}
        return self.table(request["TableName"]).answer(operation, request)

    def perform(self, statement: Any) -> dict[str, Any]:
        """Performs one statement of a batch."""
        named = TABLE.search(statement["Statement"])
        assert named, statement
        return self.table(named[1]).perform(statement)


def selected_table(request: Any) -> str:
    """Returns the table of which a statement lists partitions; it must be a strongly consistent read."""
    found = SELECTED.fullmatch(request["Statement"])
    assert found, request
    assert request["ConsistentRead"]
    return found[1]


class FakeTable:
    """One table, and the index `lists` over it."""

    def __init__(self, page_items: int) -> None:
        self._page_items = page_items
        self.items: dict[Key, Item] = {}
        self.earlier: dict[Key, Item | None] = {}
        """What there was before the last change of each key."""
        self.watch: Callable[[StoredRecord | None, StoredRecord], None] = lambda before, after: None
        """Called with a record before and after every change of it."""
        self.watch_items: Callable[[Item | None, Item | None], None] = lambda before, after: None
        """Called with any item before and after every change of it, None where there is none."""

    def answer(self, operation: str, request: Any) -> dict[str, Any]:
        """Returns what DynamoDB answers to an operation on one item, or to a query. Raises ConditionRefused."""
        known = {
            "GetItem": self._get,
            "PutItem": self._put_item,
            "UpdateItem": self._update_item,
            "DeleteItem": self._delete_item,
            "Query": self._query,
        }
        return known[operation](request)

    def get_many(self, keys: list[Any], is_behind: Callable[[], bool] = lambda: False) -> list[Item]:
        """Returns the items under these keys, without absent ones; of those for which `is_behind` says so, what there
        was before their last change.
        """
        asked = [_key_of(one) for one in keys]
        assert len(set(asked)) == len(asked), "a key was asked for twice"
        found = [self.earlier[key] if key in self.earlier and is_behind() else self.items.get(key) for key in asked]
        return [one for one in found if one is not None]

    def select_partitions(self, pks: list[Any]) -> list[Item]:
        """Returns key and `record_id` of all items of these partitions."""
        asked, names = [one["S"] for one in pks], ("pk", "sk", "record_id")
        found = [item for (pk, _), item in self.items.items() if pk in asked]
        return [{name: item[name] for name in names if name in item} for item in found]

    def select_listed(self, parameters: list[Any], token: str) -> dict[str, Any]:
        """Returns a page of the keys of the items of these lists between the last two parameters, behind the token."""
        *asked, since, before = [one["S"] for one in parameters]
        assert len(set(asked)) == len(asked) <= SELECTED_PARTITIONS, "a list was asked for twice, or too many"
        found = [
            {name: item[name] for name in ("pk", "sk", "list_sk")}
            for item in self.items.values()
            if item.get("list_pk", {}).get("S") in asked and since <= item["list_sk"]["S"] <= before
        ]
        end = int(token) + self._page_items
        return {"Items": found[int(token) : end], **({"NextToken": str(end)} if len(found) > end else {})}

    def _get(self, request: Any) -> dict[str, Any]:
        item = self.items.get(_key_of(request["Key"]))
        return {"Item": item} if item else {}

    def _put_item(self, request: Any) -> dict[str, Any]:
        key = _key_of(request["Item"])
        self.demand_condition(key, request)
        self._put(key, request["Item"])
        return {}

    def _update_item(self, request: Any) -> dict[str, Any]:
        key = _key_of(request["Key"])
        before = self.demand_condition(key, request)
        after = updated(request["UpdateExpression"], _given({**request["Key"], **before}, request))
        self._put(key, after)
        is_whole = request.get("ReturnValues") == "ALL_NEW"
        return {"Attributes": after if is_whole else {n: v for n, v in after.items() if before.get(n) != v}}

    def _delete_item(self, request: Any) -> dict[str, Any]:
        key = _key_of(request["Key"])
        self.demand_condition(key, request)
        self._remove(key)
        return {}

    def demand_condition(self, key: Key, request: Any) -> Item:
        """Returns the item, empty where there is none. Raises ConditionRefused unless the condition holds on it."""
        item = self.items.get(key)
        if not holds(request.get("ConditionExpression", ""), _given(item or {}, request)):
            raise ConditionRefused(item)
        return item or {}

    def _query(self, request: Any) -> dict[str, Any]:
        is_listed, is_reversed = request.get("IndexName") == LISTS, not request.get("ScanIndexForward", True)
        pk, sk = ("list_pk", "list_sk") if is_listed else ("pk", "sk")

        def place(item: Item) -> tuple[str, Key]:
            return item[sk]["S"], _key_of(item)

        items = [item for item in self.items.values() if item.get(pk) == request["ExpressionAttributeValues"][":pk"]]
        found = [item for item in items if holds(request["KeyConditionExpression"], _given(item, request))]
        found.sort(key=place, reverse=is_reversed)
        if start := request.get("ExclusiveStartKey"):
            found = [
                item for item in found if (place(item) < place(start) if is_reversed else place(item) > place(start))
            ]
        page = found[: request.get("Limit", self._page_items)]
        keys = [{name: item[name] for name in KEYS_OF_LISTS if name in item} for item in page]
        rest = {"LastEvaluatedKey": keys[-1]} if len(found) > len(page) else {}
        return {"Items": keys if is_listed else page, **rest}

    def perform(self, statement: Any) -> dict[str, Any]:
        """Performs one statement of PartiQL."""
        text, parameters = statement["Statement"], statement["Parameters"]
        inserting = INSERT.fullmatch(text)
        if inserting:
            return self._insert(dict(zip(re.findall(r"'(\w+)': \?", inserting["pairs"]), parameters, strict=True)))
        changing = CHANGE.fullmatch(text)
        assert changing, text
        assert COMPARISONS.fullmatch(changing["where"]), text
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
            self._remove(key)
        return {}

    def _put(self, key: Key, item: Item) -> None:
        before = self.items.get(key)
        self.earlier[key] = self.items.get(key)
        self.items[key] = item
        self.watch_items(before, item)
        if key[0].startswith("REC#"):
            self.watch(from_item(before) if before else None, from_item(item))

    def _remove(self, key: Key) -> None:
        self.earlier[key] = self.items.pop(key, None)
        self.watch_items(self.earlier[key], None)


def _holds(item: Item, name: str, sign: str, value: Value) -> bool:
    if sign == "=":
        return item.get(name) == value
    stored, requested = int(item[name]["N"]), int(value["N"])
    return stored < requested if sign == "<" else stored <= requested


def _key_of(item: Mapping[str, Any]) -> Key:
    return (item["pk"]["S"], item["sk"]["S"]) if "pk" in item else (item["id"]["S"], "")


def _error(code: str, **rest: Any) -> HttpResponse:
    return HttpResponse(400, orjson.dumps({"__type": f"com.amazonaws.dynamodb#{code}", "message": code, **rest}))


def _given(item: Item, request: Any) -> Given:
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    return Given(item, names, values)


def _is_consistent(operation: str, request: Any) -> bool:
    """Returns whether all that a request reads is up to date; indices never are."""
    if operation == "BatchGetItem":
        return all(one["ConsistentRead"] or _are_claims(one["Keys"]) for one in request["RequestItems"].values())
    is_read = operation == "GetItem" or (operation == "Query" and "IndexName" not in request)
    return not is_read or bool(request.get("ConsistentRead"))


def _are_claims(keys: list[Any]) -> bool:
    """Returns whether keys are those of claims, among which the number of shards may be, which never changes."""
    return all(one["pk"]["S"].startswith(("CLAIM#", "SHARDS#")) for one in keys)
