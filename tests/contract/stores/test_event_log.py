"""What `EventLog` promises: events in the order of their publishing, each once, none before one that shows already."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.errors import Retryable
from chalicelib.model.events import event_of_import
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse, Transport
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.event_log import DynamoDBEventLog
from chalicelib.stores.dynamodb.imports import DynamoDBImports
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import NOW, Aws, StoresUnderTest, clock
from tests.fake_time import FakeTime

OTHER = TenantId("22222222-2222-4222-8222-222222222222")


def ended(stores: Stores, tenant: TenantId, **given: Any) -> Import:
    import_ = an_import(tenant, status=Status.COMPLETED, unpublished_since=NOW, **given)
    assert stores.imports.add(import_)
    return import_


def publish(stores: Stores, import_: Import) -> str:
    event = event_of_import(import_)
    stores.imports.mark_published(import_, event)
    return event.event_id


def publish_at_last(stores: Stores, import_: Import) -> str:
    """As the outbox does it: where others were faster all the time, it is tried again."""
    while True:
        with suppress(Retryable):
            return publish(stores, import_)


def logged(stores: Stores, tenant: TenantId, after: int = 0, limit: int = 1_000) -> list[tuple[int, str]]:
    found = stores.event_log.list_after(tenant, after, limit=limit)
    return [(one.number, orjson.loads(one.body)["event_id"]) for one in found]


def test_events_stand_in_the_order_of_their_publishing_under_consecutive_numbers(
    stores: Stores, tenant: TenantId
) -> None:
    late, early = ended(stores, tenant, created_at=NOW), ended(stores, tenant, created_at=NOW - 500)
    one, two = publish(stores, late), publish(stores, early)

    assert logged(stores, tenant) == [(1, one), (2, two)]
    assert logged(stores, tenant, after=1) == [(2, two)]
    assert logged(stores, tenant, limit=1) == [(1, one)]
    assert logged(stores, OTHER) == []
    assert [stores.event_log.find_number(tenant, event_id) for event_id in (one, two, "evt_never")] == [1, 2, None]
    assert stores.event_log.find_number(OTHER, one) is None
    assert (stores.event_log.find_last(tenant), stores.event_log.find_last(OTHER)) == (2, 0)


def test_an_event_is_logged_as_webhooks_get_it(stores: Stores, tenant: TenantId) -> None:
    import_ = ended(stores, tenant, name="Über")

    publish(stores, import_)

    (found,) = stores.event_log.list_after(tenant, 0, limit=9)
    assert found.body == orjson.dumps(event_of_import(import_).to_body()).decode()


def test_an_event_that_is_published_again_is_logged_once(stores: Stores, tenant: TenantId) -> None:
    import_ = ended(stores, tenant)

    event_id = publish(stores, import_)
    publish(stores, import_)

    assert logged(stores, tenant) == [(1, event_id)]


def test_an_event_whose_job_has_gone_on_meanwhile_is_logged_all_the_same(stores: Stores, tenant: TenantId) -> None:
    waiting = an_import(tenant, hold=True)
    stores.imports.add(waiting)
    held = stores.imports.revise(
        waiting, {"source": Source(key="uploads/a", version_id="v1"), "held_until": 500, "unpublished_since": 100}
    )
    assert held is not None
    expired = stores.imports.change(tenant, held.import_id, ImportChange(to=Status.EXPIRED, at=200, ended_at=200))
    assert expired is not None

    of_its_end, of_its_hold = publish(stores, expired), publish(stores, held)
    publish(stores, held)

    assert logged(stores, tenant) == [(1, of_its_end), (2, of_its_hold)]


def test_an_event_is_there_for_seven_days_and_no_number_comes_again(world: StoresUnderTest, tenant: TenantId) -> None:
    kept_s = DEFAULT_LIMITS.event_log_s
    now = [NOW]
    stores = world.with_clock(lambda: now[0])
    event_id = publish(stores, ended(stores, tenant))

    now[0] = NOW + kept_s - 1
    before = logged(stores, tenant), stores.event_log.find_number(tenant, event_id)
    now[0] = NOW + kept_s
    after = logged(stores, tenant), stores.event_log.find_number(tenant, event_id), stores.event_log.find_last(tenant)
    next_id = publish(stores, ended(stores, tenant))

    assert before == ([(1, event_id)], 1)
    assert after == ([], None, 1)
    assert logged(stores, tenant) == [(2, next_id)]


def test_all_that_publish_at_once_are_logged_without_a_gap(racing: Stores, tenant: TenantId) -> None:
    imports = [ended(racing, tenant) for _ in range(40)]

    with ThreadPoolExecutor(8) as threads:
        published = list(threads.map(lambda one: publish_at_last(racing, one), imports))

    found = logged(racing, tenant)
    assert [number for number, _ in found] == list(range(1, 41))
    assert sorted(event_id for _, event_id in found) == sorted(published)


def test_who_follows_while_others_publish_misses_nothing(racing: Stores, tenant: TenantId) -> None:
    imports = [ended(racing, tenant) for _ in range(40)]
    followed: list[str] = []

    with ThreadPoolExecutor(8) as threads:
        publishing = [threads.submit(publish_at_last, racing, one) for one in imports]
        while len(followed) < len(imports) and not all(one.done() for one in publishing):
            followed += [event_id for _, event_id in logged(racing, tenant, after=len(followed), limit=3)]
    followed += [event_id for _, event_id in logged(racing, tenant, after=len(followed))]

    assert sorted(followed) == sorted(one.result() for one in publishing)


class Losing:
    """Performs a transaction and loses its answer, so that the client sends it again."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.lost = 0

    def send(self, operation: str, content: bytes) -> HttpResponse:
        answer = self._transport.send(operation, content)
        if operation == "TransactWriteItems" and not self.lost:
            self.lost += 1
            raise NoResponse
        return answer


