"""All stores on AWS, as the composition root hands them out.

Clients take time to make, since each reads the model of its service: each is made when its store is first used.
"""

from dataclasses import dataclass

from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.stores.clients import AwsSession, Session
from chalicelib.stores.dynamodb.access import DynamoDBKeys, DynamoDBRequestCounter, DynamoDBTokens
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpTransport, Transport
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
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from chalicelib.stores.dynamodb.schedules import DynamoDBSchedules
from chalicelib.stores.dynamodb.task_results import DynamoDBTaskResults
from chalicelib.stores.dynamodb.usage import DynamoDBUsage
from chalicelib.stores.dynamodb.webhooks import DynamoDBWebhooks
from chalicelib.stores.event_bus import EventBus
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.invocation import Invocation
from chalicelib.stores.paging import SHARDS_AT_LEAST, Clock
from chalicelib.stores.s3 import S3Files
from chalicelib.stores.step_functions import export_executions, import_executions
from chalicelib.stores.webhook_http import HttpWebhookTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsResources:
    """The names of what the stack created, and whether webhooks may call this machine."""

    stack: str
    """The name of the stack itself, which its events bear."""
    control_table: str
    records_table: str
    idempotency_table: str
    bucket: str
    machine_arn: str
    export_machine_arn: str
    event_bus: str = "default"
    dynamodb_url: str = ""
    """Where DynamoDB answers; empty where botocore is to find out."""
    record_shards: int = SHARDS_AT_LEAST
    """Over how many shards the records of a tenant's resource are spread at least."""
    allows_local_webhooks: bool = False


def stores_on_aws(resources: AwsResources, invocation: Invocation, *, clock: Clock, limits: Limits) -> Stores:
    """Returns stores with the credentials, the region and the endpoints that botocore finds. `invocation` is the call
    that the process serves.
    """
    session = AwsSession(invocation)
    client = DynamoDBClient(HttpTransport(session, resources.dynamodb_url, invocation), invocation)
    return _stores_of(session, client, resources, clock=clock, limits=limits)


def stores_over(
    session: Session,
    transport: Transport,
    resources: AwsResources,
    *,
    clock: Clock,
    limits: Limits = DEFAULT_LIMITS,
) -> Stores:
    """Returns stores over a session and a transport, for tests that bring their own. The limits say for how long they
    keep things.
    """
    return _stores_of(session, DynamoDBClient(transport), resources, clock=clock, limits=limits)


def _stores_of(
    session: Session, client: DynamoDBClient, resources: AwsResources, *, clock: Clock, limits: Limits
) -> Stores:
    control = ControlTable(resources.control_table, client, clock=clock)
    event_log = DynamoDBEventLog(control, clock=clock, kept_s=limits.event_log_s)
    return Stores(
        imports=DynamoDBImports(control, clock=clock, limits=limits, log=event_log),
        results=DynamoDBTaskResults(control, clock=clock),
        files=S3Files(session, resources.bucket),
        records=DynamoDBRecords(client, resources.records_table, shards_at_least=resources.record_shards),
        import_executions=import_executions(session, resources.machine_arn),
        import_profiles=DynamoDBImportProfiles(control),
        import_sessions=DynamoDBImportSessions(control),
        keys=DynamoDBKeys(control),
        tokens=DynamoDBTokens(control),
        request_counter=DynamoDBRequestCounter(control),
        exports=DynamoDBExports(control, clock=clock, limits=limits, log=event_log),
        export_executions=export_executions(session, resources.export_machine_arn),
        schedules=DynamoDBSchedules(control),
        events=EventBus(session, resources.event_bus, resources.stack),
        event_log=event_log,
        webhooks=DynamoDBWebhooks(control),
        deliveries=DynamoDBDeliveries(control),
        webhook_transport=HttpWebhookTransport(allows_local=resources.allows_local_webhooks),
        slots=DynamoDBConcurrencySlots(control),
        cursors=DynamoDBCursors(control),
        usage=DynamoDBUsage(control),
        idempotency_records=DynamoDBIdempotencyRecords(client, resources.idempotency_table),
    )
