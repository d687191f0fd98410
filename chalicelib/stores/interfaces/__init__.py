"""What the core asks of its stores. Every promise stands here, and is tested against AWS emulation and memory alike.

The tenant is the first argument wherever data of a tenant is touched. Stores raise `Retryable` for throttling and lost
connections, after which the same call may succeed; everything else they answer with values.
"""

from dataclasses import dataclass

from chalicelib.model.exports import Export
from chalicelib.stores.interfaces.access import IdempotencyRecords, Keys, RequestCounter, Tokens
from chalicelib.stores.interfaces.cursors import Cursors
from chalicelib.stores.interfaces.exports import (
    Exports,
    Schedules,
)
from chalicelib.stores.interfaces.files import (
    FileRange,
    Files,
    StoredFile,
    StoredPart,
    StoredVersion,
    VersionMarker,
    VersionPage,
)
from chalicelib.stores.interfaces.import_profiles import ImportProfiles
from chalicelib.stores.interfaces.import_sessions import ImportSessions
from chalicelib.stores.interfaces.imports import Imports, TaskResults
from chalicelib.stores.interfaces.jobs import (
    ConcurrencySlots,
    Executions,
    ExecutionStatus,
    ImportExecutions,
    JobStore,
    MonthlyUsage,
)
from chalicelib.stores.interfaces.listing import Counted, Listing
from chalicelib.stores.interfaces.records import RecordPage, Records
from chalicelib.stores.interfaces.webhooks import (
    Deliveries,
    DeliveryPage,
    DuePage,
    EventLog,
    Events,
    HeldEndpoint,
    LoggedEvent,
    WebhookResponse,
    Webhooks,
    WebhookTransport,
)

__all__ = [
    "ConcurrencySlots",
    "Counted",
    "Cursors",
    "Deliveries",
    "DeliveryPage",
    "DuePage",
    "EventLog",
    "Events",
    "ExecutionStatus",
    "Executions",
    "Exports",
    "FileRange",
    "Files",
    "HeldEndpoint",
    "IdempotencyRecords",
    "ImportExecutions",
    "ImportProfiles",
    "ImportSessions",
    "Imports",
    "JobStore",
    "Keys",
    "Listing",
    "LoggedEvent",
    "MonthlyUsage",
    "RecordPage",
    "Records",
    "RequestCounter",
    "Schedules",
    "StoredFile",
    "StoredPart",
    "StoredVersion",
    "Stores",
    "TaskResults",
    "Tokens",
    "VersionMarker",
    "VersionPage",
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
    import_executions: ImportExecutions
    import_profiles: ImportProfiles
    import_sessions: ImportSessions
    keys: Keys
    tokens: Tokens
    request_counter: RequestCounter
    exports: Exports
    export_executions: Executions[Export]
    schedules: Schedules
    events: Events
    event_log: EventLog
    webhooks: Webhooks
    deliveries: Deliveries
    webhook_transport: WebhookTransport
    slots: ConcurrencySlots
    idempotency_records: IdempotencyRecords
    cursors: Cursors
    usage: MonthlyUsage
