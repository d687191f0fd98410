"""What callers hear of a sync import whose table is slow or throttles: an answer before the function ends, and the
truth about the rows.

The real store works over tables in memory; every request takes its time on a clock that only they move.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import pytest
from chalice.test import HTTPResponse

from chalicelib.access.context import InlineRun
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.stores.clients import ANSWER_S
from chalicelib.stores.dynamodb.claim_conflicts import ABANDONED_MS
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.dynamodb.record_items import from_item
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from chalicelib.stores.invocation import RESERVE_S, Invocation
from tests.contract.cstar.clients import CStarClient
from tests.contract.kasar.clients import KasarClient
from tests.contract.packagex.clients import PackageXClient
from tests.fake_time import FakeTime
from tests.faults.fake_table import FakeTables
from tests.faults.request_faults import RECORDS, SequentialClient, answer_lost, never_sent, throttled
from tests.faults.table_stores import over_tables
from tests.real_pipeline import connect_pipeline
from tests.world import NOW, OURS, World

FUNCTION_S = DEFAULT_LIMITS.request_time_s
Fault = Callable[[FakeTables, str, bytes], HttpResponse]


class SlowTransport:
    """A transport each of whose requests takes a while; from the `fails_from`-th write of records on, all writes of
    records go wrong."""

    def __init__(self, time: FakeTime, invocation: Invocation) -> None:
        self._time = time
        self._invocation = invocation
        self._writes = 0
        self.tables = FakeTables()
        self.request_s = 0.001
        self.write_s = 0.001
        self.fails_from: int | None = None
        self.fails_until_s = inf
        self.fault: Fault = throttled

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Does what `Transport.send` promises."""
        is_write = operation == "BatchExecuteStatement"
        takes_s, patience_s = self.write_s if is_write else self.request_s, self._invocation.patience_s(ANSWER_S)
        self._time.now_s += min(takes_s, patience_s)
        self._writes += is_write
        if takes_s > patience_s:
            return answer_lost(self.tables, operation, content)
        is_failing = self.fails_from is not None and self._writes >= self.fails_from
        if is_write and is_failing and self._time.now_s < self.fails_until_s:
            return self.fault(self.tables, operation, content)
        return self.tables.send(operation, content)


@dataclass
class SlowService:
    """A service within one call of its function, over slow tables."""

    world: World
    time: FakeTime
    transport: SlowTransport
    invocation: Invocation

    def begin_call(self) -> None:
        """Begins the next call of the function."""
        ends_at = self.time.now_s + FUNCTION_S
        self.invocation.begin(lambda: ends_at - self.time.now_s)

    @property
    def stored(self) -> list[str]:
        """The names of all records, sorted."""
        items = self.transport.tables.table(RECORDS).items
        return sorted(
            str(from_item(item).record.fields["name"]) for (pk, _), item in items.items() if pk.startswith("REC#")
        )

    @property
    def imports(self) -> list[Import]:
        return list(self.world.stores.imports.list_page(OURS, page=1, per_page=10).entries)


def slow_service(world: World) -> SlowService:
    """Puts the tables under the stores of a world; its clock is that of the tables."""
    time = FakeTime(jitter=0.5)
    invocation = time.invocation(FUNCTION_S)
    transport = SlowTransport(time, invocation)
    client = SequentialClient(transport, invocation, threads=1, timing=time.timing)
    records = DynamoDBRecords(client, RECORDS, wait=time.wait)
    stores = replace(
        over_tables(world.stores, client, records, lambda: NOW + int(time.now_s)),
        keys=world.stores.keys,
        idempotency_records=world.stores.idempotency_records,
    )
    world.stores = stores
    world.context = replace(world.context, stores=stores, clock=lambda: NOW + int(time.now_s))
    machine = connect_pipeline(world)
    machine = replace(machine, now=lambda: NOW + time.now_s)
    world.context = replace(world.context, open_runner=lambda: machine)
    return SlowService(world, time, transport, invocation)


ROWS = [{"name": f"P{number:02}", "email": f"p{number}@example.com"} for number in range(50)]
"""Kasar takes no more; they are written with two statements and two match keys each, 25 at a time."""


@dataclass
class Reported:
    """What an answer says."""

    created: int
    failed: list[int]
    """Indices."""


class KasarService:
    """Kasar over slow tables."""

    in_the_middle = 7
    """Which write of records is the second of two that write the records themselves."""

    def __init__(self) -> None:
        self._client = KasarClient()
        self.slow = slow_service(self._client.world)

    def send(self) -> HTTPResponse:
        """Imports all rows."""
        return self._client.load("contacts", *ROWS)

    @staticmethod
    def reported(answer: HTTPResponse) -> Reported:
        """Returns what an answer says; every error is that the time was over."""
        body = answer.json_body
        assert {one["message"] for one in body["errors"]} <= {MESSAGE.removesuffix(".")}
        assert body["failed"] == len(body["errors"])
        return Reported(body["created"], [one["index"] for one in body["errors"]])


