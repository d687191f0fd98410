"""A page of a list costs the same however long the list is: requests and items read are counted."""

from bisect import insort
from collections import defaultdict
from functools import cache
from typing import Any

import orjson
import pytest

from chalicelib.model.retention import DAY_S
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.dated_list import DatedList

FIRST_DAY, DAYS = 20_000, 20
PARTS = ("contacts", "users")
Item = dict[str, dict[str, str]]


class CountingTable:
    """A control table in memory, as far as dated lists ask for it, which counts requests and items that it returns."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Item]] = defaultdict(dict)
        self.index: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.requests = self.items_read = 0

    def send(self, operation: str, content: bytes) -> HttpResponse:
        request = orjson.loads(content)
        answer = {"TransactWriteItems": self._write, "Query": self._query}[operation](request)
        self.requests += 1
        self.items_read += len(answer.get("Items", ()))
        return HttpResponse(200, orjson.dumps(answer))

    def _write(self, request: dict[str, Any]) -> dict[str, Any]:
        item = request["TransactItems"][0]["Put"]["Item"]
        insort(self.index[item["list_pk"]["S"]], (item["list_sk"]["S"], item["pk"]["S"]))
        update = request["TransactItems"][1]["Update"]
        pk, sk = update["Key"]["pk"]["S"], update["Key"]["sk"]["S"]
        counter = self.items[pk].setdefault(sk, {**update["Key"], "used": {"N": "0"}})
        counter["used"] = {"N": str(int(counter["used"]["N"]) + int(update["ExpressionAttributeValues"][":by"]["N"]))}
        return {}

    def _query(self, request: dict[str, Any]) -> dict[str, Any]:
        given = {name: value["S"] for name, value in request["ExpressionAttributeValues"].items()}
        if "IndexName" not in request:
            return {"Items": list(self.items[given[":pk"]].values())}
        start = request.get("ExclusiveStartKey", {}).get("list_sk", {}).get("S", "~~")
        keys = [one for one in self.index[given[":pk"]] if given[":since"] <= one[0] <= given[":before"]]
        left = [one for one in reversed(keys) if one[0] < start]
        found = [{"list_sk": {"S": sk}, "pk": {"S": pk}} for sk, pk in left[: request["Limit"]]]
        return {"Items": found, **({"LastEvaluatedKey": found[-1]} if len(left) > len(found) else {})}


@cache
def filled(length: int) -> CountingTable:
    """Returns the table of a list of that length, spread evenly over the same days and parts."""
    table = CountingTable()
    dated = listed(table)
    for number in range(length):
        at = FIRST_DAY * DAY_S + number * DAYS * DAY_S // length
        part, pk = PARTS[number % 2], f"IMPORT#{number}"
        values = {"pk": pk, "sk": "-", **dated.keys_of(part, at, pk)}
        dated.table.put_counted(values, condition="attribute_not_exists(#pk)", counter=dated.counter_of(part, at, None))
    return table


def listed(table: CountingTable) -> DatedList:
    return DatedList(ControlTable("control", DynamoDBClient(table, threads=1)), "IMPORTS#tenant")


def cost_of(table: CountingTable, **asked: Any) -> tuple[int, int]:
    """Returns how many requests a page takes, and how many items are read."""
    before = table.requests, table.items_read
    listed(table).find_page(**asked)
    return table.requests - before[0], table.items_read - before[1]


@pytest.mark.parametrize("parts", [None, {"users"}], ids=["all", "one part"])
def test_the_first_page_costs_the_same_at_100_and_at_20_000(parts: set[str] | None) -> None:
    short, long = (cost_of(filled(length), page=1, per_page=10, parts=parts) for length in (100, 20_000))

    counters, queries = len(PARTS) * DAYS, 1 if parts else 2
    assert short[0] == long[0] == 1 + queries
    assert long[1] <= counters + queries * 10
    assert short[1] <= long[1]


def test_a_page_at_the_beginning_of_a_day_in_the_middle_costs_as_much_as_the_first() -> None:
    table = filled(20_000)

    first, middle = (cost_of(table, page=page, per_page=10) for page in (1, 20_000 // 10 // 2 + 1))

    assert middle == first


def test_a_page_deep_in_a_day_reads_the_keys_of_that_day_at_most() -> None:
    requests, items = cost_of(filled(20_000), page=20_000 // 10, per_page=10)

    of_a_day = 20_000 // DAYS
    assert requests == 3
    assert items <= len(PARTS) * (DAYS + of_a_day)


def test_a_list_that_goes_on_reads_what_it_yields() -> None:
    table = filled(20_000)
    before = table.requests

    chunks = listed(table).each_chunk(at_once=100)
    taken = [pk for _ in range(10) for pk in next(chunks)]

    assert taken == [f"IMPORT#{number}" for number in range(19_999, 18_999, -1)]
    assert table.requests - before <= 1 + 1_000 // 100 + len(PARTS)


@pytest.mark.parametrize("page", [1, 7, 99, 1_000, 1_999, 2_000, 2_001])
def test_every_page_has_the_entries_that_belong_there(page: int) -> None:
    pks, total = listed(filled(20_000)).find_page(page=page, per_page=10)

    numbers = range(20_000 - 10 * (page - 1) - 1, max(20_000 - 10 * page, 0) - 1, -1)
    assert (pks, total) == ([f"IMPORT#{number}" for number in numbers], 20_000)


def test_entries_since_a_day_are_counted_and_paged() -> None:
    since = (FIRST_DAY + DAYS - 2) * DAY_S + 77

    pks, total = listed(filled(20_000)).find_page(page=200, per_page=10, since=since)

    assert (pks[-1], total) == ("IMPORT#18000", 2_000)
    assert listed(filled(20_000)).find_page(page=201, per_page=10, since=since)[0] == []


def test_a_list_without_entries_is_empty() -> None:
    dated = listed(CountingTable())

    assert dated.find_page(page=1, per_page=10) == ([], 0)
    assert list(dated.each_chunk(at_once=10)) == []
