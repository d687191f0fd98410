"""The queue of one endpoint while a round serves it: what is to be done for it next, and how that is done.

Comes in: an endpoint at which it is time to look. Goes out: its deliveries, sent; and the time at which a round has to
look again. The round that takes an endpoint has it to itself, so that no more than `webhook_endpoint_sends` deliveries
are under way to it however many rounds there are. One round at a time asks for the next step, and every step may run in
a thread of its own.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from chalicelib.access.context import Context
from chalicelib.model.webhooks import Delivery, DeliveryStatus, Endpoint, Webhook
from chalicelib.stores.interfaces import HeldEndpoint
from chalicelib.webhooks.circuit_breaker import is_half_open, is_open
from chalicelib.webhooks.delivery import Sent, send_delivery

PAGE = 16
"""Deliveries that are read at a time."""
RECOVERED_PAGE = 100
"""Deliveries that are made due again at a time, once a probe has succeeded."""
HOLD_ANSWERS = 3
"""How long an endpoint stays with its round beyond the round's end, in times that a receiver has to answer."""
LAST_BEGIN_ANSWERS = 2
"""How long before the end of its hold nothing more is begun, in the same."""
LAG_S = 5
"""How long what was stored may take to show in the index, as a rule; once a second a round looks again."""
AFTER_DELIVERIES_S = 60
"""When a round looks again at an endpoint that had deliveries, should the index have been late."""
IDLE_LOOK_S = 3600
"""When a round looks again at an endpoint that had none, should the index have been very late."""


class QueueStep(Enum):
    """What is done for an endpoint."""

    OPEN = auto()
    """It is taken, and what is due is read."""
    SEND = auto()
    READ = auto()
    """More of what is due is read."""
    LET_GO = auto()


class EndpointQueue:
    """One endpoint in one round. `next_step` says what is to be done, `begin` gives it as a function to be called, and
    `end` takes what that returned."""

    def __init__(self, context: Context, endpoint: Endpoint, *, newest_first: bool) -> None:
        self._context = context
        self.endpoint = endpoint
        self._newest_first = newest_first
        self._held: HeldEndpoint | None = None
        self._webhook: Webhook | None = None
        self._ready: deque[Delivery] = deque()
        self._sending = 0
        self._is_busy = False
        self._is_last = False
        self._has_sent = False
        self._next_try_at: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether the round has taken the endpoint, or is about to."""
        return self._held is not None or self._is_busy

    @property
    def is_empty(self) -> bool:
        """Whether nothing more was due when the queue was read."""
        return self._is_last and not self._ready

    def next_step(self, now: int, *, is_over: bool) -> QueueStep | None:
        """Returns what may begin for this endpoint; None where that has to wait for what is under way."""
        if self._is_busy:
            return None
        if self._held is None:
            return None if is_over else QueueStep.OPEN
        may_send = not is_over and self._may_send(self._held, now)
        if may_send and self._ready:
            return QueueStep.SEND if self._sending < self._at_a_time(now) else None
        if self._sending:
            return None
        return QueueStep.READ if may_send and self._may_hold_more() else QueueStep.LET_GO

    def begin(self, step: QueueStep, *, until: int) -> Callable[[], object]:
        """Returns what carries out the step; `until` is the end of the round."""
        if step is QueueStep.SEND:
            self._sending += 1
            delivery = self._ready.popleft()
            return lambda: send_delivery(self._context, delivery)
        self._is_busy = True
        if step is QueueStep.OPEN:
            return lambda: self._open(until + HOLD_ANSWERS * self._context.limits.webhook_response_s)
        return self._read if step is QueueStep.READ else self._let_go

    def end(self, step: QueueStep, result: object) -> None:
        """Takes note of what a step returned; None where it failed."""
        if step is not QueueStep.SEND:
            self._is_busy = False
            return
        self._sending -= 1
        self._has_sent = True
        if isinstance(result, Sent):
            self._note(result)

    def _may_send(self, held: HeldEndpoint, now: int) -> bool:
        is_closed = self._webhook is not None and not is_open(self._webhook, now)
        last_begin = held.until - LAST_BEGIN_ANSWERS * self._context.limits.webhook_response_s
        return is_closed and now <= last_begin

    def _at_a_time(self, now: int) -> int:
        is_probing = self._webhook is not None and is_half_open(self._webhook, now)
        return 1 if is_probing else self._context.limits.webhook_endpoint_sends

    def _may_hold_more(self) -> bool:
        return not self._is_last or (self._webhook is not None and self._webhook.recovered_at is not None)

    def _note(self, sent: Sent) -> None:
        """Attempts that were under way at the same time may end in any order; a failure never closes a circuit."""
        if (at := sent.delivery.next_try_at) is not None:
            self._next_try_at = min(at, self._next_try_at or at)
        if sent.webhook is None or self._webhook is None:
            self._webhook = None
        elif sent.delivery.status is DeliveryStatus.DELIVERED or sent.webhook.failures >= self._webhook.failures:
            self._webhook = sent.webhook

    def _open(self, until: int) -> bool:
        held = self._context.stores.webhooks.take(self.endpoint, now=self._context.clock(), until=until)
        if held is None:
            return False
        self._held, self._webhook = held, held.webhook
        if not is_open(held.webhook, self._context.clock()):
            self._read(newest_first=self._newest_first)
        return True

    def _read(self, *, newest_first: bool = False) -> None:
        now = self._context.clock()
        if self._webhook is not None and self._webhook.recovered_at is not None:
            self._webhook = self._bring_forward(self._webhook, self._webhook.recovered_at, now)
        page = self._context.stores.deliveries.list_due(self.endpoint, now, limit=PAGE, newest_first=newest_first)
        self._ready.extend(page.deliveries)
        self._is_last = page.is_last

    def _bring_forward(self, webhook: Webhook, recovered_at: int, now: int) -> Webhook | None:
        """Makes deliveries due that failed before the receiver came back. Returns the webhook as it is then."""
        stores = self._context.stores
        later = stores.deliveries.list_later(self.endpoint, now, limit=RECOVERED_PAGE)
        waiting = [one for one in later if not one.is_leased and (not one.tries or one.tries[-1].at <= recovered_at)]
        for one in waiting:
            stores.deliveries.replace(one, replace(one, next_try_at=now))
        if waiting and len(later) == RECOVERED_PAGE:
            return webhook
        return stores.webhooks.change(*self.endpoint, {"recovered_at": None})

    def _let_go(self) -> int | None:
        """Returns when the endpoint will be looked at again; None where that is not for this round to say."""
        if self._held is None:
            return None
        return self._context.stores.webhooks.let_go(self._held, look_at=self._look_at(self._held))

    def _look_at(self, held: HeldEndpoint) -> int:
        now = self._context.clock()
        if not self.is_empty:
            return now
        times = [one.next_try_at for one in self._context.stores.deliveries.list_later(self.endpoint, now, limit=1)]
        known = [at for at in (*times, self._next_try_at) if at is not None]
        return min([*known, now + self._calm_s(held, now)])

    def _calm_s(self, held: HeldEndpoint, now: int) -> int:
        if self._has_sent:
            return AFTER_DELIVERIES_S
        is_expected = held.woken_at is not None and now - held.woken_at <= LAG_S
        return 1 if is_expected else IDLE_LOOK_S
