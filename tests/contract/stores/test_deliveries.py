"""What `Deliveries` promise."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson
import pytest

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import (
    Delivery,
    DeliveryAttempt,
    DeliveryId,
    DeliveryStatus,
    Endpoint,
    WebhookId,
    delivery_id_of,
)
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse, Transport
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.deliveries import DynamoDBDeliveries
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.conftest import NOW, Aws
from tests.contract.stores.test_due_imports import control

ONE, TWO = WebhookId("whk_one"), WebhookId("whk_two")
OTHER = TenantId("22222222-2222-4222-8222-222222222222")


def a_delivery(tenant: TenantId, at: int = 100, webhook_id: WebhookId = ONE, **given: Any) -> Delivery:
    event_id = f"evt_{uuid4().hex[:8]}"
    wanted: dict[str, Any] = {
        "delivery_id": delivery_id_of(webhook_id, event_id, at),
        "webhook_id": webhook_id,
        "tenant_id": tenant,
        "event_id": event_id,
        "event_type": "import.completed",
        "body": '{"a":1}',
        "created_at": NOW + at,
        "next_try_at": at,
    }
    return Delivery(**(wanted | given))


def added(stores: Stores, delivery: Delivery) -> Delivery:
    assert stores.deliveries.add(delivery)
    return delivery


def due(stores: Stores, tenant: TenantId, now: int) -> list[DeliveryId]:
    page = stores.deliveries.list_due(Endpoint(tenant, ONE), now, limit=100)
    return [one.delivery_id for one in page.deliveries]


def test_a_delivery_is_added_once_and_comes_back_as_it_was(stores: Stores, tenant: TenantId) -> None:
    tries = (
        DeliveryAttempt(number=1, at=100, duration_ms=7, status_code=500, response="oh"),
        DeliveryAttempt(number=2, at=9, duration_ms=1),
    )
    delivery = added(stores, a_delivery(tenant, tries=tries, started=2))

    assert not stores.deliveries.add(replace(delivery, body="{}", next_try_at=None))
    assert stores.deliveries.find(tenant, ONE, delivery.delivery_id) == delivery
    assert stores.deliveries.find(OTHER, ONE, delivery.delivery_id) is None
    assert stores.deliveries.find(tenant, TWO, delivery.delivery_id) is None


def test_deliveries_are_due_at_their_time_longest_first(stores: Stores, tenant: TenantId) -> None:
    later, sooner = added(stores, a_delivery(tenant, 100)), added(stores, a_delivery(tenant, 90))
    added(stores, a_delivery(tenant, 80, TWO))
    added(stores, a_delivery(OTHER, 80))

    assert due(stores, tenant, 89) == []
    assert due(stores, tenant, 90) == [sooner.delivery_id]
    assert due(stores, tenant, 100) == [sooner.delivery_id, later.delivery_id]


def test_as_many_are_given_as_are_asked_for(stores: Stores, tenant: TenantId) -> None:
    made = [added(stores, a_delivery(tenant, at)) for at in (1, 2, 3)]

    oldest = stores.deliveries.list_due(Endpoint(tenant, ONE), 9, limit=2)
    newest = stores.deliveries.list_due(Endpoint(tenant, ONE), 9, limit=2, newest_first=True)
    whole = stores.deliveries.list_due(Endpoint(tenant, ONE), 9, limit=4)

    assert oldest == ((made[0], made[1]), False)
    assert newest == ((made[2], made[1]), False)
    assert whole == (tuple(made), True)


def test_what_comes_later_is_given_soonest_first(stores: Stores, tenant: TenantId) -> None:
    made = [added(stores, a_delivery(tenant, at)) for at in (1, 2, 3, 4)]
    ended = added(stores, a_delivery(tenant, 3))
    assert stores.deliveries.replace(ended, replace(ended, status=DeliveryStatus.DELIVERED, next_try_at=None))

    assert stores.deliveries.list_later(Endpoint(tenant, ONE), 1, limit=2) == [made[1], made[2]]
    assert stores.deliveries.list_later(Endpoint(tenant, ONE), 3, limit=9) == [made[3]]
    assert stores.deliveries.list_later(Endpoint(tenant, ONE), 4, limit=9) == []


def test_what_has_ended_is_not_due(stores: Stores, tenant: TenantId) -> None:
    delivery = added(stores, a_delivery(tenant))
    ended = replace(delivery, status=DeliveryStatus.DELIVERED, next_try_at=None)

    assert stores.deliveries.replace(delivery, ended)

    assert due(stores, tenant, 1_000) == []
    assert stores.deliveries.find(tenant, ONE, delivery.delivery_id) == ended


def test_of_two_who_want_it_one_gets_it(stores: Stores, tenant: TenantId) -> None:
    delivery = added(stores, a_delivery(tenant))
    leased = replace(delivery, next_try_at=160, started=1)

    assert stores.deliveries.replace(delivery, leased)
    assert not stores.deliveries.replace(delivery, leased)

    assert due(stores, tenant, 159) == []
    assert due(stores, tenant, 160) == [delivery.delivery_id]


def test_what_has_ended_may_begin_again(stores: Stores, tenant: TenantId) -> None:
    ended = added(stores, a_delivery(tenant, status=DeliveryStatus.FAILED, next_try_at=None))
    again = replace(ended, status=DeliveryStatus.PENDING, next_try_at=500)

    assert stores.deliveries.replace(ended, again)
    assert not stores.deliveries.replace(ended, again)

    assert due(stores, tenant, 500) == [ended.delivery_id]


def test_deliveries_are_paged_newest_first(stores: Stores, tenant: TenantId) -> None:
    made = [added(stores, a_delivery(tenant, at)) for at in (1, 2, 3, 4)]
    added(stores, a_delivery(tenant, 5, TWO))

    first = stores.deliveries.list_page(tenant, ONE, limit=3, after=None)
    second = stores.deliveries.list_page(tenant, ONE, limit=3, after=first.cursor)
    whole = stores.deliveries.list_page(tenant, ONE, limit=4, after=None)

    assert (list(first.deliveries), first.cursor) == ([made[3], made[2], made[1]], made[1].delivery_id)
    assert (list(second.deliveries), second.cursor) == ([made[0]], None)
    assert (len(whole.deliveries), whole.cursor) == (4, None)


def test_a_delivery_disappears_after_thirty_days(aws: Aws, tenant: TenantId) -> None:
    table, delivery = control(aws), a_delivery(tenant, 100)

    DynamoDBDeliveries(table).add(delivery)

    item = table.find(f"DELIVERIES#{tenant}#{ONE}", delivery.delivery_id)
    assert item is not None
    assert item["expires_at"] == NOW + 100 + 30 * 24 * 3600


class ReadItems(Transport):
    """A transport that counts the items that queries and batches have read."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.count = 0

    def send(self, operation: str, content: bytes) -> HttpResponse:
        answer = self._transport.send(operation, content)
        body = orjson.loads(answer.content)
        self.count += len(body.get("Items", ())) + sum(map(len, body.get("Responses", {}).values()))
        return answer


