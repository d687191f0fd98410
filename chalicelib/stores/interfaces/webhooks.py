"""Who is told what has happened: the event bus, webhooks, their deliveries, and the way out to their receivers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Target, Webhook, WebhookId
from chalicelib.stores.interfaces.listing import Counted


class Events(Protocol):
    """The event bus, which other services of the customer listen to."""

    def publish(self, completion: LifecycleEvent) -> None:
        """Publishes an event. Raises Retryable if the bus did not take it, whatever the reason."""


class Webhooks(Protocol):
    """The webhooks by tenant."""

    def add(self, webhook: Webhook, *, limit: int) -> Counted:
        """Stores a new webhook: `REFUSED` if there is one with this id, `FULL` if the tenant has `limit` of them. The
        count is exact, however many are added and deleted at once.
        """

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None:
        """Returns the tenant's webhook with this id, or None."""

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Returns the tenant's webhooks, oldest first. The list is strongly consistent."""

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook | None:
        """Changes these fields, leaves the others as they are stored, and returns the webhook as it is then. Returns
        None if it is gone.
        """

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """Removes a webhook. Returns False if there is none."""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of the deliveries of a webhook, newest first."""

    deliveries: tuple[Delivery, ...]
    cursor: DeliveryId | None
    """The last of them; None after the last page."""


class Deliveries(Protocol):
    """The deliveries by webhook; and those that are due, of all tenants."""

    def add(self, delivery: Delivery) -> bool:
        """Stores a new delivery, which disappears 30 days after its creation. Returns False, and changes nothing, if
        there is one with this id.
        """

    def find(self, tenant_id: TenantId, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery | None:
        """Returns the delivery of this webhook with this id, or None."""

    def list_page(
        self, tenant_id: TenantId, webhook_id: WebhookId, *, limit: int, after: DeliveryId | None
    ) -> DeliveryPage:
        """Returns at most `limit` deliveries of a webhook, newest first, starting behind the delivery `after` where it
        is given.
        """

    def replace(self, old: Delivery, new: Delivery) -> bool:
        """Stores `new` in place of `old`. Returns False, and changes nothing, unless what is stored has the status and
        the `next_try_at` of `old`: of several senders that want to try a delivery, one gets it.
        """

    def each_due(self, now: int) -> Iterator[Delivery]:
        """Yields deliveries whose `next_try_at` is not after `now`, those that have been due longest first. What `add`
        and `replace` wrote shows a moment later.
        """


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
        """Sends a POST and returns how it ended. Never raises for what the receiver does or is, and never calls an
        address that `may_call` forbids.
        """
