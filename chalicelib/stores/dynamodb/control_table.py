"""The control table: one item read or changed at a time.

Comes in: keys, values, conditions. Goes out: items as plain values. A value that is neither text, number nor flag is
kept as JSON text, which its reader has to parse. Every change leaves a token of its own in the item, by which a call
whose answer was lost is recognised when it is sent again.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import uuid4

from chalicelib.model.retention import is_expired
from chalicelib.stores.dynamodb.attributes import ItemValues, from_attributes, to_attributes
from chalicelib.stores.dynamodb.client import ConditionFailed, DynamoDBClient, TransactionCanceled
from chalicelib.stores.dynamodb.record_items import to_key
from chalicelib.stores.interfaces import Counted
from chalicelib.stores.paging import Clock

LISTS = "lists"
"""The index of the control table by tenant and time: keys only."""


class SameAs(NamedTuple):
    """The value that another attribute of the same item has."""

    name: str


ItemKey = tuple[str, str]
"""pk and sk."""


class ItemChange(NamedTuple):
    """Attributes that an item gets on a condition; a value of None removes its attribute."""

    pk: str
    values: Mapping[str, Any]
    condition: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """An item whose `used` says how many other items there are of some kind."""

    pk: str
    sk: str
    limit: int | None = None
    """How many there may be; None for any number."""
    expires_at: int | None = None
    """When the last of the items that are counted expires, and the counter with it; None for never."""
    by: int = 1
    """What a write along with it adds."""

    def to_update(self) -> dict[str, Any]:
        """Returns the request that adds `by`, on the condition that the limit is not reached."""
        has_end, has_limit = self.expires_at is not None, self.limit is not None and self.by > 0
        given = {"by": self.by, "limit": self.limit if has_limit else None, "expires_at": self.expires_at}
        condition = {"ConditionExpression": "attribute_not_exists(#used) OR #used < :limit"} if has_limit else {}
        return {
            "Key": to_key(self.pk, self.sk),
            "UpdateExpression": f"ADD #used :by{' SET #expires_at = :expires_at' if has_end else ''}",
            "ExpressionAttributeNames": {"#used": "used", **({"#expires_at": "expires_at"} if has_end else {})},
            "ExpressionAttributeValues": _parameters(given),
            **condition,
        }


class ControlTable:
    """The control table, as items of plain values. A change may have a condition; False or None says that it did not
    hold. An item whose `expires_at` is past counts as absent for every reader.
    """

    def __init__(self, name: str, client: DynamoDBClient, *, clock: Clock = time.time) -> None:
        self._name = name
        self._client = client
        self._clock = clock

    def find(self, pk: str, sk: str = "-", *, even_expired: bool = False) -> ItemValues | None:
        """Returns an item, strongly consistent, or None; `even_expired` finds it as long as DynamoDB has not deleted
        it.
        """
        item = self._call("GetItem", Key=to_key(pk, sk), ConsistentRead=True).get("Item")
        values = from_attributes(item) if item else None
        return values if even_expired or (values and self._is_there(values)) else None

    def find_many(self, pks: Iterable[str]) -> dict[str, ItemValues]:
        """Returns items by pk, of those whose sk is "-", strongly consistent and without absent ones."""
        items = self._client.get_many(self._name, [to_key(pk) for pk in dict.fromkeys(pks)])
        return {values["pk"]: values for values in map(from_attributes, items) if self._is_there(values)}

    def find_listed(self, keys: Iterable[Mapping[str, Any]]) -> list[ItemValues]:
        """Returns the items whose keys a list gave, strongly consistent and in its order, without absent ones."""
        pairs = [(str(one["pk"]), str(one["sk"])) for one in keys]
        items = self._client.get_many(self._name, [to_key(*pair) for pair in dict.fromkeys(pairs)])
        found = {(values["pk"], values["sk"]): values for values in map(from_attributes, items)}
        return [found[pair] for pair in pairs if pair in found and self._is_there(found[pair])]

    def put(self, values: Mapping[str, Any], *, condition: str, parameters: Mapping[str, Any] | None = None) -> bool:
        """Writes an item and returns whether the condition held. The condition names attributes as #name and parameters
        as :name.
        """
        token = uuid4().hex
        item = to_attributes({**values, "token": token})
        try:
            self._call("PutItem", Item=item, **_conditional(condition, parameters or {}))
        except ConditionFailed as failed:
            return _find_performed(failed, token) is not None
        return True

    def set(
        self, pk: str, values: Mapping[str, Any], *, condition: str, parameters: Mapping[str, Any], sk: str = "-"
    ) -> ItemValues | None:
        """Changes attributes and returns the item as it is then, or None where the condition did not hold. A value of
        None removes its attribute; a `SameAs` makes it what another one is.
        """
        token = uuid4().hex
        request = _to_update(ItemChange(pk, values, condition, parameters), token)
        try:
            answer = self._call("UpdateItem", Key=to_key(pk, sk), ReturnValues="ALL_NEW", **request)
        except ConditionFailed as failed:
            return _find_performed(failed, token)
        return from_attributes(answer["Attributes"])

    def count(self, pk: str, sk: str, *, limit: int, expires_at: int) -> int | None:
        """Adds one to the item's `used` and returns the sum. Returns None, and adds nothing, where it has reached
        `limit`.
        """
        token = uuid4().hex
        try:
            answer = self._call(
                "UpdateItem",
                Key=to_key(pk, sk),
                UpdateExpression="SET #token = :token, #expires_at = :expires_at ADD #used :one",
                ConditionExpression="attribute_not_exists(#used) OR (#used < :limit AND #token <> :token)",
                ExpressionAttributeNames={f"#{name}": name for name in ("token", "expires_at", "used")},
                ExpressionAttributeValues=_parameters(
                    {"token": token, "expires_at": expires_at, "one": 1, "limit": limit}
                ),
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            performed = _find_performed(failed, token)
            return int(performed["used"]) if performed else None
        return int(from_attributes(answer["Attributes"])["used"])

    def put_counted(
        self,
        values: Mapping[str, Any],
        *,
        condition: str,
        counter: Counter,
        parameters: Mapping[str, Any] | None = None,
        along: Iterable[Mapping[str, Any]] = (),
    ) -> Counted:
        """Writes an item and counts it, and writes the items `along`: all of it or nothing. `REFUSED` says that the
        condition did not hold, `FULL` that it did and the counter is at its limit.
        """
        token = uuid4().hex
        item = to_attributes({**values, "token": token})
        put = {"TableName": self._name, "Item": item, **_conditional(condition, parameters or {})}
        outcome = self._count_along({"Put": put}, counter, token, [self._put_of(one) for one in along])
        if outcome is Counted.FULL and self.find(values["pk"], values.get("sk", "-")):
            return Counted.REFUSED
        return outcome

    def remove_counted(self, pk: str, sk: str, *, counter: Counter) -> bool:
        """Deletes an item and takes one off its counter, both or neither. Returns False if there was none."""
        delete = {"TableName": self._name, "Key": to_key(pk, sk), **_conditional("attribute_exists(#pk)", {})}
        return self._count_along({"Delete": delete}, replace(counter, by=-1), uuid4().hex) is Counted.DONE

    def set_along(
        self,
        change: "ItemChange",
        *,
        put: Iterable[Mapping[str, Any]],
        removed: Iterable[ItemKey],
        counters: Iterable[Counter] = (),
    ) -> bool:
        """Changes an item, writes and deletes others, and counts, all of it or nothing. Returns whether the condition
        held."""
        token = uuid4().hex
        update = {"TableName": self._name, "Key": to_key(change.pk), **_to_update(change, token)}
        deletes = [{"Delete": {"TableName": self._name, "Key": to_key(*key)}} for key in removed]
        counts = [{"Update": {"TableName": self._name, **one.to_update()}} for one in counters]
        writes = [{"Update": update}, *map(self._put_of, put), *deletes, *counts]
        try:
            self._client.call("TransactWriteItems", {"ClientRequestToken": token, "TransactItems": writes})
        except TransactionCanceled as canceled:
            failed = canceled.failures[0]
            return failed is not None and _find_performed(failed, token) is not None
        return True

    def _put_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"Put": {"TableName": self._name, "Item": to_attributes(values)}}

    def _count_along(
        self, write: dict[str, Any], counter: Counter, token: str, along: Sequence[dict[str, Any]] = ()
    ) -> Counted:
        """DynamoDB knows a transaction that is sent again by its token for ten minutes; the item keeps it."""
        try:
            writes = [write, {"Update": {"TableName": self._name, **counter.to_update()}}, *along]
            self._client.call("TransactWriteItems", {"ClientRequestToken": token, "TransactItems": writes})
        except TransactionCanceled as canceled:
            failed = canceled.failures[0]
            if failed is None:
                return Counted.FULL
            return Counted.DONE if _find_performed(failed, token) else Counted.REFUSED
        return Counted.DONE

    def remove(self, pk: str, sk: str) -> None:
        """Deletes an item, if it is there."""
        self._call("DeleteItem", Key=to_key(pk, sk))

    def each_of(
        self, pk: str, *, before: str | None = None, after: str | None = None, page: int | None = None
    ) -> Iterator[ItemValues]:
        """Yields the items of a partition, or those whose sk is less than `before`, or greater than `after`, one of
        which may be given, in order; strongly consistent. Reads `page` of them at a time, or as many as fit.
        """
        bound, parameters = (" AND sk < :before", {"pk": pk, "before": before}) if before else ("", {"pk": pk})
        if after is not None:
            bound, parameters = " AND sk > :after", {"pk": pk, "after": after}
        yield from self._each_found(
            KeyConditionExpression=f"pk = :pk{bound}",
            ExpressionAttributeValues=_parameters(parameters),
            ConsistentRead=True,
            **({"Limit": page} if page else {}),
        )

    def each_latest(self, pk: str, *, before: str | None = None) -> Iterator[ItemValues]:
        """Yields what `each_of` yields, in the opposite order."""
        bound, parameters = (" AND sk < :before", {"pk": pk, "before": before}) if before else ("", {"pk": pk})
        yield from self._each_found(
            KeyConditionExpression=f"pk = :pk{bound}",
            ExpressionAttributeValues=_parameters(parameters),
            ConsistentRead=True,
            ScanIndexForward=False,
        )

    def each_listed_before(
        self, list_pk: str, before: str, *, page: int, latest_first: bool = False
    ) -> Iterator[ItemValues]:
        """Yields the keys of the items of a list whose list_sk is less than `before`, in order or in the opposite one;
        a moment behind the table. Reads `page` of them at a time.
        """
        yield from self._each_found(
            IndexName=LISTS,
            KeyConditionExpression="list_pk = :pk AND list_sk < :before",
            ExpressionAttributeValues=_parameters({"pk": list_pk, "before": before}),
            ScanIndexForward=not latest_first,
            Limit=page,
        )

    def each_listed_from(self, list_pk: str, since: str, *, page: int) -> Iterator[ItemValues]:
        """Yields the keys of the items of a list whose list_sk is not less than `since`, in order; a moment behind the
        table. Reads `page` of them at a time.
        """
        yield from self._each_found(
            IndexName=LISTS,
            KeyConditionExpression="list_pk = :pk AND list_sk >= :since",
            ExpressionAttributeValues=_parameters({"pk": list_pk, "since": since}),
            Limit=page,
        )

    def find_last(self, pk: str) -> ItemValues | None:
        """Returns the item of a partition with the greatest sk, strongly consistent, or None."""
        found = self._each_found(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=_parameters({"pk": pk}),
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=1,
        )
        return next(found, None)

    def each_listed(
        self, list_pk: str, *, since: str = "0", before: str = "~", at_once: int | None = None
    ) -> Iterator[ItemValues]:
        """Yields the keys of the items of a list, latest first, whose list_sk lies between `since` and `before`; a
        moment behind the table. Each query reads `at_once` of them, or as many as fit.
        """
        yield from self._each_found(
            IndexName=LISTS,
            KeyConditionExpression="list_pk = :pk AND list_sk BETWEEN :since AND :before",
            ExpressionAttributeValues=_parameters({"pk": list_pk, "since": since, "before": before}),
            ScanIndexForward=False,
            **({"Limit": at_once} if at_once else {}),
        )

    def _each_found(self, **query: Any) -> Iterator[ItemValues]:
        for items in self._client.each_page({"TableName": self._name, **query}):
            yield from filter(self._is_there, map(from_attributes, items))

    def _is_there(self, values: ItemValues) -> bool:
        """DynamoDB deletes what has expired some time later; keys from an index do not tell."""
        return not is_expired(values.get("expires_at"), self._clock())

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self._client.call(operation, {"TableName": self._name, **request})


def _parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {f":{name}": value for name, value in to_attributes(parameters).items()}


def _conditional(condition: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    names = {word.strip("(),") for word in condition.replace("(", " ").split() if word.startswith("#")}
    return {
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ExpressionAttributeNames": {name: name[1:] for name in names},
        **({"ExpressionAttributeValues": _parameters(parameters)} if parameters else {}),
    }


def _to_update(change: ItemChange, token: str) -> dict[str, Any]:
    values = {**change.values, "token": token}
    copied = {name: value.name for name, value in values.items() if isinstance(value, SameAs)}
    request = _conditional(change.condition, change.parameters)
    request["ExpressionAttributeNames"] |= {f"#{name}": name for name in (*values, *copied.values())}
    given = {name: value for name, value in values.items() if name not in copied}
    request["ExpressionAttributeValues"] = _parameters({**change.parameters, **given})
    return request | {"UpdateExpression": _update(values)}


def _update(values: Mapping[str, Any]) -> str:
    given = [
        f"#{name} = {f'#{value.name}' if isinstance(value, SameAs) else f':{name}'}"
        for name, value in values.items()
        if value is not None
    ]
    gone = [f"#{name}" for name, value in values.items() if value is None]
    return " ".join([f"SET {', '.join(given)}"] + ([f"REMOVE {', '.join(gone)}"] if gone else []))


def _find_performed(failed: ConditionFailed, token: str) -> ItemValues | None:
    """Returns the item where the condition did not hold because this very call had been performed and its answer was
    lost.
    """
    item = from_attributes(failed.item or {})
    return item if item.get("token") == token else None
