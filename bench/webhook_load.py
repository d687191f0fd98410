"""A model of the service's deliveries under load: the shipped rounds over stores in memory, by a clock of its own.

Comes in: tenants, how often their imports end, and how their receivers answer. Goes out: how long each event took from
its publication to its receiver, and what the rounds have called. Every published event starts a round after a moment,
as EventBridge does; so does every minute. An event that finds all functions at work is lost to them, which is worse
than what Lambda does: it would ask again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from random import Random
from typing import Any, cast

from bench.virtual_time import VirtualTime
from chalicelib.access.context import Context
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Status, UploadMode
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.webhooks import Target, Webhook, WebhookId
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Deliveries, Events, Imports, WebhookResponse, Webhooks
from chalicelib.webhooks.delivery_rounds import send_due_deliveries, send_new_deliveries
from chalicelib.webhooks.outbox import publish_now

BEGAN = 1_700_000_000
EVENT_S = 0.5
"""From an event on the bus to the function that it starts."""
CALL_S = 0.005
"""One call of a store."""
FUNCTIONS = 10
"""Rounds that may be at work at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOfTenant:
    """What one tenant brings."""

    tenant_id: TenantId
    webhooks: int
    imports_per_minute: float
    answer_s: float | None
    """How long its receivers take to answer; None where they never do."""

    @property
    def host(self) -> str:
        """The host of its receivers."""
        return f"{self.tenant_id}.example.com"


@dataclass
class Observed:
    """What the model has seen."""

    delays_s: dict[TenantId, list[float]] = field(default_factory=dict)
    """From publication to receipt, of each event that was received the first time."""
    published: Counter[TenantId] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    """Calls of stores by rounds."""
    rounds: int = 0
    refused: int = 0
    """Events that found all functions at work."""
    most_at_once: Counter[str] = field(default_factory=Counter)
    """The most requests that a receiver had before it at a time, by URL path."""
    function_s: float = 0.0


