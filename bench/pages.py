"""Pages of a Query as DynamoDB cuts them, 1 MB each: the same customers as our store lays them out, and as plain items
with an attribute for each field, which is what boto3 is mostly used with.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from boto3.dynamodb.types import TypeSerializer

from bench.imports import TENANT
from bench.records import fields_of, write_of
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.faults.fake_table import FakeTables

PAGE_BYTES = 1 << 20
OURS, PLAIN = "records", "plain"
"""Tables."""


def pages_of(table: str, rows: int) -> list[bytes]:
    items = list(_each_own(rows) if table == OURS else _each_plain(rows))
    pages = list(_each_page(map(orjson.dumps, items)))
    return [_page(page, number, is_last=number == len(pages)) for number, page in enumerate(pages, 1)]


def _each_own(rows: int) -> Iterator[Any]:
    """As the store itself writes them into an empty table."""
    tables = FakeTables()
    DynamoDBRecords(DynamoDBClient(tables, threads=1), OURS).write_many(
        TENANT, "customers", [*map(write_of, range(rows))], now_ms=1
    )
    return (item for (pk, _), item in sorted(tables.table(OURS).items.items()) if pk.startswith("REC#"))


def _each_plain(rows: int) -> Iterator[Any]:
    serialize = TypeSerializer().serialize
    for number in range(rows):
        item = {"pk": f"customers#{TENANT}", "sk": f"{number:09}", "version": 1, **fields_of(number)}
        yield {name: serialize(value) for name, value in item.items()}


def _each_page(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    size_bytes = 0
    for one in items:
        page.append(one)
        size_bytes += len(one)
        if size_bytes >= PAGE_BYTES:
            yield page
            page, size_bytes = [], 0
    if page:
        yield page


def _page(items: list[bytes], number: int, *, is_last: bool) -> bytes:
    following = {} if is_last else {"LastEvaluatedKey": {"pk": {"S": "following"}, "sk": {"S": f"page-{number}"}}}
    found = {"Items": [*map(orjson.Fragment, items)], "Count": len(items), "ScannedCount": len(items)}
    return orjson.dumps({**found, **following})
