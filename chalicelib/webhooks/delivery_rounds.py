"""A round of deliveries: sends what is due, of all tenants, so that none of them waits for another one's receivers.

Comes in: the endpoints at which it is time to look. Goes out: deliveries, a bounded number of them at a time, of which
each tenant and each endpoint has a bounded share (`webhooks/fair_share.py`, `webhooks/endpoint_queues.py`). A round
that the clock starts begins with those that have waited longest, one that an event starts with what is new; that one is
short. Several rounds may be at work at once: each endpoint is served by one of them.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Protocol

from chalicelib.access.context import Context
from chalicelib.log_keys import logging_about
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Endpoint
from chalicelib.webhooks.endpoint_queues import EndpointQueue, QueueStep
from chalicelib.webhooks.fair_share import FairShare

logger = logging.getLogger(__name__)

LOOK_S = 1
"""How often a round that is at work looks for endpoints that have become due."""
ENDPOINTS = 1_000
"""Endpoints that a round has before it at a time."""
SOON_S = 2
"""A round that has nothing to do waits for an endpoint that is due as soon as this; else it ends."""
IDLE_S = 0.25
"""How long it waits at a time."""
IDLE_WAITS = 20
"""How often it waits."""
REFUSED_S = 2
"""How long a round leaves an endpoint alone that another one holds: the index may show it for a moment."""


class Senders(Protocol):
    """What carries out the steps of a round, several at a time."""

    def submit(self, do: Callable[[], object]) -> Future[object]:
        """Begins a step."""

    def wait(self, under_way: Collection[Future[object]], timeout_s: float) -> Collection[Future[object]]:
        """Waits until one of these has ended, no longer than this time. Returns those that have ended."""


class ThreadSenders:
    """Keeps the promises of `Senders` with threads."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    def submit(self, do: Callable[[], object]) -> Future[object]:
        """Does what `Senders.submit` promises."""
        return self._threads.submit(do)

    def wait(self, under_way: Collection[Future[object]], timeout_s: float) -> Collection[Future[object]]:
        """Does what `Senders.wait` promises."""
        if under_way:
            return wait(under_way, timeout_s, FIRST_COMPLETED).done
        time.sleep(timeout_s)
        return ()


def send_due_deliveries(context: Context, senders: Senders | None = None) -> int:
    """Sends what is due, for `webhook_round_s` at most; the first are those that have waited longest. Returns how many
    deliveries were tried."""
    return _run(context, senders, budget_s=context.limits.webhook_round_s, newest_first=False)


def send_new_deliveries(context: Context, senders: Senders | None = None) -> int:
    """Sends what has just become due, and then the rest, for `webhook_event_round_s`; longer only where something has
    become due for which no other round looks. Returns how many deliveries were tried."""
    return _run(context, senders, budget_s=context.limits.webhook_event_round_s, newest_first=True)


def _run(context: Context, senders: Senders | None, *, budget_s: int, newest_first: bool) -> int:
    if senders is not None:
        return _Round(context, senders, budget_s, newest_first).run()
    with ThreadPoolExecutor(context.limits.webhook_sends) as threads:
        return _Round(context, ThreadSenders(threads), budget_s, newest_first).run()


