"""What is sent when: rounds by a clock that goes on only while they wait."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.webhooks import DeliveryStatus, WebhookStatus
from chalicelib.webhooks.delivery import LEASE_S
from chalicelib.webhooks.delivery_rounds import send_due_deliveries, send_new_deliveries
from chalicelib.webhooks.endpoint_queues import AFTER_DELIVERIES_S, HOLD_ANSWERS, IDLE_LOOK_S, PAGE
from tests.delivery_desk import NO, OK, DeliveryDesk
from tests.world import OURS, THEIRS

EVENTS = [f"evt_{number:03}" for number in range(200)]
DEAD_S = DEFAULT_LIMITS.webhook_response_s
ROUNDS = [send_due_deliveries, send_new_deliveries]


def test_everything_that_is_due_is_sent() -> None:
    desk = DeliveryDesk()
    made = desk.publish(desk.webhook(), *EVENTS[: 2 * PAGE + 1])

    assert desk.send() == 2 * PAGE + 1

    assert {desk.stored(one).status for one in made} == {DeliveryStatus.DELIVERED}
    assert Counter(one.event_id for one in desk.requests).most_common(1)[0][1] == 1


def test_nothing_due_is_nothing_to_do() -> None:
    desk = DeliveryDesk()
    desk.publish(desk.webhook(), "evt_1", at=int(desk.time.now) + 60)

    assert desk.send() == 0
    assert desk.requests == []


@pytest.mark.parametrize("send", ROUNDS)
def test_a_tenant_whose_receivers_are_dead_keeps_nobody_waiting(send: object) -> None:
    desk = DeliveryDesk()
    dead = [desk.webhook(f"dead{number}", THEIRS) for number in range(20)]
    for webhook in dead:
        desk.answers[webhook.webhook_id.removeprefix("whk_")] = desk.slowly(NO, DEAD_S)
        desk.publish(webhook, *EVENTS[:50])
    began = desk.time.now
    desk.publish(desk.webhook("alive"), "evt_ours")

    desk.send(send)  # type: ignore[arg-type]  # one of the two

    assert [one.at - began for one in desk.requests if one.path == "alive"] == [0]


def test_no_receiver_has_more_requests_at_once_than_it_may() -> None:
    desk = DeliveryDesk(Limits(webhook_endpoint_sends=3))
    desk.answers["one"] = desk.slowly(OK, 1)
    desk.publish(desk.webhook(), *EVENTS[:30])

    assert desk.send() == 30

    assert desk.most_at_once == {"one": 3}


def test_no_tenant_has_more_under_way_at_once_than_its_share() -> None:
    desk = DeliveryDesk(Limits(webhook_tenant_sends=5))
    for name in ("one", "two", "three"):
        desk.answers[name] = desk.slowly(OK, 1)
        desk.publish(desk.webhook(name), *EVENTS[:30])

    assert desk.send() == 90

    assert max(Counter(one.at for one in desk.requests).values()) == 5


def test_two_rounds_share_the_endpoints_and_send_nothing_twice() -> None:
    desk = DeliveryDesk()
    for number in range(10):
        desk.answers[f"hook{number}"] = desk.slowly(OK, 1)
        desk.publish(desk.webhook(f"hook{number}"), *EVENTS[:9])

    rounds = [desk.start(send_due_deliveries), desk.start(send_new_deliveries), desk.start(send_due_deliveries)]
    desk.pass_time(100)

    counts = [int(str(one.result(0))) for one in rounds]
    assert (sum(counts), counts.count(0) <= 1) == (90, True)
    assert len({(one.path, one.event_id) for one in desk.requests}) == len(desk.requests) == 90
    assert max(desk.most_at_once.values()) == DEFAULT_LIMITS.webhook_endpoint_sends


def test_a_round_of_the_clock_begins_with_the_oldest_and_one_of_an_event_with_the_newest() -> None:
    firsts = []
    for send in ROUNDS:
        desk = DeliveryDesk(Limits(webhook_endpoint_sends=1))
        webhook = desk.webhook()
        for number, event_id in enumerate(EVENTS[: 2 * PAGE]):
            desk.publish(webhook, event_id, at=int(desk.time.now) - 100 + number)
        assert desk.send(send) == 2 * PAGE
        firsts.append(desk.requests[0].event_id)

    assert firsts == [EVENTS[0], EVENTS[2 * PAGE - 1]]


@pytest.mark.parametrize(("send", "budget_s"), [(send_due_deliveries, 45), (send_new_deliveries, 5)])
def test_a_round_begins_nothing_after_its_time(send: object, budget_s: int) -> None:
    desk = DeliveryDesk()
    desk.answers["one"] = desk.slowly(OK, 2)
    webhook = desk.webhook()
    desk.publish(webhook, *EVENTS)
    began = desk.time.now

    desk.send(send)  # type: ignore[arg-type]  # one of the two

    assert budget_s - 3 < desk.requests[-1].at - began < budget_s
    assert desk.is_due(webhook)


def test_what_becomes_due_while_a_round_holds_the_endpoint_is_sent_by_that_round() -> None:
    """It is the only one that knows: to others the endpoint is not due."""
    desk = DeliveryDesk()
    desk.answers["one"] = desk.slowly(OK, 4.9)
    webhook = desk.webhook()
    desk.publish(webhook, "evt_1")
    first = desk.start(send_new_deliveries)
    desk.pass_time(4.8)
    desk.publish(webhook, "evt_2")
    second = desk.start(send_new_deliveries)
    desk.pass_time(100)

    assert (first.result(0), second.result(0)) == (2, 0)
    assert desk.requests[1].at - desk.requests[0].at < 6


def test_what_failed_is_looked_at_again_when_it_is_due() -> None:
    desk = DeliveryDesk()
    desk.answers["one"] = lambda: NO
    webhook = desk.webhook()
    (delivery,) = desk.publish(webhook, "evt_1")
    desk.send(within_s=1)
    next_try_at = desk.stored(delivery).next_try_at or 0

    desk.pass_time(next_try_at - desk.time.now - 1)
    before = desk.is_due(webhook)
    desk.pass_time(1)

    assert (before, desk.is_due(webhook)) == (False, True)
    assert desk.send() == 1


def failing_desk(events: int = 20) -> DeliveryDesk:
    desk = DeliveryDesk()
    desk.answers["one"] = lambda: NO
    desk.publish(desk.webhook(), *EVENTS[:events])
    return desk


def test_a_receiver_that_fails_is_left_alone_and_then_probed_with_one_delivery() -> None:
    desk = failing_desk()
    webhook = desk.stores.webhooks.list_webhooks(OURS)[0]

    desk.send(within_s=9)
    tried = len(desk.requests)
    still = desk.send(within_s=0.5)
    desk.pass_time(1)
    probed = desk.send(within_s=1)

    most = DEFAULT_LIMITS.webhook_failures + DEFAULT_LIMITS.webhook_endpoint_sends - 1
    assert DEFAULT_LIMITS.webhook_failures <= tried <= most
    assert (still, probed) == (0, 1)
    assert desk.stored_webhook(webhook).retry_wait_s == 30


def test_a_delivery_that_waits_for_its_receiver_is_not_counted_as_tried() -> None:
    desk = failing_desk()

    desk.send(within_s=9)

    page = desk.stores.deliveries.list_page(
        OURS, desk.stores.webhooks.list_webhooks(OURS)[0].webhook_id, limit=50, after=None
    )
    assert sum(one.started for one in page.deliveries) == len(desk.requests)


def test_when_a_probe_succeeds_all_that_waits_is_sent() -> None:
    """Even what had failed before, and would have waited for hours."""
    desk = failing_desk()
    webhook = desk.stores.webhooks.list_webhooks(OURS)[0]
    late = desk.publish(webhook, "evt_late")[0]
    waits = replace(late, next_try_at=int(desk.time.now) + 5 * 3600, started=6)
    assert desk.stores.deliveries.replace(late, waits)
    desk.send(within_s=10)
    del desk.answers["one"]

    desk.send(within_s=2)

    page = desk.stores.deliveries.list_page(OURS, webhook.webhook_id, limit=50, after=None)
    assert {one.status for one in page.deliveries} == {DeliveryStatus.DELIVERED}
    assert (desk.stored_webhook(webhook).retry_at, desk.stored_webhook(webhook).recovered_at) == (None, None)


def test_what_is_being_sent_when_a_probe_succeeds_is_left_to_its_sender() -> None:
    desk = DeliveryDesk()
    webhook = desk.webhook(recovered_at=int(desk.time.now))
    leased = replace(desk.publish(webhook, "evt_1")[0], next_try_at=int(desk.time.now) + LEASE_S, is_leased=True)
    assert desk.stores.deliveries.replace(desk.publish(webhook, "evt_1")[0], leased)

    assert desk.send(within_s=5) == 0


def test_the_pause_between_probes_grows() -> None:
    desk = failing_desk()

    for _ in range(40):
        desk.send(within_s=60)

    gaps = [later.at - sooner.at for sooner, later in pairwise(desk.requests) if later.at - sooner.at > 5]
    assert len(gaps) <= 7
    assert all(one > 25 for one in gaps)


def test_nothing_is_sent_to_a_paused_webhook_and_what_waits_is_dropped() -> None:
    desk = DeliveryDesk()
    made = desk.publish(desk.webhook(status=WebhookStatus.PAUSED), *EVENTS[:5])

    desk.send()

    assert {desk.stored(one).status for one in made} == {DeliveryStatus.DROPPED}
    assert desk.requests == []


def test_a_delivery_in_trouble_keeps_no_other_waiting() -> None:
    desk = DeliveryDesk()

    def explode() -> None:
        raise ValueError("unforeseen")

    desk.answers["bad"] = explode  # type: ignore[assignment]  # it answers nothing
    (bad,) = desk.publish(desk.webhook("bad", THEIRS), "evt_bad")
    good = desk.publish(desk.webhook("good"), *EVENTS[:5])

    desk.send()

    assert {desk.stored(one).status for one in good} == {DeliveryStatus.DELIVERED}
    assert desk.stored(bad).is_leased


@pytest.mark.parametrize("method", ["take", "let_go"])
def test_an_endpoint_whose_store_does_not_answer_comes_again_when_its_hold_ends(method: str) -> None:
    desk = DeliveryDesk()
    webhook = desk.webhook()
    desk.publish(webhook, "evt_1")
    real = desk.stores.webhooks
    desk.context = replace(desk.context, stores=replace(desk.stores, webhooks=Failing(real, method)))  # type: ignore[arg-type]
    desk.send(within_s=5)
    desk.context = replace(desk.context, stores=desk.stores)
    desk.pass_time(DEFAULT_LIMITS.webhook_round_s + HOLD_ANSWERS * DEFAULT_LIMITS.webhook_response_s)

    desk.send()

    assert [one.event_id for one in desk.requests] == ["evt_1"]


class Failing:
    """A store one of whose methods does not answer."""

    def __init__(self, store: object, method: str) -> None:
        self._store = store
        self._method = method

    def __getattr__(self, name: str) -> object:
        if name == self._method:
            raise Retryable("throttled")
        return getattr(self._store, name)


def test_an_endpoint_is_looked_at_again_in_case_the_index_was_late() -> None:
    desk = DeliveryDesk()
    webhook = desk.webhook()
    desk.publish(webhook, "evt_1")
    desk.send(within_s=1)
    desk.pass_time(AFTER_DELIVERIES_S)
    soon = desk.is_due(webhook)
    desk.send(within_s=1)
    idle = desk.is_due(webhook)
    desk.pass_time(IDLE_LOOK_S)

    assert (soon, idle, desk.is_due(webhook)) == (True, False, True)


def test_what_the_index_does_not_show_yet_is_waited_for() -> None:
    desk = DeliveryDesk()
    webhook = desk.webhook()
    desk.stores.webhooks.wake(OURS, [webhook.webhook_id], int(desk.time.now))
    running = desk.start(send_new_deliveries)
    desk.pass_time(1.5)
    desk.publish(webhook, "evt_1")
    desk.pass_time(10)

    assert running.result(0) == 1
