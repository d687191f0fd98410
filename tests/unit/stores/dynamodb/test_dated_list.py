"""A page of a list costs the same however long the list is, whatever it is filtered by: requests and items read are
counted.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import orjson
import pytest

from chalicelib.model.retention import DAY_S
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.dated_list import CROWDED, DatedList, Period, Window

FIRST_DAY, DAYS = 20_000, 30
BEGIN = FIRST_DAY * DAY_S
NAME = "IMPORTS#tenant"
MILLION = 1_000_000
FACETS = tuple((resource, status) for resource in ("contacts", "users") for status in ("completed", "failed"))


class Entries:
    """A list of any length, its entries spread evenly over the same days. Its items are made when they are asked for:
    every fiftieth entry failed, every second is one of users.
    """

    def __init__(self, length: int) -> None:
        self.length = length

    def at(self, number: int) -> int:
        """When an entry was created."""
        return BEGIN + number * DAYS * DAY_S // self.length

    @staticmethod
    def facets(number: int) -> tuple[str, str]:
        return FACETS[2 * (number % 2) + (number % 50 == 7)]

    def between(self, since: int, before: int) -> Iterator[int]:
        """Yields the entries of a time, of which `before` is the first second that is left out."""
        first = max(0, -(-(since - BEGIN) * self.length // (DAYS * DAY_S)) - 1)
        for number in range(first, self.length):
            if self.at(number) >= before:
                return
            if self.at(number) >= since:
                yield number


class CountingTable:
    """A control table with one such list in it, which counts requests and items that it returns."""

    def __init__(self, length: int) -> None:
        self.entries = Entries(length)
        self.requests = self.items_read = 0
        self.days: dict[str, Counter[str]] = {}
        for day in range(FIRST_DAY, FIRST_DAY + DAYS) if length else ():
            self.days[f"{day:06d}"] = self._counts(day * DAY_S, DAY_S)

    def send(self, operation: str, content: bytes) -> HttpResponse:
        request = orjson.loads(content)
        answers = {"Query": self._days, "BatchGetItem": self._hours, "ExecuteStatement": self._listed}
        items = answers[operation](request)
        self.requests += 1
        self.items_read += len(items)
        whole = {"Responses": {"control": items}} if operation == "BatchGetItem" else {"Items": items}
        return HttpResponse(200, orjson.dumps(whole))

    def _days(self, request: dict[str, Any]) -> list[Any]:
        after = request["ExpressionAttributeValues"].get(":after", {"S": ""})["S"]
        return [_item(f"DAYCOUNTS#{NAME}", day, counts) for day, counts in self.days.items() if day > after]

    def _hours(self, request: dict[str, Any]) -> list[Any]:
        keys = request["RequestItems"]["control"]["Keys"]
        return [item for key in keys if (item := self._hour(key["sk"]["S"]))]

    def _hour(self, sk: str) -> dict[str, Any] | None:
        begin = int(sk[:6]) * DAY_S + int(sk[7:]) * 3600
        counts = self._counts(begin, 3600)
        return _item(f"HOURCOUNTS#{NAME}", sk, counts) if counts else None

    def _counts(self, begin: int, seconds: int) -> Counter[str]:
        facets = Counter(map(self.entries.facets, self.entries.between(begin, begin + seconds)))
        return Counter({"count#" + "#".join(one): count for one, count in facets.items()})

    def _listed(self, request: dict[str, Any]) -> list[Any]:
        *lists, since, before = [one["S"] for one in request["Parameters"]]
        found = self.entries.between(int(since.partition(".")[0]), int(before.partition(".")[0]))
        return [self._key(number) for number in found if "#".join((NAME, *self.entries.facets(number))) in lists]

    def _key(self, number: int) -> dict[str, Any]:
        pk = f"IMPORT#{number}"
        return {
            "pk": {"S": pk},
            "sk": {"S": "-"},
            "list_sk": {"S": f"{self.entries.at(number):012d}.{number:08d}#{pk}"},
        }


def _item(pk: str, sk: str, counts: Counter[str]) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}, **{name: {"N": str(count)} for name, count in counts.items()}}


@cache
def filled(length: int) -> CountingTable:
    return CountingTable(length)


def listed(table: CountingTable) -> DatedList:
    return DatedList(ControlTable("control", DynamoDBClient(table, threads=1)), NAME)


def is_any(_: tuple[str, ...]) -> bool:
    return True


def has_failed(facets: tuple[str, ...]) -> bool:
    return facets[1] == "failed"


SELECTIONS = pytest.mark.parametrize("selection", [is_any, has_failed])


@SELECTIONS
@pytest.mark.parametrize("share", [0, 0.3, 0.99], ids=["first page", "a page in the middle", "one of the last"])
def test_any_page_of_a_million_imports_takes_three_requests(selection: Any, share: float) -> None:
    table = filled(MILLION)
    length = MILLION if selection is is_any else MILLION // 50
    page = 1 + int(share * length) // 100
    before = table.requests, table.items_read

    pks, total = listed(table).find_page(selection, page=page, per_page=100)

    taken = range(MILLION) if selection is is_any else range(7, MILLION, 50)
    expected = taken[::-1][100 * (page - 1) :][:100]
    assert (pks, total) == ([f"IMPORT#{number}" for number in expected], length)
    of_an_hour = length // DAYS // 24
    assert table.requests - before[0] <= 3
    assert table.items_read - before[1] <= DAYS + 48 + 3 * of_an_hour + 200


@SELECTIONS
def test_a_short_list_is_read_without_its_hours(selection: Any) -> None:
    table = CountingTable(400)

    pks, total = listed(table).find_page(selection, page=1, per_page=10)

    assert (len(pks), total) == (min(total, 10), sum(selection(Entries.facets(number)) for number in range(400)))
    assert table.requests == 2


def test_the_pages_of_a_list_are_the_list() -> None:
    table = filled(20 * CROWDED)

    found = [listed(table).find_page(page=page, per_page=997)[0] for page in range(1, 13)]

    assert [pk for page in found for pk in page] == [f"IMPORT#{number}" for number in reversed(range(20 * CROWDED))]


def test_entries_since_a_day_are_counted_and_paged() -> None:
    since = (FIRST_DAY + DAYS - 3) * DAY_S + 77
    table = filled(30_000)

    pks, total = listed(table).find_page(page=300, per_page=10, since=since)

    assert (pks[-1], total) == ("IMPORT#27000", 3_000)
    assert listed(table).find_page(page=301, per_page=10, since=since) == ([], 3_000)


def test_a_list_without_entries_is_empty() -> None:
    assert listed(CountingTable(0)).find_page(page=1, per_page=10) == ([], 0)


def test_an_entry_is_counted_in_its_day_and_in_its_hour() -> None:
    at = BEGIN + 5 * 3600 + 10

    day, hour = listed(filled(0)).counters_of(at, {("a", "b"): 1, ("a", "c"): -1}, 77)

    assert (day.pk, day.sk, hour.pk, hour.sk) == (f"DAYCOUNTS#{NAME}", "020000", f"HOURCOUNTS#{NAME}", "020000.05")
    assert day.by == hour.by == {"count#a#b": 1, "count#a#c": -1}
    assert day.expires_at == hour.expires_at == 77


def test_facets_that_stay_the_same_change_no_counter() -> None:
    assert list(listed(filled(0)).counters_of(BEGIN, {("a",): 0}, None)) == []


def test_a_window_is_the_fewest_periods_that_hold_the_page() -> None:
    periods = [Period(begin, end, {("a",): 10}) for end, begin in pairwise(range(50, -1, -10))]

    def around(skipped: int, length: int) -> tuple[list[int], int] | None:
        found = Window.around(periods, skipped=skipped, length=length)
        return ([one.begin for one in found.periods], found.skipped) if found else None

    assert around(0, 10) == ([40], 0)
    assert around(9, 2) == ([40, 30], 9)
    assert around(10, 20) == ([30, 20], 0)
    assert around(49, 10) == ([0], 9)
    assert around(50, 10) is None
