"""Events, webhooks, deliveries, and receivers that only remember; the promises are those of `stores.interfaces`.

All values are immutable through and through, so nothing needs copying.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, NamedTuple

from chalicelib.errors import SluiceError
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Endpoint, Target, Webhook, WebhookId
from chalicelib.stores.interfaces import Counted, DeliveryPage, DuePage, HeldEndpoint, WebhookResponse


class MemoryEvents:
    """Keeps the promises of `stores.interfaces.Events`; what was published stands in `published`."""

    def __init__(self) -> None:
        self.published: list[LifecycleEvent] = []
        self.raises: SluiceError | None = None

    def publish(self, completion: LifecycleEvent) -> None:
        """Does what `Events.publish` promises."""
        if self.raises:
            raise self.raises
        self.published.append(completion)


@dataclass
class _QueueState:
    """When a round has to look at the deliveries of a webhook, and whether one does."""

    look_at: int | None = None
    held_until: int | None = None
    woken_at: int | None = None
    is_woken: bool = False


class MemoryWebhooks:
    """Keeps the promises of `stores.interfaces.Webhooks`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._webhooks: dict[Endpoint, Webhook] = {}
        self._queues: dict[Endpoint, _QueueState] = {}

    def add(self, webhook: Webhook, *, limit: int) -> Counted:
        """Does what `Webhooks.add` promises."""
        with self._lock:
            if webhook.endpoint in self._webhooks:
                return Counted.REFUSED
            if sum(one.tenant_id == webhook.tenant_id for one in self._webhooks) >= limit:
                return Counted.FULL
            self._webhooks[webhook.endpoint] = webhook
            self._queues[webhook.endpoint] = _QueueState()
        return Counted.DONE

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None:
        """Does what `Webhooks.find` promises."""
        with self._lock:
            return self._webhooks.get(Endpoint(tenant_id, webhook_id))

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Does what `Webhooks.list_webhooks` promises."""
        with self._lock:
            mine = [one for endpoint, one in self._webhooks.items() if endpoint.tenant_id == tenant_id]
        return sorted(mine, key=lambda one: (one.created_at, one.webhook_id))

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, Any]) -> Webhook | None:
        """Does what `Webhooks.change` promises."""
        with self._lock:
            return self._change(Endpoint(tenant_id, webhook_id), values)

    def change_health(self, seen: Webhook, values: Mapping[str, Any]) -> Webhook | None:
        """Does what `Webhooks.change_health` promises."""
        with self._lock:
            stored = self._webhooks.get(seen.endpoint)
            is_same = stored is not None and _health(stored) == _health(seen)
            return self._change(seen.endpoint, values) if is_same else None

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """Does what `Webhooks.delete` promises."""
        with self._lock:
            self._queues.pop(Endpoint(tenant_id, webhook_id), None)
            return self._webhooks.pop(Endpoint(tenant_id, webhook_id), None) is not None

    def wake(self, tenant_id: TenantId, webhook_ids: Iterable[WebhookId], at: int) -> None:
        """Does what `Webhooks.wake` promises."""
        with self._lock:
            for endpoint in (Endpoint(tenant_id, one) for one in webhook_ids):
                if webhook := self._webhooks.get(endpoint):
                    self._wake(self._queues[endpoint], webhook, at)

    def each_due(self, now: int, *, newest_first: bool = False) -> Iterator[Endpoint]:
        """Does what `Webhooks.each_due` promises."""
        with self._lock:
            timed = [(one.look_at, key) for key, one in self._queues.items() if one.look_at is not None]
        yield from (key for at, key in sorted(timed, reverse=newest_first) if at <= now)

    def take(self, endpoint: Endpoint, *, now: int, until: int) -> HeldEndpoint | None:
        """Does what `Webhooks.take` promises."""
        with self._lock:
            queue = self._queues.get(endpoint)
            if queue is None or queue.look_at is None or queue.look_at > now or (queue.held_until or 0) > now:
                return None
            queue.held_until = queue.look_at = until
            queue.is_woken = False
            return HeldEndpoint(self._webhooks[endpoint], until, queue.woken_at)

    def let_go(self, held: HeldEndpoint, *, look_at: int) -> int | None:
        """Does what `Webhooks.let_go` promises."""
        endpoint = held.webhook.endpoint
        with self._lock:
            queue = self._queues.get(endpoint)
            if queue is None or queue.held_until != held.until:
                return None
            soonest = min(look_at, queue.woken_at or look_at) if queue.is_woken else look_at
            queue.look_at = max(soonest, self._webhooks[endpoint].retry_at or 0)
            queue.held_until, queue.is_woken = None, False
            return queue.look_at

    def _change(self, endpoint: Endpoint, values: Mapping[str, Any]) -> Webhook | None:
        stored = self._webhooks.get(endpoint)
        if stored is None:
            return None
        self._webhooks[endpoint] = replace(stored, **values)
        return self._webhooks[endpoint]

    def _wake(self, queue: _QueueState, webhook: Webhook, at: int) -> None:
        if queue.held_until is not None:
            if not queue.is_woken or (queue.woken_at or 0) > at:
                queue.is_woken, queue.woken_at = True, at
            return
        look_at = max(at, webhook.retry_at or 0)
        if queue.look_at is None or queue.look_at > look_at:
            queue.look_at, queue.woken_at = look_at, at


class MemoryDeliveries:
    """Keeps the promises of `stores.interfaces.Deliveries`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._deliveries: dict[tuple[TenantId, WebhookId, DeliveryId], Delivery] = {}
        self._queues: defaultdict[Endpoint, list[tuple[int, DeliveryId]]] = defaultdict(list)

    def add(self, delivery: Delivery) -> bool:
        """Does what `Deliveries.add` promises."""
        with self._lock:
            if _key(delivery) in self._deliveries:
                return False
            self._put(delivery)
            return True

    def find(self, tenant_id: TenantId, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery | None:
        """Does what `Deliveries.find` promises."""
        with self._lock:
            return self._deliveries.get((tenant_id, webhook_id, delivery_id))

    def list_page(
        self, tenant_id: TenantId, webhook_id: WebhookId, *, limit: int, after: DeliveryId | None
    ) -> DeliveryPage:
        """Does what `Deliveries.list_page` promises."""
        with self._lock:
            mine = [one for key, one in self._deliveries.items() if key[:2] == (tenant_id, webhook_id)]
        rest = [one for one in mine if after is None or one.delivery_id < after]
        rest.sort(key=lambda one: one.delivery_id, reverse=True)
        return DeliveryPage(tuple(rest[:limit]), rest[limit - 1].delivery_id if len(rest) > limit else None)

    def replace(self, old: Delivery, new: Delivery) -> bool:
        """Does what `Deliveries.replace` promises."""
        with self._lock:
            stored = self._deliveries.get(_key(old))
            if stored is None or (stored.status, stored.next_try_at) != (old.status, old.next_try_at):
                return False
            if stored.next_try_at is not None:
                self._queues[stored.endpoint].remove((stored.next_try_at, stored.delivery_id))
            self._put(new)
            return True

    def list_due(self, endpoint: Endpoint, now: int, *, limit: int, newest_first: bool = False) -> DuePage:
        """Does what `Deliveries.list_due` promises."""
        with self._lock:
            queue = self._queues[endpoint]
            due = bisect_right(queue, now, key=lambda one: one[0])
            chosen = queue[:due][::-1][:limit] if newest_first else queue[: min(due, limit)]
            return DuePage(tuple(self._deliveries[*endpoint, one] for _, one in chosen), is_last=due < limit)

    def list_later(self, endpoint: Endpoint, now: int, *, limit: int) -> list[Delivery]:
        """Does what `Deliveries.list_later` promises."""
        with self._lock:
            queue = self._queues[endpoint]
            due = bisect_right(queue, now, key=lambda one: one[0])
            return [self._deliveries[*endpoint, one] for _, one in queue[due : due + limit]]

    def _put(self, delivery: Delivery) -> None:
        self._deliveries[_key(delivery)] = delivery
        if delivery.next_try_at is not None:
            insort(self._queues[delivery.endpoint], (delivery.next_try_at, delivery.delivery_id))


class SentRequest(NamedTuple):
    """One POST."""

    target: Target
    headers: Mapping[str, str]
    body: bytes
    within_s: float


class MemoryWebhookTransport:
    """Keeps the promises of `stores.interfaces.WebhookTransport`: answers as `answers` say, then with 200, and
    remembers what was `sent`."""

    def __init__(self) -> None:
        self.sent: list[SentRequest] = []
        self.answers: list[WebhookResponse] = []

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> WebhookResponse:
        """Does what `WebhookTransport.post` promises."""
        self.sent.append(SentRequest(target, dict(headers), body, within_s))
        return self.answers.pop(0) if self.answers else WebhookResponse(status_code=200, response="ok", duration_ms=7)


def _key(delivery: Delivery) -> tuple[TenantId, WebhookId, DeliveryId]:
    return delivery.tenant_id, delivery.webhook_id, delivery.delivery_id


def _health(webhook: Webhook) -> tuple[object, ...]:
    return webhook.failures, webhook.failing_since, webhook.retry_at
