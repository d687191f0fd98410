"""Webhooks: who is told of events, and what became of every attempt to deliver one.

Values only. How a webhook signs is in `webhooks/signature.py`, which URLs it may call in `webhooks/url_policy.py`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, NewType

from chalicelib.model.ids import TenantId, derived_id

WebhookId = NewType("WebhookId", str)
"""`whk_` and 26 letters."""

DeliveryId = NewType("DeliveryId", str)
"""`dlv_`, eight hexadecimal digits of its time, and 20 letters: in the order of their ids they are in that of time."""


class WebhookStatus(StrEnum):
    """Whether a webhook gets events."""

    ACTIVE = "active"
    PAUSED = "paused"
    """It gets no events, and those that happen meanwhile are not delivered later."""


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """All its attempts have failed."""
    DROPPED = "dropped"
    """Its webhook was paused or deleted before it was delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthHeader:
    """A header that the receiver wants to see."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook as it is stored."""

    webhook_id: WebhookId
    tenant_id: TenantId
    url: str
    secret: str
    events: tuple[str, ...] = ()
    """Types of events; empty for all of them, those of later versions included."""
    name: str | None = None
    auth_header: AuthHeader | None = None
    status: WebhookStatus = WebhookStatus.ACTIVE
    reason: str | None = None
    """Why the service paused it; None where its owner did."""
    old_secret: str | None = None
    old_secret_until: int | None = None
    """Until then it signs with both secrets, in epoch seconds, as all times here."""
    failing_since: int | None = None
    """When the first attempt failed since the last one that succeeded."""
    failures: int = 0
    """Attempts that failed since the last one that succeeded."""
    retry_at: int | None = None
    """Set while its circuit is open: nothing is sent before, and then one delivery, which is the probe."""
    retry_wait_s: int | None = None
    """How long the circuit was opened for the last time."""
    recovered_at: int | None = None
    """When a probe succeeded, as long as deliveries that failed before wait for a later time."""
    created_by: str = ""
    created_at: int = 0
    updated_at: int = 0

    def hears(self, event_type: str) -> bool:
        """Returns whether the webhook gets events of this type."""
        return self.status is WebhookStatus.ACTIVE and (not self.events or event_type in self.events)

    def secrets_at(self, now: int) -> tuple[str, ...]:
        """Returns the secrets it signs with at this time, newest first."""
        is_old_alive = self.old_secret is not None and now < (self.old_secret_until or 0)
        return (self.secret, self.old_secret) if is_old_alive and self.old_secret else (self.secret,)

    @property
    def endpoint(self) -> "Endpoint":
        """The webhook as one place to which deliveries go."""
        return Endpoint(self.tenant_id, self.webhook_id)


class Endpoint(NamedTuple):
    """Names a webhook as a place to which deliveries go, one queue for each."""

    tenant_id: TenantId
    webhook_id: WebhookId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt:
    """One attempt to deliver an event, as it ended."""

    number: int
    at: int
    duration_ms: int
    status_code: int | None = None
    """None where no answer came."""
    error: str | None = None
    """Why no answer came, or why nothing was sent."""
    response: str = ""
    """The beginning of the answer."""

    @property
    def is_success(self) -> bool:
        """Whether the receiver answered with a status from 200 to 299."""
        return self.status_code is not None and 200 <= self.status_code < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one webhook."""

    delivery_id: DeliveryId
    webhook_id: WebhookId
    tenant_id: TenantId
    event_id: str
    event_type: str
    body: str
    """What is sent, byte for byte the same at every try."""
    created_at: int
    status: DeliveryStatus = DeliveryStatus.PENDING
    next_try_at: int | None = None
    """When the next attempt is due or, while one is at work, when its lease ends. None where the delivery has ended."""
    is_leased: bool = False
    """Whether an attempt is at work, or died over it."""
    started: int = 0
    """Attempts that were started since the delivery was last requested; one whose function died left no
    `DeliveryAttempt`."""
    tries: tuple[DeliveryAttempt, ...] = ()
    """The latest."""

    @property
    def endpoint(self) -> Endpoint:
        """Where it goes."""
        return Endpoint(self.tenant_id, self.webhook_id)


def delivery_id_of(webhook_id: WebhookId, event_id: str, at: int) -> DeliveryId:
    """Returns the id of an event's delivery to a webhook, the same however often the event is published."""
    return DeliveryId(f"dlv_{at:08x}{derived_id('dlv', webhook_id, event_id)[4:24]}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, once its host has been resolved."""

    scheme: str
    host: str
    """A name, or an address without brackets."""
    port: int
    path: str
    """With its query."""
