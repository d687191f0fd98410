"""Every store on DynamoDB, over tables in memory that evaluate real conditions; files and machines lie in memory.

In comes a clock; out go stores that share one transport (`request_faults.py`), on which any request may go wrong.
"""

from dataclasses import dataclass, replace

from chalicelib.model.imports import FINAL
from chalicelib.stores import memory
from chalicelib.stores.dynamodb.access import DynamoDBKeys, DynamoDBRequestCounter, DynamoDBTokens
from chalicelib.stores.dynamodb.answers import Item
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.concurrency import DynamoDBConcurrencySlots
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.cursors import DynamoDBCursors
from chalicelib.stores.dynamodb.deliveries import DynamoDBDeliveries
from chalicelib.stores.dynamodb.event_log import DynamoDBEventLog
from chalicelib.stores.dynamodb.exports import DynamoDBExports
from chalicelib.stores.dynamodb.idempotency import DynamoDBIdempotencyRecords
from chalicelib.stores.dynamodb.import_profiles import DynamoDBImportProfiles
from chalicelib.stores.dynamodb.import_sessions import DynamoDBImportSessions
from chalicelib.stores.dynamodb.imports import DynamoDBImports
from chalicelib.stores.dynamodb.schedules import DynamoDBSchedules
from chalicelib.stores.dynamodb.task_results import DynamoDBTaskResults
from chalicelib.stores.dynamodb.usage import DynamoDBUsage
from chalicelib.stores.dynamodb.webhooks import DynamoDBWebhooks
from chalicelib.stores.interfaces import Records, Stores
from chalicelib.stores.paging import Clock
from tests.faults.request_faults import TableRecords, UnreliableTransport
from tests.faults.simulated_import import StoreFactories

CONTROL, IDEMPOTENCY = "control", "idempotency"


@dataclass(frozen=True, kw_only=True)
class TableStores(StoreFactories):
    """Makes the stores of one simulation over tables of its own, and counts the final statuses that are set there."""

    def make(self, clock: Clock) -> tuple[Stores, list[str]]:
        """Returns the stores, and the final statuses that imports are given from now on."""
        records, ends = TableRecords(), []

        def note(before: Item | None, after: Item | None) -> None:
            status = _status_of(after)
            if status in FINAL and _status_of(before) != status and (after or {})["pk"]["S"].startswith("IMPORT#"):
                ends.append(status)

        records.transport.tables.table(CONTROL).watch_items = note
        return over_tables(memory.stores(clock=clock), records.client, records, clock), ends


def over_tables(stores: Stores, client: DynamoDBClient, records: Records, clock: Clock) -> Stores:
    """Returns stores whose every item lies in DynamoDB."""
    control = ControlTable(CONTROL, client, clock=clock)
    event_log = DynamoDBEventLog(control, clock=clock)
    return replace(
        stores,
        records=records,
        imports=DynamoDBImports(control, clock=clock, log=event_log),
        import_profiles=DynamoDBImportProfiles(control),
        import_sessions=DynamoDBImportSessions(control),
        cursors=DynamoDBCursors(control),
        results=DynamoDBTaskResults(control, clock=clock),
        keys=DynamoDBKeys(control),
        tokens=DynamoDBTokens(control),
        request_counter=DynamoDBRequestCounter(control),
        exports=DynamoDBExports(control, clock=clock, log=event_log),
        usage=DynamoDBUsage(control),
        event_log=event_log,
        schedules=DynamoDBSchedules(control),
        webhooks=DynamoDBWebhooks(control),
        deliveries=DynamoDBDeliveries(control),
        slots=DynamoDBConcurrencySlots(control),
        idempotency_records=DynamoDBIdempotencyRecords(client, IDEMPOTENCY),
    )


def transport_under(stores: Stores) -> UnreliableTransport:
    """Returns the transport on which requests go wrong."""
    assert isinstance(stores.records, TableRecords)
    return stores.records.transport


def control_requests(transport: UnreliableTransport) -> list[int]:
    """Returns the numbers of the requests to the control table."""
    return [number for number, (_, content) in enumerate(transport.operations) if f'"{CONTROL}"'.encode() in content]


def _status_of(item: Item | None) -> str | None:
    return item["status"]["S"] if item and "status" in item else None