def test_a_page_costs_its_length_however_long_the_queue_is(aws: Aws, tenant: TenantId) -> None:
    for at in range(30):
        DynamoDBDeliveries(control(aws)).add(a_delivery(tenant, at))
    reads = ReadItems(aws.transport)
    deliveries = DynamoDBDeliveries(ControlTable(aws.resources.control_table, DynamoDBClient(reads)))

    page = deliveries.list_due(Endpoint(tenant, ONE), 100, limit=4)

    assert (len(page.deliveries), reads.count) == (4, 8)


@pytest.mark.parametrize("next_try_at", [160, None], ids=["taken", "ended"])
def test_what_another_round_has_taken_since_the_queue_was_read_is_not_due(
    aws: Aws, tenant: TenantId, next_try_at: int | None
) -> None:
    class OvertakenTable(ControlTable):
        def find_listed(self, keys: Iterable[Mapping[str, Any]]) -> list[ItemValues]:
            listed = list(keys)
            assert DynamoDBDeliveries(control(aws)).replace(taken, replace(taken, next_try_at=next_try_at, started=1))
            return super().find_listed(listed)

    taken, left = a_delivery(tenant, 90), a_delivery(tenant, 100)
    for one in (taken, left):
        DynamoDBDeliveries(control(aws)).add(one)
    table = OvertakenTable(aws.resources.control_table, DynamoDBClient(aws.transport))

    assert DynamoDBDeliveries(table).list_due(Endpoint(tenant, ONE), 100, limit=9) == ((left,), True)
