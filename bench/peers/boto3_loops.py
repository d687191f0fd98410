"""boto3 as it is mostly used: a loop over put_item with a condition, batch_writer, and paged queries.

The same items as ours: for each customer the record, and a claim on one identity, so that no two records ever share it.
"""

from collections.abc import Iterator
from typing import Any

from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import TypeDeserializer

from bench.aws_session import new_session
from bench.contestant import RunRound
from bench.imports import TENANT
from bench.loopback import start
from bench.records import claim_of, fields_of, record_id_of

PARTITION = f"customers#{TENANT}"


def put(rows: int) -> RunRound:
    """Each item on its condition."""
    table = _table(start())
    items = [*_each_item(rows)]

    def run_round() -> int:
        for item in items:
            table.put_item(Item=item, ConditionExpression=Attr("pk").not_exists())
        return rows

    return run_round


def put_batches(rows: int) -> RunRound:
    """Without conditions, which batch_writer has not."""
    table = _table(start())
    items = [*_each_item(rows)]

    def run_round() -> int:
        with table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)
        return rows

    return run_round


def query_client(rows: int) -> RunRound:
    """The client's pages, deserialised."""
    client = new_session().client("dynamodb", endpoint_url=start(rows))
    deserialize = TypeDeserializer().deserialize
    wanted: dict[str, Any] = {
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": PARTITION}},
    }

    def run_round() -> int:
        pages = client.get_paginator("query").paginate(TableName="plain", ConsistentRead=True, **wanted)
        found = ({name: deserialize(value) for name, value in item.items()} for page in pages for item in page["Items"])
        return _counted(found, rows)

    return run_round


def query_resource(rows: int) -> RunRound:
    table = _table(start(rows))

    def run_round() -> int:
        return _counted(_each_found(table), rows)

    return run_round


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
