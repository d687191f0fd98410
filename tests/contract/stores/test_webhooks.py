"""What `Webhooks` and `Deliveries` promise."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import (
    AuthHeader,
    Delivery,
    DeliveryAttempt,
    DeliveryId,
    DeliveryStatus,
    Webhook,
    WebhookId,
    WebhookStatus,
    delivery_id_of,
)
from chalicelib.stores.dynamodb.webhooks import DynamoDBDeliveries
from chalicelib.stores.interfaces import Counted, Stores
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_due_imports import control

ONE, TWO = WebhookId("whk_one"), WebhookId("whk_two")
OTHER = TenantId("22222222-2222-4222-8222-222222222222")


def a_webhook(tenant: TenantId, webhook_id: WebhookId = ONE, **given: Any) -> Webhook:
    wanted: dict[str, Any] = {"url": "https://example.com/", "secret": "whsec_1", "created_at": 5, "updated_at": 5}
    return Webhook(webhook_id=webhook_id, tenant_id=tenant, **(wanted | given))


def a_delivery(tenant: TenantId, at: int = 100, webhook_id: WebhookId = ONE, **given: Any) -> Delivery:
    event_id = f"evt_{uuid4().hex[:8]}"
    wanted: dict[str, Any] = {
        "delivery_id": delivery_id_of(webhook_id, event_id, at),
        "webhook_id": webhook_id,
        "tenant_id": tenant,
        "event_id": event_id,
        "event_type": "import.completed",
        "body": '{"a":1}',
        "created_at": at,
        "next_try_at": at,
    }
    return Delivery(**(wanted | given))


def added(stores: Stores, delivery: Delivery) -> Delivery:
    assert stores.deliveries.add(delivery)
    return delivery


def due(stores: Stores, tenant: TenantId, now: int) -> list[DeliveryId]:
    return [one.delivery_id for one in stores.deliveries.each_due(now) if one.tenant_id == tenant]


def test_a_webhook_comes_back_as_it_was(stores: Stores, tenant: TenantId) -> None:
    webhook = a_webhook(
        tenant,
        events=("import.completed", "import.failed"),
        name="Ours",
        auth_header=AuthHeader(name="X-Key", value="k"),
        status=WebhookStatus.PAUSED,
        reason="failing",
        old_secret="whsec_0",
        old_secret_until=99,
        failing_since=7,
        created_by="key_1",
    )

    assert stores.webhooks.add(webhook, limit=9) is Counted.DONE
    assert stores.webhooks.find(tenant, ONE) == webhook
    assert stores.webhooks.add(replace(webhook, url="https://example.org/"), limit=9) is Counted.REFUSED
    assert stores.webhooks.find(tenant, ONE) == webhook


def test_webhooks_are_listed_by_tenant_oldest_first(stores: Stores, tenant: TenantId) -> None:
    young, old = a_webhook(tenant, ONE, created_at=9), a_webhook(tenant, TWO, created_at=3)
    for one in (young, old, a_webhook(OTHER, WebhookId(f"whk_{uuid4().hex}"))):
        stores.webhooks.add(one, limit=9)

    assert stores.webhooks.list_webhooks(tenant) == [old, young]


def test_a_change_of_a_webhook_touches_nothing_else(stores: Stores, tenant: TenantId) -> None:
    webhook = a_webhook(tenant, name="Ours", events=("import.failed",), failing_since=3)
    stores.webhooks.add(webhook, limit=9)

    changed = stores.webhooks.change(tenant, ONE, {"name": None, "failing_since": None, "events": ()})

    assert changed == replace(webhook, name=None, failing_since=None, events=())
    assert stores.webhooks.find(tenant, ONE) == changed


def test_a_webhook_that_is_gone_is_not_changed_into_being(stores: Stores, tenant: TenantId) -> None:
    stores.webhooks.add(a_webhook(tenant), limit=9)

    assert stores.webhooks.delete(tenant, ONE)
    assert not stores.webhooks.delete(tenant, ONE)
    assert stores.webhooks.change(tenant, ONE, {"failing_since": 5}) is None
    assert stores.webhooks.find(tenant, ONE) is None


def test_a_webhook_of_another_tenant_is_not_there(stores: Stores, tenant: TenantId) -> None:
    stores.webhooks.add(a_webhook(tenant), limit=9)

    assert stores.webhooks.find(OTHER, ONE) is None
    assert stores.webhooks.change(OTHER, ONE, {"name": "mine"}) is None
    assert not stores.webhooks.delete(OTHER, ONE)
    assert stores.webhooks.find(tenant, ONE) == a_webhook(tenant)


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

    assert due(stores, tenant, 89) == []
    assert due(stores, tenant, 90) == [sooner.delivery_id]
    assert due(stores, tenant, 100) == [sooner.delivery_id, later.delivery_id]


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
    assert item["expires_at"] == 100 + 30 * 24 * 3600
