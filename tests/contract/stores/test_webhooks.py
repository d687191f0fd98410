"""What `Webhooks` promise."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import AuthHeader, Endpoint, Webhook, WebhookId, WebhookStatus
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.webhooks import DynamoDBWebhooks
from chalicelib.stores.interfaces import Counted, HeldEndpoint, Stores
from tests.contract.stores.conftest import Aws, clock

ONE, TWO = WebhookId("whk_one"), WebhookId("whk_two")
OTHER = TenantId("22222222-2222-4222-8222-222222222222")


def a_webhook(tenant: TenantId, webhook_id: WebhookId = ONE, **given: Any) -> Webhook:
    wanted: dict[str, Any] = {"url": "https://example.com/", "secret": "whsec_1", "created_at": 5, "updated_at": 5}
    return Webhook(webhook_id=webhook_id, tenant_id=tenant, **(wanted | given))


def sleeping(stores: Stores, tenant: TenantId, webhook_id: WebhookId = ONE, **given: Any) -> Endpoint:
    """A webhook at which nobody has to look."""
    webhook = a_webhook(tenant, webhook_id, **given)
    assert stores.webhooks.add(webhook, limit=99) is Counted.DONE
    return webhook.endpoint


def look_at(stores: Stores, endpoint: Endpoint, *, within: int = 200) -> int | None:
    """The first time at which the endpoint is due; None for none up to `within`."""
    first = bisect_left(range(within + 1), True, key=lambda now: endpoint in stores.webhooks.each_due(now))
    return first if first <= within else None


def taken(stores: Stores, endpoint: Endpoint, now: int = 10, until: int = 70) -> HeldEndpoint:
    held = stores.webhooks.take(endpoint, now=now, until=until)
    assert held is not None
    return held


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
        failures=6,
        retry_at=50,
        retry_wait_s=30,
        recovered_at=5,
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


def test_health_changes_where_it_is_as_it_was_seen(stores: Stores, tenant: TenantId) -> None:
    webhook = a_webhook(tenant)
    stores.webhooks.add(webhook, limit=99)

    first = stores.webhooks.change_health(webhook, {"failures": 1, "failing_since": 9})
    late = stores.webhooks.change_health(webhook, {"failures": 1, "failing_since": 9})

    assert (first, late) == (replace(webhook, failures=1, failing_since=9), None)
    assert stores.webhooks.change_health(replace(webhook, failures=1, failing_since=9), {"retry_at": 60}) is not None
    assert stores.webhooks.change_health(replace(webhook, failures=1, failing_since=9), {"retry_at": 80}) is None


def test_an_endpoint_that_was_woken_is_due_from_then_on(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)
    other = sleeping(stores, tenant, TWO)
    assert look_at(stores, endpoint) is None

    stores.webhooks.wake(tenant, [ONE, WebhookId("whk_ghost")], 10)

    assert (look_at(stores, endpoint), look_at(stores, other)) == (10, None)


def test_of_several_times_the_soonest_counts(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)

    for at in (30, 10, 20):
        stores.webhooks.wake(tenant, [ONE], at)

    assert look_at(stores, endpoint) == 10


def test_endpoints_come_by_their_time_or_against_it(stores: Stores, tenant: TenantId) -> None:
    first, second = sleeping(stores, tenant, ONE), sleeping(stores, tenant, TWO)
    stores.webhooks.wake(tenant, [TWO], 20)
    stores.webhooks.wake(tenant, [ONE], 10)

    oldest = [one for one in stores.webhooks.each_due(30) if one.tenant_id == tenant]
    newest = [one for one in stores.webhooks.each_due(30, newest_first=True) if one.tenant_id == tenant]

    assert (oldest, newest) == ([first, second], [second, first])


def test_one_round_has_an_endpoint_to_itself(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant, failures=3)
    assert stores.webhooks.take(endpoint, now=10, until=70) is None
    stores.webhooks.wake(tenant, [ONE], 10)
    assert stores.webhooks.take(endpoint, now=9, until=70) is None

    held = taken(stores, endpoint)

    assert held == HeldEndpoint(a_webhook(tenant, failures=3), 70, 10)
    assert stores.webhooks.take(endpoint, now=11, until=71) is None
    assert look_at(stores, endpoint) == 70


def test_a_round_that_died_is_followed_by_another(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)
    stores.webhooks.wake(tenant, [ONE], 10)
    dead = taken(stores, endpoint)

    assert stores.webhooks.take(endpoint, now=70, until=130) is not None
    assert stores.webhooks.let_go(dead, look_at=71) is None
    assert look_at(stores, endpoint) == 130


def test_what_was_let_go_of_is_looked_at_again_when_asked_for(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)
    stores.webhooks.wake(tenant, [ONE], 10)

    assert stores.webhooks.let_go(taken(stores, endpoint), look_at=100) == 100

    assert look_at(stores, endpoint) == 100
    assert stores.webhooks.take(endpoint, now=100, until=160) is not None


def test_a_wake_during_the_hold_is_not_lost(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)
    stores.webhooks.wake(tenant, [ONE], 10)
    held = taken(stores, endpoint)

    for at in (30, 20, 40):
        stores.webhooks.wake(tenant, [ONE], at)

    assert look_at(stores, endpoint) == 70
    assert stores.webhooks.let_go(held, look_at=100) == 20
    assert look_at(stores, endpoint) == 20
    assert stores.webhooks.let_go(taken(stores, endpoint, 20, 80), look_at=100) == 100


def test_no_wake_shortens_the_pause_of_a_circuit(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant, retry_at=50)

    stores.webhooks.wake(tenant, [ONE], 10)
    paused = look_at(stores, endpoint)
    held = taken(stores, endpoint, 50, 110)
    stores.webhooks.change(tenant, ONE, {"retry_at": 80})

    assert paused == 50
    assert stores.webhooks.let_go(held, look_at=60) == 80
    assert look_at(stores, endpoint) == 80


def test_a_deleted_webhook_is_looked_at_no_more(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)
    stores.webhooks.wake(tenant, [ONE], 10)
    held = taken(stores, endpoint)
    stores.webhooks.delete(tenant, ONE)

    stores.webhooks.wake(tenant, [ONE], 20)

    assert stores.webhooks.let_go(held, look_at=30) is None
    assert look_at(stores, endpoint) is None


def test_a_webhook_of_another_tenant_is_not_woken(stores: Stores, tenant: TenantId) -> None:
    endpoint = sleeping(stores, tenant)

    stores.webhooks.wake(OTHER, [ONE], 10)

    assert look_at(stores, endpoint) is None
    assert stores.webhooks.take(Endpoint(OTHER, ONE), now=10, until=70) is None


class RacingTable(ControlTable):
    """Something happens right before its next change."""

    race: Callable[[], object] | None = None

    def set(self, *args: object, **given: object) -> dict[str, object] | None:
        race, self.race = self.race, None
        if race:
            race()
        return super().set(*args, **given)  # type: ignore[arg-type]  # passed on as it came


def racing_webhooks(aws: Aws, race: Callable[[], object]) -> DynamoDBWebhooks:
    table = RacingTable(aws.resources.control_table, DynamoDBClient(aws.transport))
    table.race = race
    return DynamoDBWebhooks(table)


def test_a_wake_is_not_lost_where_the_webhook_changes_meanwhile(aws: Aws, tenant: TenantId) -> None:
    stores = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    endpoint = sleeping(stores, tenant)

    racing_webhooks(aws, lambda: stores.webhooks.change(tenant, ONE, {"retry_at": 5})).wake(tenant, [ONE], 10)

    assert look_at(stores, endpoint, within=20) == 10


def test_a_webhook_that_is_deleted_meanwhile_is_not_woken(aws: Aws, tenant: TenantId) -> None:
    stores = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    endpoint = sleeping(stores, tenant)

    racing_webhooks(aws, lambda: stores.webhooks.delete(tenant, ONE)).wake(tenant, [ONE], 10)

    assert look_at(stores, endpoint, within=20) is None
    assert stores.webhooks.find(tenant, ONE) is None
