"""The control table: one item read or changed at a time.

Comes in: keys, values, conditions. Goes out: items as plain values. A value that is neither text, number nor flag is
kept as JSON text, which its reader has to parse. Every change leaves a token of its own in the item, by which a call
whose answer was lost is recognised when it is sent again.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from chalicelib.model.retention import is_expired
from chalicelib.stores.dynamodb.answers import ConditionFailed, TransactionCanceled
from chalicelib.stores.dynamodb.attributes import ItemValues, from_attributes, to_attributes
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.item_changes import Along, Counter, ItemChange, conditional, to_parameters
from chalicelib.stores.dynamodb.record_items import to_key
from chalicelib.stores.interfaces import Counted
from chalicelib.stores.paging import Clock

LISTS = "lists"
"""The index of the control table by tenant and time: keys only."""


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
            self._call("PutItem", Item=item, **conditional(condition, parameters or {}))
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
        request = ItemChange(pk, values, condition, parameters).to_update(token)
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
                ExpressionAttributeValues=to_parameters(
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
    ) -> Counted:
        """Writes an item and counts it, both or neither. `REFUSED` says that the condition did not hold, `FULL` that it
        did and the counter is at its limit.
        """
        token = uuid4().hex
        outcome = self._count_along(self._to_put(values, condition, parameters, token), counter, token)
        if outcome is Counted.FULL and self.find(values["pk"], values.get("sk", "-")):
            return Counted.REFUSED
        return outcome

    def remove_counted(self, pk: str, sk: str, *, counter: Counter) -> bool:
        """Deletes an item and takes one off its counter, both or neither. Returns False if there was none."""
        delete = {"TableName": self._name, "Key": to_key(pk, sk), **conditional("attribute_exists(#pk)", {})}
        return self._count_along({"Delete": delete}, replace(counter, by=-1), uuid4().hex) is Counted.DONE

    def put_along(
        self,
        values: Mapping[str, Any],
        along: Along,
        *,
        condition: str,
        parameters: Mapping[str, Any] | None = None,
    ) -> bool:
        """Writes an item, and what goes along with it, all of it or nothing. Returns whether the condition held."""
        token = uuid4().hex
        return self._write_along(self._to_put(values, condition, parameters, token), along, token)

    def set_along(self, change: ItemChange, along: Along) -> bool:
        """Changes an item, and what goes along with it, all of it or nothing. Returns whether the condition held."""
        return not self.change_all([change], along)

    def change_all(self, changes: Sequence[ItemChange], along: Along) -> tuple[ItemValues | None, ...]:
        """Makes several changes, and what goes along with them, all of it or nothing. Returns nothing where that is
        done; else for each change None where its condition held, and the item as it is where it did not.
        """
        token = uuid4().hex
        updates = [{"TableName": self._name, "Key": to_key(one.pk), **one.to_update(token)} for one in changes]
        try:
            self._write_all([*({"Update": one} for one in updates), *along.to_writes(self._name)], token)
        except TransactionCanceled as canceled:
            failures = canceled.failures[: len(changes)]
            if any(one is not None and _find_performed(one, token) is not None for one in failures):
                return ()
            return tuple(None if one is None else from_attributes(one.item or {}) for one in failures)
        return ()

    def each_try(self, pk: str) -> Iterator[ItemValues]:
        """Yields an item as it is stored, again each time that it is asked for, until it is gone: for changes that must
        know it as it is, and begin anew where somebody has changed it (`ItemChange.of_item`).
        """
        while stored := self.find(pk):
            yield stored

    def _to_put(
        self, values: Mapping[str, Any], condition: str, parameters: Mapping[str, Any] | None, token: str
    ) -> dict[str, Any]:
        item = to_attributes({**values, "token": token})
        return {"Put": {"TableName": self._name, "Item": item, **conditional(condition, parameters or {})}}

    def _write_along(self, write: dict[str, Any], along: Along, token: str) -> bool:
        try:
            self._write_all([write, *along.to_writes(self._name)], token)
        except TransactionCanceled as canceled:
            failed = canceled.failures[0]
            return failed is not None and _find_performed(failed, token) is not None
        return True

    def _count_along(self, write: dict[str, Any], counter: Counter, token: str) -> Counted:
        try:
            self._write_all([write, {"Update": {"TableName": self._name, **counter.to_update()}}], token)
        except TransactionCanceled as canceled:
            failed = canceled.failures[0]
            if failed is None:
                return Counted.FULL
            return Counted.DONE if _find_performed(failed, token) else Counted.REFUSED
        return Counted.DONE

    def _write_all(self, writes: list[dict[str, Any]], token: str) -> None:
        """DynamoDB knows a transaction that is sent again by its token for ten minutes; the item keeps it."""
        self._client.call("TransactWriteItems", {"ClientRequestToken": token, "TransactItems": writes})

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
            ExpressionAttributeValues=to_parameters(parameters),
            ConsistentRead=True,
            **({"Limit": page} if page else {}),
        )

    def each_latest(self, pk: str, *, before: str | None = None) -> Iterator[ItemValues]:
        """Yields what `each_of` yields, in the opposite order."""
        bound, parameters = (" AND sk < :before", {"pk": pk, "before": before}) if before else ("", {"pk": pk})
        yield from self._each_found(
            KeyConditionExpression=f"pk = :pk{bound}",
            ExpressionAttributeValues=to_parameters(parameters),
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
            ExpressionAttributeValues=to_parameters({"pk": list_pk, "before": before}),
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
            ExpressionAttributeValues=to_parameters({"pk": list_pk, "since": since}),
            Limit=page,
        )

    def find_last(self, pk: str) -> ItemValues | None:
        """Returns the item of a partition with the greatest sk, strongly consistent, or None."""
        found = self._each_found(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=to_parameters({"pk": pk}),
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=1,
        )
        return next(found, None)

    def each_listed(self, list_pk: str) -> Iterator[ItemValues]:
        """Yields the keys of the items of a list, latest first, as many at a time as fit; a moment behind the table."""
        yield from self._each_found(
            IndexName=LISTS,
            KeyConditionExpression="list_pk = :pk",
            ExpressionAttributeValues=to_parameters({"pk": list_pk}),
            ScanIndexForward=False,
        )

    def list_between(self, list_pks: Sequence[str], since: str, before: str) -> list[ItemValues]:
        """Returns the keys of the items of several lists whose list_sk lies between the two, latest first; a moment
        behind the table. One request reads fifty lists, 1 MB at a time (AWS).
        """
        found = self._client.select_listed(self._name, LISTS, list_pks, (since, before))
        return sorted(map(from_attributes, found), key=lambda one: str(one["list_sk"]), reverse=True)

    def _each_found(self, **query: Any) -> Iterator[ItemValues]:
        for items in self._client.each_page({"TableName": self._name, **query}):
            yield from filter(self._is_there, map(from_attributes, items))

    def _is_there(self, values: ItemValues) -> bool:
        """DynamoDB deletes what has expired some time later; keys from an index do not tell."""
        return not is_expired(values.get("expires_at"), self._clock())

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self._client.call(operation, {"TableName": self._name, **request})


def _find_performed(failed: ConditionFailed, token: str) -> ItemValues | None:
    """Returns the item where the condition did not hold because this very call had been performed and its answer was
    lost.
    """
    item = from_attributes(failed.item or {})
    return item if item.get("token") == token else None
