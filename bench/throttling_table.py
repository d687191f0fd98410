"""A table in memory that takes only so many units a second, and answers after a time, as DynamoDB does on AWS.

The table has a rate for writes and one for reads, and every shard of records those of a partition: a key that is asked
for much gets a partition of its own, and a claim is asked for once or twice. What is asked beyond is throttled,
statement by statement and key by key. The buckets hold one second; the five minutes of unused capacity that AWS may add
are left out.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from bench.prices import units
from chalicelib.stores.dynamodb.client_http import HttpResponse
from tests.faults.fake_table import THROTTLED, FakeTables

PARTITION_WRITES, PARTITION_READS = 1_000.0, 3_000.0
"""Units a second of one partition (AWS)."""
LATENCY_S = 0.01
SPREAD = (0.7, 1.6)
STATEMENT_S = 1 / 9_000
"""What a statement costs on the CPU of its function."""


class Bucket:
    """A token bucket that holds the units of one second, and is full at first."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._tokens = per_s
        self._filled_at = 0.0

    def has(self, wanted: float, now: float) -> bool:
        """Fills up, and returns whether there are as many units."""
        self._tokens = min(self._per_s, self._tokens + (now - self._filled_at) * self._per_s)
        self._filled_at = now
        return self._tokens >= wanted

    def take(self, wanted: float) -> None:
        """Takes units that are there."""
        self._tokens -= wanted


class Capacity:
    """The units of one kind that a table and its partitions take."""

    def __init__(self, per_s: float, partition_per_s: float) -> None:
        self._table = Bucket(per_s)
        self._partition_per_s = partition_per_s
        self._partitions: dict[str, Bucket] = {}
        self.taken = 0.0
        self.throttled = 0

    def take(self, pk: str, wanted: float, now: float) -> bool:
        """Takes units of the table and of the partition, or none of either."""
        buckets = [self._table]
        if pk.startswith("REC#"):
            buckets.append(self._partitions.setdefault(pk, Bucket(self._partition_per_s)))
        if not all(bucket.has(wanted, now) for bucket in buckets):
            self.throttled += 1
            return False
        for bucket in buckets:
            bucket.take(wanted)
        self.taken += wanted
        return True


@dataclass(frozen=True, slots=True)
class TableRates:
    """Units a second."""

    writes: float
    reads: float


class ThrottlingTable(FakeTables):
    """A `Transport`: `sleep` lets the time of an answer pass, `now` says what time it is."""

    def __init__(
        self, rates: TableRates, now: Callable[[], float], sleep: Callable[[float], None], random: Random
    ) -> None:
        super().__init__()
        self.writes = Capacity(rates.writes, PARTITION_WRITES)
        self.reads = Capacity(rates.reads, PARTITION_READS)
        self.statements = 0
        self._now = now
        self._sleep = sleep
        self._random = random

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Answers like the table beneath, later, and throttles."""
        request = orjson.loads(content)
        self._sleep(len(request.get("Statements", ())) * STATEMENT_S + LATENCY_S * self._random.uniform(*SPREAD))
        if operation == "Query" and not self._takes_query(request):
            return HttpResponse(400, b'{"__type": "com.amazonaws.dynamodb#ThrottlingException"}')
        if operation == "BatchGetItem":
            return self._get_some(request)
        return super().send(operation, content)

    def perform(self, statement: Any) -> dict[str, Any]:
        """Performs a statement where there are units for it."""
        self.statements += 1
        wanted = units(sum(len(orjson.dumps(one)) for one in statement["Parameters"]), 1024)
        if not self.writes.take(_pk_of(statement), wanted, self._now()):
            return {"Error": {"Code": THROTTLED}}
        return super().perform(statement)

    def _takes_query(self, request: Any) -> bool:
        return self.reads.take(request["ExpressionAttributeValues"][":pk"]["S"], 1, self._now())

    def _get_some(self, request: Any) -> HttpResponse:
        ((name, requested),) = request["RequestItems"].items()
        got: list[Any] = []
        left: list[Any] = []
        wanted = 1.0 if requested["ConsistentRead"] else 0.5
        for key in requested["Keys"]:
            (got if self.reads.take(key["pk"]["S"], wanted, self._now()) else left).append(key)
        answer: dict[str, Any] = {"Responses": {name: self.table(name).get_many(got)}}
        if left:
            answer["UnprocessedKeys"] = {name: {**requested, "Keys": left}}
        return HttpResponse(200, orjson.dumps(answer))


def _pk_of(statement: Any) -> str:
    """Partition keys begin with the kind of their item: an update has values that it sets before them."""
    texts = (one["S"] for one in statement["Parameters"] if "S" in one)
    return next((text for text in texts if text.startswith(("REC#", "CLAIM#", "MATCH#", "SHARDS#"))), "")
