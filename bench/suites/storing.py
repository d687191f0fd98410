"""Our DynamoDB client beside boto3, against a loopback that does nothing, so that the client's CPU is what counts."""

from bench.figures import Figure, at_least
from bench.race import Report, Side, race
from bench.sizes import Size
from bench.suites.importing import OURS, compared

WRITE = "conditional bulk write, record and claim"
READ = "page read, as records"
LOOP, BATCHES = "boto3 put_item, conditional", "boto3 batch_writer, no conditions"
CLIENT, RESOURCE = "boto3 client", "boto3 resource"


def measure_writes(size: Size, report: Report) -> list[Figure]:
    sides = [
        Side(OURS, "bench.ours.storing:write", size.rows // 2),
        Side(LOOP, "bench.peers.boto3_loops:put", size.rows // 40),
        Side(BATCHES, "bench.peers.boto3_loops:put_batches", size.rows // 10),
    ]
    found = race(sides, size.rounds, report)
    return [compared(WRITE, found, LOOP, at_least(40)), compared(WRITE, found, BATCHES, at_least(8))]


def measure_reads(size: Size, report: Report) -> list[Figure]:
    sides = [
        Side(OURS, "bench.ours.storing:read", size.rows),
        Side(CLIENT, "bench.peers.boto3_loops:query_client", size.rows // 4),
        Side(RESOURCE, "bench.peers.boto3_loops:query_resource", size.rows // 4),
    ]
    found = race(sides, size.rounds, report)
    return [compared(READ, found, CLIENT, at_least(8)), compared(READ, found, RESOURCE, at_least(8))]