class _Round:
    """One round, driven by one thread, which decides; the senders do what may take time."""

    def __init__(self, context: Context, senders: Senders, budget_s: int, newest_first: bool) -> None:
        self._context = context
        self._senders = senders
        self._budget_s = budget_s
        self._newest_first = newest_first
        now = context.clock()
        self._ends_at = now + budget_s
        self._last_end = now + context.limits.webhook_round_s
        self._share = FairShare(tenant_sends=context.limits.webhook_tenant_sends)
        self._queues: dict[Endpoint, EndpointQueue] = {}
        self._refused: dict[Endpoint, int] = {}
        self._under_way: dict[Future[object], tuple[EndpointQueue, QueueStep]] = {}
        self._looked_at = 0
        self._opened: set[Endpoint] = set()
        self._held: Counter[TenantId] = Counter()
        self._soon_at: int | None = None
        self._idle_waits = 0
        self._sent = 0

    def run(self) -> int:
        """Returns how many deliveries were tried."""
        while True:
            self._look()
            self._begin_all()
            if not self._under_way and not self._may_wait():
                return self._sent
            timeout_s = LOOK_S if self._under_way else IDLE_S
            for ended in self._senders.wait(self._under_way.keys(), timeout_s):
                self._end(ended)

    @property
    def _is_over(self) -> bool:
        return self._context.clock() >= self._ends_at

    def _look(self) -> None:
        """Looks for endpoints at every `LOOK_S`, and whenever there is nothing else to do."""
        now = self._context.clock()
        if self._is_over or (self._under_way and now - self._looked_at < LOOK_S):
            return
        self._looked_at = now
        due = self._context.stores.webhooks.each_due(now, newest_first=self._newest_first)
        for endpoint in islice(due, ENDPOINTS):
            if endpoint not in self._queues and self._refused.get(endpoint, 0) <= now:
                self._queues[endpoint] = EndpointQueue(self._context, endpoint, newest_first=self._newest_first)
                self._share.add(endpoint)

    def _begin_all(self) -> None:
        if self._is_over:
            for endpoint in [one for one, queue in self._queues.items() if not queue.is_held]:
                self._forget(endpoint)
        while len(self._under_way) < self._context.limits.webhook_sends:
            chosen = self._share.begin_next(self._may_begin)
            if chosen is None:
                return
            self._begin(self._queues[chosen])

    def _may_begin(self, endpoint: Endpoint) -> bool:
        """Endpoints of a tenant beyond its share are left to other rounds."""
        step = self._next_step(endpoint)
        is_enough = self._held[endpoint.tenant_id] >= self._context.limits.webhook_tenant_sends
        return step is not None and not (step is QueueStep.OPEN and is_enough)

    def _begin(self, queue: EndpointQueue) -> None:
        step = self._next_step(queue.endpoint)
        if step is None:  # the clock has gone on since it was chosen
            self._share.end(queue.endpoint)
            return
        if step is QueueStep.OPEN:
            self._opened.add(queue.endpoint)
            self._held[queue.endpoint.tenant_id] += 1
        self._under_way[self._senders.submit(queue.begin(step, until=self._ends_at))] = queue, step

    def _next_step(self, endpoint: Endpoint) -> QueueStep | None:
        return self._queues[endpoint].next_step(self._context.clock(), is_over=self._is_over)

    def _may_wait(self) -> bool:
        """An endpoint may be due in a moment, or the index not show it yet."""
        now, self._idle_waits = self._context.clock(), self._idle_waits + 1
        is_soon = self._soon_at is not None and now - SOON_S <= self._soon_at <= now + SOON_S
        return is_soon and not self._is_over and self._idle_waits <= IDLE_WAITS

    def _end(self, ended: Future[object]) -> None:
        queue, step = self._under_way.pop(ended)
        self._share.end(queue.endpoint)
        error = ended.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        if error is not None:
            with logging_about({"tenant_id": queue.endpoint.tenant_id, "webhook_id": queue.endpoint.webhook_id}):
                logger.warning("%s failed", step.name, exc_info=error)
        self._note(queue, step, None if error else ended.result(), failed=error is not None)

    def _note(self, queue: EndpointQueue, step: QueueStep, result: object, *, failed: bool) -> None:
        """An endpoint whose state is unknown is left to the end of its hold."""
        queue.end(step, result)
        if step is QueueStep.SEND:
            self._sent += result is not None
        elif step is QueueStep.LET_GO:
            self._note_next_look(queue, result)
            self._forget(queue.endpoint)
        elif failed or (step is QueueStep.OPEN and not result):
            self._refused[queue.endpoint] = self._context.clock() + REFUSED_S
            self._forget(queue.endpoint)

    def _note_next_look(self, queue: EndpointQueue, look_at: object) -> None:
        """What becomes due while a round holds its endpoint is seen by no other round; that one sees to it."""
        now = self._context.clock()
        if not isinstance(look_at, int):
            return
        if now - SOON_S <= look_at <= now + SOON_S:
            self._soon_at = look_at
        if look_at <= now and queue.is_empty and self._is_over:
            self._ends_at = min(now + self._budget_s, self._last_end)

    def _forget(self, endpoint: Endpoint) -> None:
        del self._queues[endpoint]
        self._share.remove(endpoint)
        if endpoint in self._opened:
            self._opened.remove(endpoint)
            self._held[endpoint.tenant_id] -= 1
