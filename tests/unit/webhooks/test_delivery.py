"""How a delivery is sent, tried again, and given up."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import cast

import pytest

from chalicelib.model.limits import Limits
from chalicelib.model.webhooks import AuthHeader, Delivery, DeliveryStatus, Target, Webhook, WebhookId, WebhookStatus
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.stores.memory import MemoryWebhookTransport
from chalicelib.webhooks.delivery import LEASE_S, TRIES, WAITS_S, find_wait_s, send_delivery
from chalicelib.webhooks.delivery_rounds import send_due_deliveries
from chalicelib.webhooks.outbox import delivery_of
from chalicelib.webhooks.signature import signature_of
from tests.world import NOW, OURS, World

BODY = {"event_id": "evt_1", "type": "import.completed", "a": 1}
NO = WebhookResponse(status_code=500, response="no", duration_ms=9)


class Desk:
    """A world with one webhook and one delivery that is due."""

    def __init__(self, **given: object) -> None:
        self.world = World(Limits(webhook_failing_s=100))
        webhook = Webhook(
            webhook_id=WebhookId("whk_1"), tenant_id=OURS, url="https://example.com/hook?a=b", secret="whsec_new"
        )
        self.webhook = replace(webhook, **given)  # type: ignore[arg-type]  # a mapping of mixed values
        self.world.stores.webhooks.add(self.webhook, limit=9)
        self.first = delivery_of(self.webhook, BODY, at=NOW)
        self.world.stores.deliveries.add(self.first)
        self.world.stores.webhooks.wake(OURS, [self.webhook.webhook_id], NOW)

    @property
    def transport(self) -> MemoryWebhookTransport:
        return cast(MemoryWebhookTransport, self.world.stores.webhook_transport)

    @property
    def delivery(self) -> Delivery:
        found = self.world.stores.deliveries.find(OURS, self.webhook.webhook_id, self.first.delivery_id)
        assert found is not None
        return found

    def stored_webhook(self) -> Webhook:
        found = self.world.stores.webhooks.find(OURS, self.webhook.webhook_id)
        assert found is not None
        return found

    def deliver_due(self, *, after_s: int = 0) -> int:
        self.world.now += after_s
        return send_due_deliveries(self.world.context)

    def deliver_when_due(self) -> None:
        self.world.now = self.delivery.next_try_at or self.world.now
        self.deliver_due()


def test_a_delivery_says_what_it_is_and_who_speaks() -> None:
    desk = Desk(auth_header=AuthHeader(name="X-Key", value="ours"))

    assert desk.deliver_due() == 1

    sent = desk.transport.sent[0]
    assert sent.target == Target("https", "example.com", 443, "/hook?a=b")
    assert sent.within_s == 5
    assert sent.body == b'{"event_id":"evt_1","type":"import.completed","a":1}'
    assert sent.headers == {
        "X-Key": "ours",
        "Content-Type": "application/json",
        "User-Agent": "Sluice-Webhooks/1",
        "X-Signature": signature_of(["whsec_new"], sent.body, at=NOW),
        "X-Sluice-Event-Id": "evt_1",
        "X-Sluice-Delivery": desk.first.delivery_id,
    }
    assert (desk.delivery.status, desk.delivery.next_try_at) == (DeliveryStatus.DELIVERED, None)


@pytest.mark.parametrize(("until", "secrets"), [(NOW + 1, ["whsec_new", "whsec_old"]), (NOW, ["whsec_new"])])
def test_both_secrets_sign_while_one_is_rotated(until: int, secrets: list[str]) -> None:
    desk = Desk(old_secret="whsec_old", old_secret_until=until)

    desk.deliver_due()

    assert desk.transport.sent[0].headers["X-Signature"] == signature_of(secrets, desk.transport.sent[0].body, at=NOW)


@pytest.mark.parametrize(
    "answer",
    [NO, WebhookResponse(status_code=302), WebhookResponse(status_code=410), WebhookResponse(error="no answer")],
)
def test_whatever_is_no_success_is_tried_again_later(answer: WebhookResponse) -> None:
    desk = Desk()
    desk.transport.answers = [answer]

    desk.deliver_due()

    wait_s = find_wait_s(desk.first.delivery_id, 1) or 0
    assert (desk.delivery.status, desk.delivery.next_try_at) == (DeliveryStatus.PENDING, NOW + wait_s)
    assert desk.deliver_due(after_s=wait_s - 1) == 0
    assert desk.deliver_due(after_s=1) == 1
    assert desk.delivery.status is DeliveryStatus.DELIVERED
    assert [(one.number, one.status_code) for one in desk.delivery.tries] == [(1, answer.status_code), (2, 200)]


def test_every_try_signs_the_same_bytes_anew() -> None:
    desk = Desk()
    desk.transport.answers = [NO]
    desk.deliver_due()
    desk.deliver_when_due()

    first, second = desk.transport.sent
    assert first.body == second.body
    assert second.headers["X-Signature"] == signature_of(["whsec_new"], second.body, at=desk.world.now)
    assert first.headers["X-Signature"] != second.headers["X-Signature"]


def test_after_eight_tries_it_is_given_up() -> None:
    desk = Desk()
    desk.transport.answers = [NO] * 100
    desk.world.context = replace(desk.world.context, limits=Limits())

    for _ in range(TRIES + 3):
        desk.deliver_when_due()

    assert len(desk.transport.sent) == TRIES
    assert (desk.delivery.status, desk.delivery.next_try_at) == (DeliveryStatus.FAILED, None)
    assert desk.world.now - NOW > 20 * 3600


def test_of_two_senders_one_sends() -> None:
    desk = Desk()
    seen = desk.delivery

    assert send_delivery(desk.world.context, seen) is not None
    assert send_delivery(desk.world.context, seen) is None

    assert len(desk.transport.sent) == 1


class Dying(MemoryWebhookTransport):
    """The function ends while it waits for the answer."""

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> WebhookResponse:
        raise KeyboardInterrupt


def test_a_sender_that_died_holds_its_delivery_until_its_lease_ends() -> None:
    desk = Desk()
    dying = replace(desk.world.context, stores=replace(desk.world.stores, webhook_transport=Dying()))
    with pytest.raises(KeyboardInterrupt):
        send_delivery(dying, desk.delivery)

    assert desk.deliver_due(after_s=LEASE_S - 5) == 0
    assert desk.deliver_due(after_s=5) == 1
    assert desk.delivery.status is DeliveryStatus.DELIVERED


def test_a_delivery_that_kills_every_sender_is_given_up() -> None:
    desk = Desk()
    dying = replace(desk.world.context, stores=replace(desk.world.stores, webhook_transport=Dying()))
    for _ in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            send_delivery(dying, desk.delivery)
        desk.world.now += LEASE_S

    desk.deliver_due()

    assert (desk.delivery.status, desk.transport.sent) == (DeliveryStatus.FAILED, [])


@pytest.mark.parametrize("is_paused", [True, False], ids=["paused", "deleted"])
def test_nothing_is_sent_to_a_webhook_that_is_no_more(is_paused: bool) -> None:
    desk = Desk(status=WebhookStatus.PAUSED if is_paused else WebhookStatus.ACTIVE)
    if not is_paused:
        desk.world.stores.webhooks.delete(OURS, desk.webhook.webhook_id)

    send_delivery(desk.world.context, desk.delivery)

    assert (desk.delivery.status, desk.delivery.next_try_at) == (DeliveryStatus.DROPPED, None)
    assert desk.transport.sent == []


def test_a_url_that_has_become_unsafe_is_not_called() -> None:
    """It was created on a stack that let webhooks call its own machine."""
    desk = Desk(url="http://127.0.0.1:8099/")

    desk.deliver_due()

    assert desk.transport.sent == []
    assert [(one.status_code, one.error) for one in desk.delivery.tries] == [(None, "Use https.")]


def test_a_webhook_that_fails_for_long_is_paused() -> None:
    desk = Desk()
    desk.transport.answers = [NO] * 100
    desk.deliver_due()
    failing = desk.stored_webhook()

    desk.world.now += 99
    desk.deliver_due()
    still = desk.stored_webhook()
    desk.world.now += 400
    desk.deliver_due()

    assert (failing.failing_since, failing.status, still.status) == (NOW, WebhookStatus.ACTIVE, WebhookStatus.ACTIVE)
    assert desk.stored_webhook().status is WebhookStatus.PAUSED
    assert desk.stored_webhook().reason == "failing: no delivery succeeded for 0 hours."


def test_one_success_forgets_the_failures() -> None:
    desk = Desk(failing_since=NOW - 1_000_000)

    desk.deliver_due()

    assert (desk.stored_webhook().failing_since, desk.stored_webhook().status) == (None, WebhookStatus.ACTIVE)


def test_eight_tries_take_about_a_day() -> None:
    assert TRIES == 8
    assert 23 * 3600 < sum(WAITS_S) < 24 * 3600


def test_waits_grow_whatever_chance_does_to_them() -> None:
    for number in range(200):
        waits = [find_wait_s(f"dlv_{number}", failures) or 0 for failures in range(1, TRIES)]
        assert all(later > earlier for earlier, later in pairwise(waits))


def test_deliveries_that_failed_together_come_back_apart() -> None:
    waits = {find_wait_s(f"dlv_{number}", 3) for number in range(200)}

    assert len(waits) > 60
    assert all(240 <= (wait or 0) <= 360 for wait in waits)


def test_after_the_last_try_there_is_none() -> None:
    assert find_wait_s("dlv_1", TRIES) is None
