"""Webhooks, their deliveries, and the events that they are told of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sluice.models.base import Model

EVENT_TYPES = (
    *("export.canceled", "export.completed", "export.failed", "export.timed_out"),
    *("import.canceled", "import.completed", "import.expired", "import.failed", "import.held", "import.previewed"),
    *("import.reverted", "import.timed_out"),
)
"""The types of events; newer services may have more."""


@dataclass(frozen=True, kw_only=True)
class Webhook(Model):
    """A URL that events are sent to."""

    id: str
    url: str = ""
    name: str | None = None
    events: tuple[str, ...] = ()
    """Types of events; empty for all."""
    auth_header: str | None = None
    status: str = ""
    reason: str | None = None
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    old_secret_until: datetime | None = None
    created_at: datetime | None = None
    secret: str | None = field(default=None, repr=False)
    """Shown once, where it was just made."""


@dataclass(frozen=True, kw_only=True)
class DeliveryAttempt(Model):
    """One attempt to deliver an event."""

    number: int = 0
    at: datetime | None = None
    duration_ms: int = 0
    status_code: int | None = None
    error: str | None = None
    response: str = ""


@dataclass(frozen=True, kw_only=True)
class Delivery(Model):
    """One event on its way to a webhook."""

    id: str
    webhook_id: str = ""
    event_id: str = ""
    event: str = ""
    status: str = ""
    attempts: tuple[DeliveryAttempt, ...] = ()
    next_try_at: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Event(Model):
    """That something has ended. It may come twice, under the same id, and in any order."""

    event_id: str
    type: str = ""
    object: str = ""
    id: str = ""
    tenant_id: str = ""
    resource: str = ""
    name: str | None = None
    attempt: int = 1
    status: str = ""
    reason: str | None = None
    stats: Mapping[str, int] = field(default_factory=dict)
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """None of an import that is held."""
    undo_of: str | None = None
    """The import that was taken back."""
    undo: Mapping[str, int] = field(default_factory=dict)
    """How many records were reversed, kept, failed and left unprocessed."""
