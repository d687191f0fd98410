"""boto3 as it is mostly used: a loop over put_item with a condition, batch_writer, and paged queries.

The same items as ours: for each customer the record, and a claim on one identity, so that no two records ever share it.
"""

from collections.abc import Iterator
from typing import Any

from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import TypeDeserializer

from bench.contestant import Play
from bench.loopback import start
from bench.records import claim_of, fields_of, record_id_of
from bench.roads import TENANT
from bench.sessions import new_session

PARTITION = f"customers#{TENANT}"


def put(rows: int) -> Play:
    """Each item on its condition."""
    table = _table(start())
    items = [*_each_item(rows)]

    def play() -> int:
        for item in items:
            table.put_item(Item=item, ConditionExpression=Attr("pk").not_exists())
        return rows

    return play


def put_batches(rows: int) -> Play:
    """Without conditions, which batch_writer has not."""
    table = _table(start())
    items = [*_each_item(rows)]

    def play() -> int:
        with table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)
        return rows

    return play


def query_client(rows: int) -> Play:
    """The client's pages, deserialised."""
    client = new_session().client("dynamodb", endpoint_url=start(rows))
    deserialize = TypeDeserializer().deserialize
    wanted: dict[str, Any] = {
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": PARTITION}},
    }

    def play() -> int:
        pages = client.get_paginator("query").paginate(TableName="plain", ConsistentRead=True, **wanted)
        found = ({name: deserialize(value) for name, value in item.items()} for page in pages for item in page["Items"])
        return _counted(found, rows)

    return play


def query_resource(rows: int) -> Play:
    table = _table(start(rows))

    def play() -> int:
        return _counted(_each_found(table), rows)

    return play


def _each_found(table: Any) -> Iterator[dict[str, Any]]:
    wanted: dict[str, Any] = {"KeyConditionExpression": Key("pk").eq(PARTITION), "ConsistentRead": True}
    while True:
        page = table.query(**wanted)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        wanted["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _counted(found: Iterator[dict[str, Any]], rows: int) -> int:
    count = sum(1 for one in found if one["customFields"])
    assert count == rows
    return count


def _each_item(rows: int) -> Iterator[dict[str, Any]]:
    for number in range(rows):
        record_id = record_id_of(number)
        yield {"pk": f"CLAIM#{TENANT}#{claim_of(number)}", "sk": "-", "record_id": record_id}
        yield {"pk": f"{PARTITION}#{number % 16}", "sk": record_id, "version": 1, **fields_of(number)}


def _table(url: str) -> Any:
    return new_session().resource("dynamodb", endpoint_url=url).Table("plain")
