"""Events, webhooks, deliveries, and receivers that only remember; the promises are those of `stores.interfaces`.

All values are immutable through and through, so nothing needs copying.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, NamedTuple

from chalicelib.errors import SluiceError
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Target, Webhook, WebhookId
from chalicelib.stores.interfaces import Counted, DeliveryPage, WebhookResponse


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


class MemoryWebhooks:
    """Keeps the promises of `stores.interfaces.Webhooks`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._webhooks: dict[tuple[TenantId, WebhookId], Webhook] = {}

    def add(self, webhook: Webhook, *, limit: int) -> Counted:
        """Does what `Webhooks.add` promises."""
        with self._lock:
            if (webhook.tenant_id, webhook.webhook_id) in self._webhooks:
                return Counted.REFUSED
            if sum(owner == webhook.tenant_id for owner, _ in self._webhooks) >= limit:
                return Counted.FULL
            self._webhooks[webhook.tenant_id, webhook.webhook_id] = webhook
        return Counted.DONE

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None:
        """Does what `Webhooks.find` promises."""
        with self._lock:
            return self._webhooks.get((tenant_id, webhook_id))

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Does what `Webhooks.list_webhooks` promises."""
        with self._lock:
            mine = [one for (owner, _), one in self._webhooks.items() if owner == tenant_id]
        return sorted(mine, key=lambda one: (one.created_at, one.webhook_id))

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, Any]) -> Webhook | None:
        """Does what `Webhooks.change` promises."""
        with self._lock:
            stored = self._webhooks.get((tenant_id, webhook_id))
            if stored is None:
                return None
            self._webhooks[tenant_id, webhook_id] = replace(stored, **values)
            return self._webhooks[tenant_id, webhook_id]

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """Does what `Webhooks.delete` promises."""
        with self._lock:
            return self._webhooks.pop((tenant_id, webhook_id), None) is not None


class MemoryDeliveries:
    """Keeps the promises of `stores.interfaces.Deliveries`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._deliveries: dict[tuple[TenantId, WebhookId, DeliveryId], Delivery] = {}

    def add(self, delivery: Delivery) -> bool:
        """Does what `Deliveries.add` promises."""
        with self._lock:
            return self._deliveries.setdefault(_key(delivery), delivery) is delivery

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
            self._deliveries[_key(old)] = new
            return True

    def each_due(self, now: int) -> Iterator[Delivery]:
        """Does what `Deliveries.each_due` promises."""
        with self._lock:
            timed = [(one.next_try_at, one) for one in self._deliveries.values() if one.next_try_at is not None]
        yield from (one for at, one in sorted(timed, key=lambda two: (two[0], two[1].delivery_id)) if at <= now)


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