class CStarService:
    """cStar over slow tables."""

    in_the_middle = 5
    """Which write of records is the second of two that write the records themselves."""

    def __init__(self) -> None:
        self._client = CStarClient()
        self.slow = slow_service(self._client.world)

    def send(self) -> HTTPResponse:
        """Imports all rows."""
        return self._client.post("/import", {"resource": "customers", "records": ROWS})

    @staticmethod
    def reported(answer: HTTPResponse) -> Reported:
        """Returns what an answer says; every error is that the time was over."""
        data = answer.json_body["data"]
        assert {(one["code"], one["message"]) for one in data["errors"]} <= {("time_limit", MESSAGE)}
        assert data["total"] == len(ROWS)
        return Reported(data["created"], [one["index"] for one in data["errors"]])


class PackageXService:
    """PackageX over slow tables."""

    def __init__(self) -> None:
        world = World()
        self._client = PackageXClient(world)
        self.slow = slow_service(world)

    def send(self) -> HTTPResponse:
        """Begins an import of all rows."""
        body = {"upload_mode": "sync", "resource": "contacts", "action": "merge", "data": ROWS}
        return self._client.post("/v1/imports", body)


MESSAGE = "The time of the import was over before this row was written."
INSIDE = [pytest.param(KasarService, id="kasar"), pytest.param(CStarService, id="cstar")]
ALL = [*INSIDE, pytest.param(PackageXService, id="packagex")]


@pytest.mark.parametrize("make", INSIDE)
@pytest.mark.parametrize("fault", [throttled, never_sent, answer_lost])
@pytest.mark.parametrize("fails_from", range(1, 14))
def test_an_answer_in_time_tells_which_rows_were_written(
    make: type[KasarService | CStarService], fault: Fault, fails_from: int
) -> None:
    service = make()
    slow = service.slow
    slow.transport.fails_from, slow.transport.fault = fails_from, fault

    answer = service.send()

    assert slow.time.now_s < FUNCTION_S
    [import_] = slow.imports
    assert bool(slow.stored) or fails_from < service.in_the_middle
    if not slow.stored:
        assert answer.status_code == 503
        return
    reported = service.reported(answer)
    assert reported.created == import_.stats.created == len(slow.stored)
    assert [row["name"] for at, row in enumerate(ROWS) if at not in reported.failed] == slow.stored
    assert import_.stats.unprocessed == len(reported.failed)
    assert import_.status is (Status.TIMED_OUT if fails_from <= service.in_the_middle else Status.COMPLETED)


@pytest.mark.parametrize("make", INSIDE)
@pytest.mark.parametrize("write_s", [0.5, 2, 3, 5, 60])
def test_writes_that_take_long_stop_in_time(make: type[KasarService | CStarService], write_s: float) -> None:
    service = make()
    slow = service.slow
    slow.transport.write_s = write_s

    answer = service.send()

    assert slow.time.now_s < FUNCTION_S
    assert (answer.status_code == 503) is not bool(slow.stored)
    if slow.stored:
        assert service.reported(answer).created == len(slow.stored)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("request_s", [0.2, 1, 5, 60])
def test_requests_that_all_take_long_end_in_time(
    make: type[KasarService | CStarService | PackageXService], request_s: float
) -> None:
    service = make()
    slow = service.slow
    slow.transport.request_s = slow.transport.write_s = request_s

    answer = service.send()

    assert slow.time.now_s < FUNCTION_S
    assert (answer.status_code == 503) is not bool(slow.stored) or isinstance(service, PackageXService)


@pytest.mark.parametrize("make", INSIDE)
def test_what_is_sent_again_finds_what_was_written(make: type[KasarService | CStarService]) -> None:
    service = make()
    slow = service.slow
    slow.transport.fails_from, slow.transport.fails_until_s = service.in_the_middle, FUNCTION_S - RESERVE_S
    first = service.reported(service.send())
    slow.begin_call()

    second = service.reported(service.send())

    assert 0 < first.created < len(ROWS)
    assert (second.created, second.failed) == (len(ROWS) - first.created, [])
    assert len(slow.stored) == len(ROWS)


@pytest.mark.parametrize("make", INSIDE)
def test_claims_that_could_not_be_taken_back_make_no_duplicates(make: type[KasarService | CStarService]) -> None:
    service = make()
    slow = service.slow
    slow.transport.fails_from = service.in_the_middle
    first = service.reported(service.send())
    slow.transport.fails_from = None

    slow.begin_call()
    soon = service.send()
    slow.time.now_s += ABANDONED_MS / 1000
    slow.begin_call()
    later = service.reported(service.send())

    assert soon.status_code == 503
    assert (later.created, later.failed) == (len(ROWS) - first.created, [])
    assert len(slow.stored) == len(ROWS)


def test_a_repeat_tells_the_rows_of_an_import_that_had_ended_early() -> None:
    service = KasarService()
    service.slow.transport.fails_from = service.in_the_middle
    reported = service.reported(service.send())
    [import_] = service.slow.imports

    again = service.slow.world.context.runner.run_all_phases(import_, InlineRun(b""))

    assert again.import_ == import_
    assert len(again.outcomes) == reported.created
