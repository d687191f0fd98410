"""What slots cost, and calls for one job that meet: over tables in memory that evaluate the conditions."""

from collections.abc import Callable
from typing import Any

import orjson

from chalicelib.model.events import JobKind
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.dynamodb.concurrency import PAGE, DynamoDBConcurrencySlots
from chalicelib.stores.dynamodb.control_table import ControlTable
from tests.faults.fake_table import FakeTables
from tests.world import OURS


class WatchedTables:
    """Tables that count the items of queries, and call `meanwhile` once, after slots were read for the first time."""

    def __init__(self) -> None:
        self.tables = FakeTables()
        self.items_read = 0
        self.meanwhile: Callable[[], object] | None = None

    def send(self, operation: str, content: bytes) -> HttpResponse:
        answer = self.tables.send(operation, content)
        found: dict[str, Any] = orjson.loads(answer.content)
        self.items_read += len(found.get("Items", ()))
        do, self.meanwhile = self.meanwhile, None
        if do:
            do()
        return answer


def slots_on(tables: WatchedTables) -> DynamoDBConcurrencySlots:
    return DynamoDBConcurrencySlots(ControlTable("control", DynamoDBClient(tables)))


def test_the_first_that_waits_is_found_without_reading_those_behind_it() -> None:
    tables = WatchedTables()
    slots = slots_on(tables)
    for number in range(5 * PAGE):
        slots.wait(JobKind.IMPORT, OURS, f"imp_{number:03}", since=number)

    first = next(slots.each_waiting(JobKind.IMPORT, OURS))

    assert (first, tables.items_read) == ((0, "imp_000"), PAGE)
    assert len(list(slots.each_waiting(JobKind.IMPORT, OURS))) == 5 * PAGE


def test_two_calls_that_take_a_slot_for_one_job_at_once_take_one() -> None:
    tables = WatchedTables()
    slots = slots_on(tables)
    tables.meanwhile = lambda: slots.take("pool", "imp_1", slots=2)

    assert slots.take("pool", "imp_1", slots=2)

    assert slots.take("pool", "imp_2", slots=2)
    assert slots.list_holders("pool", slots=2) == ["imp_1", "imp_2"]


def test_a_slot_that_another_job_has_taken_meanwhile_is_passed_over() -> None:
    tables = WatchedTables()
    slots = slots_on(tables)
    tables.meanwhile = lambda: slots.take("pool", "imp_1", slots=1)

    assert not slots.take("pool", "imp_2", slots=1)
