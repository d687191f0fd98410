"""The schemas of answers about webhooks, and of the events that webhooks get. Times are epoch seconds."""

from typing import Annotated, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex.schemas import CursorPage, NumberedPage, PackageXEnvelope
from chalicelib.model.events import EVENT_TYPES
from chalicelib.model.webhooks import DeliveryStatus, WebhookStatus


class PackageXWebhook(TypedDict):
    """A webhook: the URL that events are sent to, which of them, and whether they are sent."""

    object: Literal["webhook"]
    id: str
    organization_id: str
    name: str | None
    url: str
    events: list[str]
    """Types of events; empty for all."""
    auth_header: str | None
    """The name of the header that is sent along; its value is never shown."""
    status: Annotated[str, one_of(WebhookStatus)]
    reason: str | None
    """Why the service paused it."""
    failing_since: int | None
    """When the first attempt failed since the last one that succeeded."""
    retry_at: int | None
    """Set after several failures in a row: its deliveries wait until then, and one of them is tried first."""
    old_secret_until: int | None
    """Until then it signs with the old secret, too."""
    created_by: str
    created_at: int
    updated_at: int
    _secret: str | None
    """Shown once, where it was just made."""


class PackageXDeliveryAttempt(TypedDict):
    """One attempt to deliver an event, and what the receiver answered."""

    number: int
    at: int
    duration_ms: int
    status_code: int | None
    """Null where no answer came."""
    error: str | None
    """Why no answer came, or why nothing was sent."""
    response: str
    """The beginning of the answer."""


class PackageXDelivery(TypedDict):
    """One event on its way to a webhook, with its attempts so far."""

    object: Literal["webhook_delivery"]
    id: str
    webhook_id: str
    event_id: str
    event: str
    status: Annotated[str, one_of(DeliveryStatus)]
    attempts: list[PackageXDeliveryAttempt]
    """The latest."""
    next_try_at: int | None
    """Null once nothing more will be tried."""
    created_at: int


class PackageXDeletedWebhook(TypedDict):
    """The id of a webhook that was deleted."""

    object: Literal["webhook"]
    id: str
    deleted: Literal[True]


class PackageXWebhookAnswer(PackageXEnvelope):
    """The response about one webhook."""

    data: PackageXWebhook
    pagination: None


class PackageXWebhooksAnswer(PackageXEnvelope):
    """All webhooks of the organization, the oldest first."""

    data: list[PackageXWebhook]
    pagination: NumberedPage


class PackageXWebhookDeletionAnswer(PackageXEnvelope):
    """The response to the deletion of a webhook."""

    data: PackageXDeletedWebhook
    pagination: None


class PackageXDeliveryAnswer(PackageXEnvelope):
    """The response about one delivery."""

    data: PackageXDelivery
    pagination: None


class PackageXDeliveriesAnswer(PackageXEnvelope):
    """One page of the deliveries of a webhook, the newest first."""

    data: list[PackageXDelivery]
    pagination: CursorPage


class PackageXUndoCounts(TypedDict):
    """What an undo has done, in records."""

    reversed: int
    kept: int
    failed: int
    unprocessed: int


class PackageXWebhookEvent(TypedDict):
    """What a webhook hears; it may come twice, and in any order."""

    event_id: str
    """The same, however often it comes."""
    type: Annotated[str, one_of(EVENT_TYPES)]
    object: Annotated[str, one_of(("import", "export"))]
    id: str
    tenant_id: str
    resource: str
    name: str | None
    attempt: int
    status: str
    reason: str | None
    stats: dict[str, int]
    created_at: int
    started_at: int | None
    ended_at: int | None
    """Null of an import that is held."""
    undo_of: NotRequired[str]
    """The import that was taken back."""
    undo: NotRequired[PackageXUndoCounts]


class PackageXEventPage(TypedDict):
    """Where a page of events stands. Its cursor always leads on, behind the latest event too."""

    limit: int
    page: None
    has_more: bool
    """Whether more events are there already."""
    total_count: None
    cursor: str
    """What to give as `after`."""


class PackageXEventsAnswer(PackageXEnvelope):
    """One page of events, in the order in which they were published."""

    data: list[PackageXWebhookEvent]
    pagination: PackageXEventPage
