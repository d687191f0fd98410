"""Our store's bulk write and page read, against DynamoDB on loopback."""

from bench.aws_session import new_session
from bench.contestant import RunRound
from bench.imports import TENANT
from bench.loopback import start
from bench.records import write_of
from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpTransport
from chalicelib.stores.dynamodb.connection import Trust, trust_of_botocore
from chalicelib.stores.dynamodb.records import DynamoDBRecords


def write(rows: int) -> RunRound:
    """Each record on its condition, and before it its claim on one identity: slices as an import writes them."""
    records = records_at(start())
    writes = [*map(write_of, range(rows))]

    def run_round() -> int:
        written = 0
        for begin in range(0, rows, WRITE_BATCH_ROWS):
            written += len(records.write_many(TENANT, "customers", writes[begin : begin + WRITE_BATCH_ROWS], now_ms=1))
        assert written == rows
        return written

    return run_round


def read(rows: int) -> RunRound:
    """All pages of one shard, as records."""
    records = records_at(start(rows))

    def run_round() -> int:
        found = sum(1 for one in records.each_record(TENANT, "customers", 0) if one.fields["customFields"])
        assert found == rows
        return found

    return run_round


def records_at(url: str, trust: Trust = trust_of_botocore) -> DynamoDBRecords:
    """Returns the store of records whose DynamoDB answers at this URL."""
    return DynamoDBRecords(DynamoDBClient(HttpTransport(new_session(), url, trust=trust)), "records")
