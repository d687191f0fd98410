"""What the core asks of its stores. Every promise stands here, and is tested against AWS emulation and memory alike.

The tenant is the first argument wherever data of a tenant is touched. Stores raise `Retryable` for throttling and lost
connections, after which the same call may succeed; everything else they answer with values.
"""

from dataclasses import dataclass

from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.stores.interfaces.access import IdempotencyRecords, Keys, RequestCounter, Tokens
from chalicelib.stores.interfaces.exports import (
    Exports,
    Schedules,
)
from chalicelib.stores.interfaces.files import Files, StoredFile
from chalicelib.stores.interfaces.imports import Imports, TaskResults
from chalicelib.stores.interfaces.jobs import ConcurrencySlots, Executions, JobStore
from chalicelib.stores.interfaces.listing import Counted, Listing
from chalicelib.stores.interfaces.records import RecordPage, Records
from chalicelib.stores.interfaces.webhooks import (
    Deliveries,
    DeliveryPage,
    DuePage,
    Events,
    HeldEndpoint,
    WebhookResponse,
    Webhooks,
    WebhookTransport,
)

__all__ = [
    "ConcurrencySlots",
    "Counted",
    "Deliveries",
    "DeliveryPage",
    "DuePage",
    "Events",
    "Executions",
    "Exports",
    "Files",
    "HeldEndpoint",
    "IdempotencyRecords",
    "Imports",
    "JobStore",
    "Keys",
    "Listing",
    "RecordPage",
    "Records",
    "RequestCounter",
    "Schedules",
    "StoredFile",
    "Stores",
    "TaskResults",
    "Tokens",
    "WebhookResponse",
    "WebhookTransport",
    "Webhooks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All stores, as they are handed to services and tasks."""

    imports: Imports
    results: TaskResults
    files: Files
    records: Records
    import_executions: Executions[Import]
    keys: Keys
    tokens: Tokens
    request_counter: RequestCounter
    exports: Exports
    export_executions: Executions[Export]
    schedules: Schedules
    events: Events
    webhooks: Webhooks
    deliveries: Deliveries
    webhook_transport: WebhookTransport
    slots: ConcurrencySlots
    idempotency_records: IdempotencyRecords
