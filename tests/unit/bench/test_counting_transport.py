from typing import Any

import orjson
import pytest

from bench.counting_transport import CountingTransport, read_units, write_units
from bench.imports import TENANT
from bench.records import write_of
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.faults.fake_table import FakeTables

INSERT = "INSERT INTO \"records\" VALUE {'pk': ?, 'doc': ?}"


def statement(doc: str) -> dict[str, object]:
    return {"Statement": INSERT, "Parameters": [{"S": "key"}, {"S": doc}]}


def test_every_statement_takes_a_unit_for_each_kilobyte_begun() -> None:
    request = {"Statements": [statement("small"), statement("x" * 1500)]}

    assert write_units("BatchExecuteStatement", request) == 1 + 2


def test_a_key_that_is_not_there_takes_a_read_unit_too() -> None:
    request: Any = {"RequestItems": {"records": {"Keys": [{}, {}, {}], "ConsistentRead": True}}}
    answer = {"Responses": {"records": [{"doc": {"S": "x" * 5000}}]}}

    assert read_units("BatchGetItem", request, answer) == 2 + 2


def test_a_page_is_read_as_a_whole() -> None:
    items = [{"doc": {"S": "x" * 3000}}] * 4

    assert read_units("Query", {}, {"Items": items}) == 3


def test_a_new_record_with_one_identity_is_seen_with_all_its_writes() -> None:
    transport = CountingTransport(FakeTables())
    records = DynamoDBRecords(DynamoDBClient(transport, threads=1), "records")
    records.prepare(TENANT, "customers", expected_rows=0)
    transport.reset()

    records.write_many(TENANT, "customers", [write_of(1), write_of(2)], now_ms=1)

    assert 2 <= transport.write_units <= 4
    assert transport.requests["BatchExecuteStatement"] >= 1


def test_what_is_counted_is_handed_on() -> None:
    transport = CountingTransport(FakeTables())
    key = {"pk": {"S": "a"}, "sk": {"S": "-"}}
    content = orjson.dumps({"TableName": "records", "Key": key, "ConsistentRead": True})

    assert transport.send("GetItem", content).content == b"{}"
    assert transport.read_units == 1


@pytest.mark.parametrize(("is_consistent", "units"), [(True, 2), (False, 1)], ids=["now", "a moment ago"])
def test_a_read_that_may_lag_takes_half(is_consistent: bool, units: int) -> None:
    transport = CountingTransport(FakeTables())
    keys = [{"pk": {"S": f"CLAIM#{one}"}, "sk": {"S": "-"}} for one in "ab"]
    request = {"RequestItems": {"records": {"Keys": keys, "ConsistentRead": is_consistent}}}

    transport.send("BatchGetItem", orjson.dumps(request))

    assert transport.read_units == units
