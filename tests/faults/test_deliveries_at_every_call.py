"""A round of deliveries dies at any call of a store, or at its receiver: nothing is lost, or sent by two at once.

A receiver may hear an event twice where the process died between its answer and the note of it; never more often than
the deliveries were tried.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.model.webhooks import DeliveryStatus, Webhook
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Deliveries, Stores, WebhookResponse, Webhooks
from chalicelib.stores.paging import Clock
from chalicelib.webhooks.circuit_breaker import HEALTHY
from chalicelib.webhooks.delivery import LEASE_S, send_delivery
from chalicelib.webhooks.delivery_rounds import send_due_deliveries, send_new_deliveries
from tests.delivery_desk import NO, OK, DeliveryDesk
from tests.faults.conftest import Cases
from tests.faults.crash import Crash
from tests.faults.table_stores import TableStores
from tests.world import NOW

EVENTS = [f"evt_{number}" for number in range(6)]
MINUTES = 5
"""By then every hold and every lease of a round that died is over."""


MakeStores = Callable[[Clock], Stores]


def on_tables(clock: Clock) -> Stores:
    """Returns the stores on DynamoDB, over tables in memory with real conditions."""
    stores, _ = TableStores().make(clock)
    return stores


@pytest.fixture(params=["memory", "tables"])
def make_stores(request: pytest.FixtureRequest) -> MakeStores:
    return on_tables if request.param == "tables" else lambda clock: memory.stores(clock=clock)


class Dying:
    """Stores whose call of this number ends the process, before it is performed or after; without one they count."""

    def __init__(self, stores: Stores, *, at: int | None = None, after: bool = False) -> None:
        self.calls: list[str] = []
        self._at = at
        self._after = after
        self.is_dead = False
        self.stores = replace(
            stores,
            webhooks=cast(Webhooks, _Watched(self, "webhooks", stores.webhooks)),
            deliveries=cast(Deliveries, _Watched(self, "deliveries", stores.deliveries)),
            webhook_transport=cast(Any, _Watched(self, "receiver", stores.webhook_transport)),
        )

    def call(self, name: str, perform: Callable[[], Any]) -> Any:
        """Performs the call, or ends the process and all that it has under way."""
        number = len(self.calls)
        self.calls.append(name)
        if self.is_dead or (number == self._at and not self._after):
            self.is_dead = True
            raise Crash
        result = perform()
        if number == self._at or self.is_dead:
            self.is_dead = True
            raise Crash
        return result


class _Watched:
    def __init__(self, dying: Dying, name: str, store: object) -> None:
        self._dying = dying
        self._name = name
        self._store = store

    def __getattr__(self, method: str) -> Callable[..., Any]:
        target = getattr(self._store, method)
        return lambda *args, **kwargs: self._dying.call(f"{self._name}.{method}", lambda: target(*args, **kwargs))


class Desk(DeliveryDesk):
    """Two webhooks, one of which fails at first, and rounds of which the first dies."""

    def __init__(self, make_stores: MakeStores, *, at: int | None = None, after: bool = False) -> None:
        super().__init__(make_stores=make_stores)
        self.hooks = [self.webhook("good"), self.webhook("bad")]
        self.answers = {"good": self.slowly(OK, 0.3), "bad": self.slowly(NO, 0.2)}
        self.made = [one for hook in self.hooks for one in self.publish(hook, *EVENTS)]
        self.dying = Dying(self.stores, at=at, after=after)

    def run(self) -> None:
        """Runs the round that dies, one right beside it, and one every minute, until the bad receiver has come back."""
        alive = self.context
        self.context = replace(alive, stores=self.dying.stores)
        doomed = self.context
        self.time.spawn(lambda: send_due_deliveries(doomed, self))
        self.time.spawn(lambda: send_new_deliveries(alive, self), after_s=0.1)
        self.context = alive
        self.pass_time(10)
        self.answers["bad"] = self.slowly(OK, 0.2)
        for _ in range(MINUTES):
            self.pass_time(60)
            self.start(send_due_deliveries)
        self.pass_time(60)

    def violations(self) -> list[str]:
        """Returns what must not be so at the end."""
        heard = Counter((one.path, one.event_id) for one in self.requests if one.path == "good")
        twice = [key for key, times in heard.items() if times > 1]
        most = {path: most for path, most in self.most_at_once.items() if most > 2 * 4}
        left = [one.event_id for one in self.made if self.stored(one).status is not DeliveryStatus.DELIVERED]
        held = [str(hook.webhook_id) for hook in self.hooks if self._is_broken(hook)]
        allowed = 4 if self.dying.is_dead else 0
        return (
            [f"not delivered: {left}"] * bool(left)
            + [f"twice: {twice}"] * (len(twice) > allowed)
            + [f"too many at once: {most}"] * bool(most)
            + [f"circuit left open: {held}"] * bool(held)
        )

    def _is_broken(self, hook: Webhook) -> bool:
        stored = self.stored_webhook(hook)
        return stored.failures != 0 or stored.retry_at is not None


def calls_of_a_healthy_run(make_stores: MakeStores) -> list[str]:
    desk = Desk(make_stores)
    desk.run()
    assert desk.violations() == []
    return desk.dying.calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_no_crash_of_a_round_loses_a_delivery(make_stores: MakeStores, after: bool, cases: Cases) -> None:
    calls = calls_of_a_healthy_run(make_stores)

    for number in cases.some(range(len(calls)), one_in=2):
        desk = Desk(make_stores, at=number, after=after)
        desk.run()
        cases.check(f"crash {'after' if after else 'before'} call {number}, {calls[number]}", desk.violations())

    cases.conclude()


def test_a_round_that_dies_between_lease_and_receiver_leaves_the_delivery_to_the_next(make_stores: MakeStores) -> None:
    calls = calls_of_a_healthy_run(make_stores)
    desk = Desk(make_stores, at=calls.index("receiver.post"))

    desk.run()

    tried = [one for one in map(desk.stored, desk.made) if one.started > len(one.tries)]
    assert desk.dying.is_dead
    assert tried
    assert all(one.status is DeliveryStatus.DELIVERED for one in tried)


def test_a_round_that_dies_before_it_notes_the_answer_sends_again_when_its_lease_ends(make_stores: MakeStores) -> None:
    calls = calls_of_a_healthy_run(make_stores)
    desk = Desk(make_stores, at=calls.index("receiver.post"), after=True)

    desk.run()

    heard = Counter((one.path, one.event_id) for one in desk.requests)
    twice = [key for key, times in heard.items() if times > 1 and key[0] == "good"]
    times = [one.at for one in desk.requests if (one.path, one.event_id) in twice]
    assert 0 < len(twice) <= 4
    assert max(times) - min(times) >= LEASE_S - 1


@pytest.mark.parametrize("failures", [1, 4, 5, 9])
def test_failures_that_are_counted_at_once_are_all_counted(make_stores: MakeStores, failures: int) -> None:
    """Several attempts end in the same moment: none of their counts is lost, and the circuit opens once."""
    desk = DeliveryDesk(make_stores=make_stores)
    webhook = desk.webhook()
    desk.answers["one"] = desk.slowly(NO, 1)
    made = desk.publish(webhook, *[f"evt_{number}" for number in range(failures)])
    from_api = [desk.time.spawn(lambda one=one: send_delivery(desk.context, one)) for one in made]  # type: ignore[misc]
    desk.pass_time(5)

    stored = desk.stored_webhook(webhook)
    assert all(one.done() for one in from_api)
    assert stored.failures == min(failures, 5)
    assert (stored.retry_wait_s, stored.retry_at is not None) == ((10, True) if failures >= 5 else (None, False))


class _Interfered:
    """Webhooks that somebody else changes right before their health is written for the first time."""

    def __init__(self, store: Webhooks, webhook: Webhook, values: dict[str, object]) -> None:
        self._store = store
        self._before: list[Callable[[], object]] = [lambda: store.change(webhook.tenant_id, webhook.webhook_id, values)]

    def __getattr__(self, method: str) -> Any:
        if method == "change_health" and self._before:
            self._before.pop()()
        return getattr(self._store, method)


@pytest.mark.parametrize(
    ("answer", "before", "meanwhile", "after"),
    [
        pytest.param(NO, 0, {"failures": 1, "failing_since": NOW}, (2, None), id="another failure"),
        pytest.param(NO, 4, HEALTHY, (1, None), id="a success keeps a failure from opening the circuit"),
        pytest.param(NO, 4, {"failures": 5, "retry_at": NOW + 10}, (5, NOW + 10), id="opened by another"),
        pytest.param(OK, 4, {"failures": 5, "retry_at": NOW + 10}, (0, None), id="a success closes what was opened"),
    ],
)
def test_what_others_do_to_a_circuit_meanwhile_is_not_lost(
    make_stores: MakeStores,
    answer: WebhookResponse,
    before: int,
    meanwhile: dict[str, object],
    after: tuple[int, int | None],
) -> None:
    desk = DeliveryDesk(make_stores=make_stores)
    webhook = desk.webhook(failures=before, failing_since=NOW if before else None)
    desk.answers["one"] = lambda: answer
    (delivery,) = desk.publish(webhook, "evt_1")
    stores = replace(desk.stores, webhooks=cast(Webhooks, _Interfered(desk.stores.webhooks, webhook, meanwhile)))

    send_delivery(replace(desk.context, stores=stores), delivery)

    stored = desk.stored_webhook(webhook)
    assert (stored.failures, stored.retry_at) == after
