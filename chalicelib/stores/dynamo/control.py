"""The control table by plain boto3: one item read or changed at a time, few of them, so that its cost does not matter.

Comes in: keys, values, conditions. Goes out: items as plain values. A value that is neither text, number nor flag is
kept as JSON text; who reads it knows which those are. Every change leaves a token of its own, by which a call whose
answer was lost is recognised when it is sent again.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import boto3
import orjson
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from chalicelib.stores.clients import CONFIG, code_of, mendable
from chalicelib.stores.dynamo.layout import to_key
from chalicelib.stores.dynamo.wire import Wire

LISTS = "lists"
"""The index of the control table by tenant and time: keys only."""

Plain = dict[str, Any]


class ControlTable:
    """Items of plain values; every change may have a condition, and False or None says that it did not hold."""

    def __init__(self, session: boto3.Session, name: str, wire: Wire) -> None:
        self._client = session.client("dynamodb", config=CONFIG)
        self._name = name
        self._wire = wire

    def find(self, pk: str, sk: str = "-") -> Plain | None:
        """Strongly consistent."""
        with mendable("reading the control table"):
            key = to_attributes({"pk": pk, "sk": sk})
            item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return from_attributes(item) if item else None

    def find_many(self, pks: Iterable[str]) -> dict[str, Plain]:
        """Items by pk, for those whose sk is "-"; strongly consistent."""
        items = self._wire.get_many(self._name, [to_key(pk) for pk in dict.fromkeys(pks)])
        return {item["pk"]["S"]: from_attributes(item) for item in items}

    def put(self, values: Mapping[str, Any], *, condition: str, facts: Mapping[str, Any] | None = None) -> bool:
        """The condition speaks of attributes by #name and of facts by :name."""
        token = uuid4().hex
        item = to_attributes({**values, "token": token})
        try:
            with mendable("writing the control table"):
                self._client.put_item(TableName=self._name, Item=item, **_conditional(condition, facts or {}))
        except ClientError as error:
            return _find_performed(error, token) is not None
        return True

    def set(
        self, pk: str, values: Mapping[str, Any], *, condition: str, facts: Mapping[str, Any], sk: str = "-"
    ) -> Plain | None:
        """The item afterwards; a value of None removes its attribute."""
        token = uuid4().hex
        values = {**values, "token": token}
        request = _conditional(condition, facts)
        request["ExpressionAttributeNames"] |= {f"#{name}": name for name in values}
        request["ExpressionAttributeValues"] = _facts({**facts, **values})
        try:
            with mendable("changing the control table"):
                answer = self._client.update_item(
                    TableName=self._name,
                    Key=to_attributes({"pk": pk, "sk": sk}),
                    UpdateExpression=_update(values),
                    ReturnValues="ALL_NEW",
                    **request,
                )
        except ClientError as error:
            return _find_performed(error, token)
        return from_attributes(answer["Attributes"])

    def count(self, pk: str, sk: str, *, limit: int, expires_at: int) -> int | None:
        """Adds one to the item's `used` and says how much that is; None, and nothing added, where it is `limit`."""
        token = uuid4().hex
        try:
            with mendable("counting in the control table"):
                answer = self._client.update_item(
                    TableName=self._name,
                    Key=to_attributes({"pk": pk, "sk": sk}),
                    UpdateExpression="SET #token = :token, #expires_at = :expires_at ADD #used :one",
                    ConditionExpression="attribute_not_exists(#used) OR (#used < :limit AND #token <> :token)",
                    ExpressionAttributeNames={f"#{name}": name for name in ("token", "expires_at", "used")},
                    ExpressionAttributeValues=_facts(
                        {"token": token, "expires_at": expires_at, "one": 1, "limit": limit}
                    ),
                    ReturnValues="UPDATED_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as error:
            performed = _find_performed(error, token)
            return int(performed["used"]) if performed else None
        return int(from_attributes(answer["Attributes"])["used"])

    def remove(self, pk: str, sk: str) -> None:
        with mendable("removing from the control table"):
            self._client.delete_item(TableName=self._name, Key=to_attributes({"pk": pk, "sk": sk}))

    def each_of(self, pk: str, *, before: str | None = None) -> Iterator[Plain]:
        """All items of a partition, or those whose sk is less than `before`, in order; strongly consistent."""
        bound, facts = (" AND sk < :before", {"pk": pk, "before": before}) if before else ("", {"pk": pk})
        yield from self._each_found(
            KeyConditionExpression=f"pk = :pk{bound}", ExpressionAttributeValues=_facts(facts), ConsistentRead=True
        )

    def each_latest(self, pk: str, *, before: str | None = None) -> Iterator[Plain]:
        """As `each_of`, the other way round."""
        bound, facts = (" AND sk < :before", {"pk": pk, "before": before}) if before else ("", {"pk": pk})
        yield from self._each_found(
            KeyConditionExpression=f"pk = :pk{bound}",
            ExpressionAttributeValues=_facts(facts),
            ConsistentRead=True,
            ScanIndexForward=False,
        )

    def each_listed_before(self, list_pk: str, before: str) -> Iterator[Plain]:
        """Keys of those whose list_sk is less than `before`, in order; a moment behind the table."""
        yield from self._each_found(
            IndexName=LISTS,
            KeyConditionExpression="list_pk = :pk AND list_sk < :before",
            ExpressionAttributeValues=_facts({"pk": list_pk, "before": before}),
        )

    def find_last(self, pk: str) -> Plain | None:
        """The item of a partition whose sk is the greatest; strongly consistent."""
        facts = _facts({"pk": pk})
        with mendable("querying the control table"):
            items = self._client.query(
                TableName=self._name,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=facts,
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=1,
            )["Items"]
        return from_attributes(items[0]) if items else None

    def each_listed(self, list_pk: str, *, since: str = "0") -> Iterator[Plain]:
        """Keys of a list, latest first, down to `since`; a moment behind the table."""
        yield from self._each_found(
            IndexName=LISTS,
            KeyConditionExpression="list_pk = :pk AND list_sk >= :since",
            ExpressionAttributeValues=_facts({"pk": list_pk, "since": since}),
            ScanIndexForward=False,
        )

    def _each_found(self, **query: Any) -> Iterator[Plain]:
        pages = self._client.get_paginator("query").paginate(TableName=self._name, **query)
        with mendable("querying the control table"):
            for page in pages:
                yield from map(from_attributes, page["Items"])


def to_attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    """None is left out."""
    return {name: _to_attribute(value) for name, value in values.items() if value is not None}


def from_attributes(item: Mapping[str, Any]) -> Plain:
    read = TypeDeserializer().deserialize
    return {name: _to_number(read(value)) for name, value in item.items()}


def _to_attribute(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case _:
            return {"S": orjson.dumps(value).decode()}


def _to_number(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {f":{name}": value for name, value in to_attributes(facts).items()}


def _conditional(condition: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    names = {word.strip("(),") for word in condition.replace("(", " ").split() if word.startswith("#")}
    return {
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ExpressionAttributeNames": {name: name[1:] for name in names},
        **({"ExpressionAttributeValues": _facts(facts)} if facts else {}),
    }


def _update(values: Mapping[str, Any]) -> str:
    given = [f"#{name} = :{name}" for name, value in values.items() if value is not None]
    gone = [f"#{name}" for name, value in values.items() if value is None]
    return " ".join([f"SET {', '.join(given)}"] + ([f"REMOVE {', '.join(gone)}"] if gone else []))


def _find_performed(error: ClientError, token: str) -> Plain | None:
    """The item, where the condition did not hold because this very call had been performed and its answer was lost."""
    if code_of(error) != "ConditionalCheckFailedException":
        raise error
    response: Mapping[str, Any] = error.response
    item = from_attributes(response.get("Item", {}))
    return item if item.get("token") == token else None
