"""Stores that live in memory and keep the promises of `stores.interfaces`: for tests, benchmarks and dry runs.

What comes in and what goes out is copied, so that no caller shares an object with a store; a lock makes every call
atomic, so that threads may race as tasks do.
"""

import time

from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory.access import MemoryIdempotencyRecords, MemoryKeys, MemoryRequestCounter, MemoryTokens
from chalicelib.stores.memory.concurrency import MemoryConcurrencySlots
from chalicelib.stores.memory.cursors import MemoryCursors
from chalicelib.stores.memory.event_log import MemoryEventLog
from chalicelib.stores.memory.exports import MemoryExports
from chalicelib.stores.memory.files import MemoryFiles
from chalicelib.stores.memory.import_profiles import MemoryImportProfiles
from chalicelib.stores.memory.import_sessions import MemoryImportSessions
from chalicelib.stores.memory.imports import MemoryImports, MemoryTaskResults
from chalicelib.stores.memory.machine import MemoryExportExecutions, MemoryImportExecutions
from chalicelib.stores.memory.records import MemoryRecords
from chalicelib.stores.memory.schedules import MemorySchedules
from chalicelib.stores.memory.usage import MemoryUsage
from chalicelib.stores.memory.webhooks import MemoryDeliveries, MemoryEvents, MemoryWebhooks, MemoryWebhookTransport
from chalicelib.stores.paging import Clock

__all__ = [
    "MemoryConcurrencySlots",
    "MemoryCursors",
    "MemoryDeliveries",
    "MemoryEventLog",
    "MemoryEvents",
    "MemoryExportExecutions",
    "MemoryExports",
    "MemoryFiles",
    "MemoryIdempotencyRecords",
    "MemoryImportExecutions",
    "MemoryImportProfiles",
    "MemoryImportSessions",
    "MemoryImports",
    "MemoryKeys",
    "MemoryRecords",
    "MemoryRequestCounter",
    "MemorySchedules",
    "MemoryTaskResults",
    "MemoryTokens",
    "MemoryUsage",
    "MemoryWebhookTransport",
    "MemoryWebhooks",
    "stores",
]


def stores(*, clock: Clock = time.time, limits: Limits = DEFAULT_LIMITS) -> Stores:
    """Returns a new set of empty stores. The limits say for how long they keep things."""
    event_log, usage = MemoryEventLog(clock=clock, kept_s=limits.event_log_s), MemoryUsage()
    return Stores(
        imports=MemoryImports(clock=clock, limits=limits, log=event_log, usage=usage),
        results=MemoryTaskResults(),
        files=MemoryFiles(clock=clock),
        records=MemoryRecords(),
        import_executions=MemoryImportExecutions(),
        import_profiles=MemoryImportProfiles(),
        import_sessions=MemoryImportSessions(),
        keys=MemoryKeys(),
        tokens=MemoryTokens(),
        request_counter=MemoryRequestCounter(),
        exports=MemoryExports(clock=clock, limits=limits, log=event_log, usage=usage),
        export_executions=MemoryExportExecutions(),
        schedules=MemorySchedules(),
        events=MemoryEvents(),
        event_log=event_log,
        webhooks=MemoryWebhooks(),
        deliveries=MemoryDeliveries(),
        webhook_transport=MemoryWebhookTransport(),
        slots=MemoryConcurrencySlots(),
        idempotency_records=MemoryIdempotencyRecords(),
        cursors=MemoryCursors(),
        usage=usage,
    )
