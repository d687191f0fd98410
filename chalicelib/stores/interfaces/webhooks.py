"""Who is told what has happened: the event bus, the log of events, webhooks, their deliveries, and the way out to
their receivers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Endpoint, Target, Webhook, WebhookId
from chalicelib.stores.interfaces.listing import Counted


class Events(Protocol):
    """The event bus, which other services of the customer listen to."""

    def publish(self, completion: LifecycleEvent) -> None:
        """Publishes an event. Raises Retryable if the bus did not take it, whatever the reason."""


class LoggedEvent(NamedTuple):
    """An event in the log of its tenant."""

    number: int
    """One more than that of the event before it, from 1 on."""
    body: str
    """Its JSON, as webhooks get it."""


class EventLog(Protocol):
    """The events of each tenant in the order in which they were published, each of them once, until it expires
    (`Limits.event_log_s`). `JobStore.mark_published` puts them there.
    """

    def list_after(self, tenant_id: TenantId, after: int, *, limit: int) -> list[LoggedEvent]:
        """Returns at most `limit` events with a greater number, in order, strongly consistent: what is put there later
        has a greater number than all of them.
        """

    def find_number(self, tenant_id: TenantId, event_id: str) -> int | None:
        """Returns the number of an event, or None where the log has no such event, or no longer."""

    def find_last(self, tenant_id: TenantId) -> int:
        """Returns the number of the latest event, expired or not; 0 where there never was one."""


class HeldEndpoint(NamedTuple):
    """A webhook that one round has to itself."""

    webhook: Webhook
    """As it was stored when the round took it."""
    until: int
    """When others may take it, should the round have died."""
    woken_at: int | None
    """The time for which it was woken last."""


class Webhooks(Protocol):
    """The webhooks by tenant; and, as endpoints, those at whose queue of deliveries a round has to look, of all
    tenants."""

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

    def change_health(self, seen: Webhook, values: Mapping[str, object]) -> Webhook | None:
        """Does what `change` does. Returns None, and changes nothing, where `failures`, `failing_since` or `retry_at`
        are no longer those that were `seen`: of several senders that count a failure, each counts.
        """

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """Removes a webhook. Returns False if there is none."""

    def wake(self, tenant_id: TenantId, webhook_ids: Iterable[WebhookId], at: int) -> None:
        """Makes sure that a round looks at these endpoints once more, at `at` or, where that is later, when the pause
        of their circuit ends. Called after deliveries to them were stored; raises Retryable where it may not have
        worked.
        """

    def each_due(self, now: int, *, newest_first: bool = False) -> Iterator[Endpoint]:
        """Yields the endpoints at which it is time to look, lazily: those that have waited longest first, or those that
        have waited least. What was woken or let go of shows a moment later.
        """

    def take(self, endpoint: Endpoint, *, now: int, until: int) -> HeldEndpoint | None:
        """Takes an endpoint for one round. Returns None where it is not time to look at it, or another round holds it.
        Whoever is given it sees every delivery that was stored before the last call of `wake`, in time.
        """

    def let_go(self, held: HeldEndpoint, *, look_at: int) -> int | None:
        """Ends the hold, and has the endpoint looked at again at `look_at`; sooner where it was woken meanwhile, but
        not before the pause of its circuit ends. Returns that time; returns None, and changes nothing, where the hold
        had ended.
        """


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of the deliveries of a webhook, newest first."""

    deliveries: tuple[Delivery, ...]
    cursor: DeliveryId | None
    """The last of them; None after the last page."""


class DuePage(NamedTuple):
    """Deliveries of one endpoint that are due."""

    deliveries: tuple[Delivery, ...]
    is_last: bool
    """Whether no others are due."""


class Deliveries(Protocol):
    """The deliveries by webhook; those that have not ended form a queue for each, by the time of their next attempt."""

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

    def list_due(self, endpoint: Endpoint, now: int, *, limit: int, newest_first: bool = False) -> DuePage:
        """Returns at most `limit` deliveries to this endpoint whose `next_try_at` is not after `now`: those that have
        been due longest, or those that became due last. Costs as much as `limit` says, however many wait. What `add`
        and `replace` wrote shows a moment later, and what they have changed is not given any more.
        """

    def list_later(self, endpoint: Endpoint, now: int, *, limit: int) -> list[Delivery]:
        """Returns at most `limit` deliveries to this endpoint whose `next_try_at` is after `now`, the soonest first."""


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