class WebhookLoad:
    """The model: `run` lets a number of seconds pass."""

    def __init__(
        self, tenants: Collection[LoadOfTenant], limits: Limits = DEFAULT_LIMITS, *, functions: int = FUNCTIONS
    ) -> None:
        self.time = VirtualTime(BEGAN)
        self.observed = Observed()
        self._tenants = {one.tenant_id: one for one in tenants}
        self._limits = limits
        self._functions = functions
        self._numbers = count(1)
        self._random = Random(1)
        self._running = 0
        self._stores = memory.stores(clock=lambda: self.time.now)
        self._published_at: dict[str, tuple[TenantId, float]] = {}
        self._requests: Counter[str] = Counter()
        for tenant in tenants:
            for number in range(tenant.webhooks):
                self._stores.webhooks.add(_webhook(tenant, number), limit=tenant.webhooks)

    def run(self, seconds: float) -> Observed:
        """Lets seconds pass and returns what was seen since the beginning."""
        for tenant in self._tenants.values():
            for after_s in self._each_ending(tenant, seconds):
                self.time.spawn(partial(self._end_import, tenant), after_s=after_s)
        for minute in range(int(seconds // 60) + 1):
            self.time.spawn(partial(self._start_round, send_due_deliveries), after_s=minute * 60)
        self.time.run(until=self.time.now + seconds)
        return self.observed

    def _each_ending(self, tenant: LoadOfTenant, seconds: float) -> Iterator[float]:
        """Imports end at random times, the same in every run."""
        at = self._random.expovariate(tenant.imports_per_minute / 60)
        while at < seconds:
            yield at
            at += self._random.expovariate(tenant.imports_per_minute / 60)

    def _end_import(self, tenant: LoadOfTenant) -> None:
        now = int(self.time.now)
        import_ = _import(tenant.tenant_id, f"imp_{next(self._numbers)}", now)
        bus = _Bus(self)
        publish_now(replace(self._stores, imports=cast(Imports, _NotedImports()), events=cast(Events, bus)), import_)

    def note_published(self, event: LifecycleEvent) -> None:
        """Begins a round, as the bus does."""
        self._published_at[event.event_id] = event.tenant_id, self.time.now
        self.observed.published[event.tenant_id] += 1
        self.time.spawn(partial(self._start_round, send_new_deliveries), after_s=EVENT_S)

    def _start_round(self, send: Callable[..., int]) -> None:
        if self._running >= self._functions:
            self.observed.refused += 1
            return
        self._running += 1
        self.observed.rounds += 1
        began = self.time.now
        try:
            send(self._context(), _SimulatedSenders(self.time))
        finally:
            self._running -= 1
            self.observed.function_s += self.time.now - began

    def _context(self) -> Context:
        stores = replace(
            self._stores,
            webhooks=cast(Webhooks, _TimedStore(self, "webhooks", self._stores.webhooks)),
            deliveries=cast(Deliveries, _TimedStore(self, "deliveries", self._stores.deliveries)),
            webhook_transport=_Receivers(self),
        )
        return Context(
            stores=stores,
            clock=lambda: int(self.time.now),
            new_id=lambda prefix: f"{prefix}_{next(self._numbers)}",
            open_runner=_no_runner,
            limits=self._limits,
        )

    def receive(self, target: Target, event_id: str, within_s: float) -> WebhookResponse:
        """Answers as the tenant's receivers do."""
        tenant_id, published_at = self._published_at[event_id]
        self._requests[target.path] += 1
        most = self.observed.most_at_once
        most[target.path] = max(most[target.path], self._requests[target.path])
        answer_s = self._tenants[tenant_id].answer_s
        self.time.sleep(within_s if answer_s is None else answer_s)
        self._requests[target.path] -= 1
        if answer_s is None:
            return WebhookResponse(error="no answer")
        self.observed.delays_s.setdefault(tenant_id, []).append(self.time.now - published_at)
        return WebhookResponse(status_code=200)

    def note_call(self, name: str) -> None:
        """Counts a call of a store, which takes its time."""
        self.observed.calls[name] += 1
        self.time.sleep(CALL_S)


class _Bus:
    def __init__(self, load: WebhookLoad) -> None:
        self._load = load

    def publish(self, completion: LifecycleEvent) -> None:
        self._load.note_published(completion)


class _NotedImports:
    """Imports whose events count as published once they are."""

    def mark_published(self, _import: Import, _event: LifecycleEvent) -> None: ...


class _TimedStore:
    """A store whose calls take time and are counted."""

    def __init__(self, load: WebhookLoad, name: str, store: object) -> None:
        self._load = load
        self._name = name
        self._store = store

    def __getattr__(self, method: str) -> Callable[..., Any]:
        target = getattr(self._store, method)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._load.note_call(f"{self._name}.{method}")
            return target(*args, **kwargs)

        return call


class _Receivers:
    def __init__(self, load: WebhookLoad) -> None:
        self._load = load

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> WebhookResponse:
        return self._load.receive(target, headers["X-Sluice-Event-Id"], within_s)


class _SimulatedSenders:
    """`Senders` by the clock of the model."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time

    def submit(self, do: Callable[[], object]) -> Future[object]:
        return self._time.spawn(do)

    def wait(self, under_way: Collection[Future[object]], timeout_s: float) -> Collection[Future[object]]:
        return self._time.wait(under_way, timeout_s)


def _webhook(tenant: LoadOfTenant, number: int) -> Webhook:
    webhook_id = WebhookId(f"whk_{tenant.tenant_id}{number}")
    url = f"https://{tenant.host}/{webhook_id}"
    return Webhook(webhook_id=webhook_id, tenant_id=tenant.tenant_id, url=url, secret="s")  # noqa: S106 - signs nothing


def _import(tenant_id: TenantId, import_id: str, now: int) -> Import:
    return Import(
        import_id=ImportId(import_id),
        tenant_id=tenant_id,
        resource="contacts",
        action=Action.MERGE,
        upload_mode=UploadMode.ASYNC,
        status=Status.COMPLETED,
        created_at=now,
        updated_at=now,
        ended_at=now,
        unpublished_since=now,
    )


def _no_runner() -> Any:
    raise RuntimeError("nothing here runs imports")
