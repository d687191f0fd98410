"""What others are told: the event bus, webhooks, and what is on its way to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Target, Webhook, WebhookId


class Events(Protocol):
    """The event bus."""

    def publish(self, completion: LifecycleEvent) -> None:
        """Raises Retryable for whatever keeps the bus from taking it."""


class Webhooks(Protocol):
    """Webhooks by tenant."""

    def add(self, webhook: Webhook) -> bool:
        """False if there is one of this id: then nothing changes."""

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None: ...

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Oldest first; strongly consistent."""

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook | None:
        """The webhook afterwards, with these fields changed and the others as they are stored; None if it is gone."""

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """False if there is none."""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A slice of the deliveries of a webhook, newest first."""

    deliveries: tuple[Delivery, ...]
    cursor: DeliveryId | None
    """The last of them; None after the last page."""


class Deliveries(Protocol):
    """Deliveries by webhook, and those that are due, of all tenants."""

    def add(self, delivery: Delivery) -> bool:
        """False if there is one of this id: then nothing changes. It disappears 30 days after its creation."""

    def find(self, tenant_id: TenantId, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery | None: ...

    def list_page(
        self, tenant_id: TenantId, webhook_id: WebhookId, *, limit: int, after: DeliveryId | None
    ) -> DeliveryPage: ...

    def replace(self, old: Delivery, new: Delivery) -> bool:
        """False, and nothing changed, unless what is stored has the status and the `next_try_at` of `old`: of several
        who want to try it, one gets it.
        """

    def each_due(self, now: int) -> Iterator[Delivery]:
        """Whose `next_try_at` is not after `now`, longest due first; a moment behind `add` and `replace`."""


class WebhookResponse(NamedTuple):
    """How a POST to a receiver ended."""

    status_code: int | None = None
    """None where no answer came."""
    error: str | None = None
    response: str = ""
    """The beginning of the answer."""
    duration_ms: int = 0


class WebhookTransport(Protocol):
    """The way out to the receivers of webhooks."""

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> WebhookResponse:
        """Never raises for what the receiver does or is; never calls an address that `may_call` forbids."""