def test_a_lost_answer_logs_no_event_twice(aws: Aws, tenant: TenantId) -> None:
    whole = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    import_ = ended(whole, tenant)
    losing = Losing(aws.transport)

    event_id = publish(stores_over(aws.session, losing, aws.resources, clock=clock), import_)

    assert losing.lost == 1
    assert logged(whole, tenant) == [(1, event_id)]
    assert whole.imports.find(tenant, import_.import_id) == replace(import_, unpublished_since=None)


class Counting:
    """Counts what is sent."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.sent: list[str] = []

    def send(self, operation: str, content: bytes) -> HttpResponse:
        self.sent.append(operation)
        return self._transport.send(operation, content)


@pytest.mark.parametrize(
    ("others", "expected"),
    [(False, ["TransactWriteItems"]), (True, ["TransactWriteItems"] * 2)],
    ids=["alone", "others have published"],
)
def test_publishing_takes_one_request_and_where_others_have_published_two(
    aws: Aws, tenant: TenantId, others: bool, expected: list[str]
) -> None:
    counting = Counting(aws.transport)
    stores = stores_over(aws.session, counting, aws.resources, clock=clock)
    whole = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    publish(stores, ended(whole, tenant))
    if others:
        publish(whole, ended(whole, tenant))
    import_ = ended(whole, tenant)
    counting.sent.clear()

    publish(stores, import_)

    assert counting.sent == expected


class Overtaking:
    """Lets somebody else publish before each of so many transactions."""

    def __init__(self, transport: Transport, publish_other: Callable[[], object], times: int) -> None:
        self._transport = transport
        self._publish_other = publish_other
        self._left = times

    def send(self, operation: str, content: bytes) -> HttpResponse:
        if operation == "TransactWriteItems" and self._left:
            self._left -= 1
            self._publish_other()
        return self._transport.send(operation, content)


@pytest.mark.parametrize(("times", "pauses"), [(0, []), (1, []), (2, [0.04]), (4, [0.04, 0.08, 0.16])])
def test_pauses_grow_from_the_second_time_on_that_others_are_faster(
    aws: Aws, tenant: TenantId, times: int, pauses: list[float]
) -> None:
    whole, time = stores_over(aws.session, aws.transport, aws.resources, clock=clock), FakeTime(jitter=1.0)
    overtaking = Overtaking(aws.transport, lambda: publish(whole, ended(whole, tenant)), times)
    table = ControlTable(aws.resources.control_table, DynamoDBClient(overtaking), clock=clock)
    imports = DynamoDBImports(table, clock=clock, log=DynamoDBEventLog(table, clock=clock, timing=time.timing))
    import_ = ended(whole, tenant)

    imports.mark_published(import_, event_of_import(import_))

    assert time.waits == pauses
    assert logged(whole, tenant)[times:] == [(times + 1, event_of_import(import_).event_id)]
