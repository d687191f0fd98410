"""Webhooks that their owner creates, changes, tries and deletes."""

from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.webhooks import AuthHeader, DeliveryId, DeliveryStatus, Webhook, WebhookId, WebhookStatus
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.stores.memory import MemoryWebhookTransport
from chalicelib.webhooks import service
from chalicelib.webhooks.service import WebhookRequest
from tests.world import NOW, THEIRS, World

URL = "https://example.com/hook"
NO = WebhookResponse(status_code=500, response="no", duration_ms=9)


def created(world: World, **given: Any) -> Webhook:
    return service.create_webhook(world.context, world.caller(), WebhookRequest(**({"url": URL} | given)))


def transport(world: World) -> MemoryWebhookTransport:
    return cast(MemoryWebhookTransport, world.stores.webhook_transport)


def test_a_webhook_is_stored_with_a_secret_of_its_own() -> None:
    world = World()

    first, second = created(world, name="one"), created(world)

    assert first.secret != second.secret
    assert service.list_webhooks(world.context, world.caller()) == [first, second]
    assert service.get_webhook(world.context, world.caller(), first.webhook_id) == first


def test_asking_again_returns_the_webhook_that_a_lost_answer_has_made() -> None:
    world = World(Limits(webhooks=1))
    context = replace(world.context, new_id=lambda prefix: f"{prefix}_same")

    first, second = (
        service.create_webhook(context, world.caller(), WebhookRequest(url=URL, name=name))
        for name in ("first", "second")
    )

    assert second == first


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        pytest.param({"url": "https://127.0.0.1/x"}, "unsafe_url", "url", id="url"),
        pytest.param({"events": ("import.completed", "ghost")}, "invalid_parameter", "events", id="event"),
        pytest.param({"name": "ab"}, "invalid_parameter", "name", id="name"),
        pytest.param(
            {"auth_header": AuthHeader(name="Host", value="x")},
            "invalid_parameter",
            "auth_header.name",
            id="ours",
        ),
        pytest.param(
            {"auth_header": AuthHeader(name="X-Sluice-Id", value="x")},
            "invalid_parameter",
            "auth_header.name",
            id="a header of our prefix",
        ),
        pytest.param(
            {"auth_header": AuthHeader(name="X-Key", value="a\nb")},
            "invalid_parameter",
            "auth_header.value",
            id="a line end",
        ),
    ],
)
def test_a_webhook_that_cannot_be_called_is_refused(given: dict[str, Any], code: str, param: str) -> None:
    world = World()

    with pytest.raises(Refused) as refusal:
        created(world, **given)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert service.list_webhooks(world.context, world.caller()) == []


def test_a_tenant_has_no_more_webhooks_than_its_limit() -> None:
    world = World(Limits(webhooks=1))
    created(world)

    with pytest.raises(Conflict) as conflict:
        created(world)

    assert conflict.value.code == "too_many_webhooks"


@pytest.mark.parametrize("webhook_id", ["whk_1", "whk_none", "No Id"])
def test_what_belongs_to_others_or_can_be_no_id_is_not_found(webhook_id: str) -> None:
    world = World()
    created(world)

    with pytest.raises(NotFound) as refusal:
        service.get_webhook(world.context, world.caller(THEIRS), WebhookId(webhook_id))

    assert refusal.value.code == "webhook_not_found"


def test_a_webhook_that_is_made_active_again_forgets_its_failures() -> None:
    world = World()
    webhook = created(world)
    failing = {"status": WebhookStatus.PAUSED, "reason": "failing", "failing_since": NOW}
    world.stores.webhooks.change(webhook.tenant_id, webhook.webhook_id, failing)
    world.now += 1

    changed = service.change_webhook(
        world.context, world.caller(), webhook.webhook_id, {"status": WebhookStatus.ACTIVE}
    )

    assert (changed.status, changed.reason, changed.failing_since) == (WebhookStatus.ACTIVE, None, None)
    assert changed.updated_at == NOW + 1


def test_the_old_secret_is_good_for_a_while_after_a_rotation() -> None:
    world = World()
    webhook = created(world)

    rotated = service.rotate_secret(world.context, world.caller(), webhook.webhook_id)

    assert rotated.secret != webhook.secret
    assert set(rotated.secrets_at(NOW)) == {rotated.secret, webhook.secret}
    assert list(rotated.secrets_at(NOW + DEFAULT_LIMITS.webhook_rotation_s + 1)) == [rotated.secret]


def test_a_deleted_webhook_is_gone() -> None:
    world = World()
    webhook = created(world)

    service.delete_webhook(world.context, world.caller(), webhook.webhook_id)

    with pytest.raises(NotFound):
        service.delete_webhook(world.context, world.caller(), webhook.webhook_id)


def test_a_ping_is_sent_at_once_and_listed() -> None:
    world = World()
    webhook = created(world)

    delivery = service.ping(world.context, world.caller(), webhook.webhook_id)

    assert delivery.status is DeliveryStatus.DELIVERED
    page = service.list_deliveries(world.context, world.caller(), webhook.webhook_id, limit=9, cursor=None)
    assert [one.delivery_id for one in page.deliveries] == [delivery.delivery_id]


def test_a_delivery_that_failed_is_sent_again() -> None:
    world = World()
    webhook = created(world)
    transport(world).answers = [NO]
    failed = service.ping(world.context, world.caller(), webhook.webhook_id)
    world.now += 1

    again = service.redeliver(world.context, world.caller(), webhook.webhook_id, failed.delivery_id)

    assert failed.status is DeliveryStatus.PENDING
    assert again.status is DeliveryStatus.DELIVERED


def test_what_cannot_be_sent_again_is_refused() -> None:
    world = World()
    webhook = created(world)
    caller, webhook_id = world.caller(), webhook.webhook_id

    with pytest.raises(NotFound) as missing:
        service.redeliver(world.context, caller, webhook_id, DeliveryId("dlv_none"))
    service.change_webhook(world.context, caller, webhook_id, {"status": WebhookStatus.PAUSED})
    with pytest.raises(Conflict) as paused:
        service.ping(world.context, caller, webhook_id)

    assert (missing.value.code, paused.value.code) == ("delivery_not_found", "webhook_paused")


def test_a_cursor_that_is_none_is_refused() -> None:
    world = World()
    webhook = created(world)

    with pytest.raises(Refused) as refusal:
        service.list_deliveries(world.context, world.caller(), webhook.webhook_id, limit=9, cursor="No Cursor")

    assert (refusal.value.code, refusal.value.param) == ("invalid_cursor", "cursor")
