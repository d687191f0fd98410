"""Tenants' records in the records table, as `stores.interfaces.Records` promises."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from uuid import uuid4

from chalicelib.errors import Retryable
from chalicelib.model.identity_keys import ids_by_key
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, Written, shard_of
from chalicelib.stores.dynamodb.answers import Item
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.record_items import RecordPartition, to_key
from chalicelib.stores.dynamodb.record_reads import RecordReads
from chalicelib.stores.dynamodb.record_writes import WaveContext, WriteWave, each_wave
from chalicelib.stores.dynamodb.statements import Statement, StatementText, inserted, number_value, text_value
from chalicelib.stores.interfaces import RecordPage
from chalicelib.stores.paging import SHARDS_AT_LEAST, PagePosition, from_cursor, shards_for, to_cursor

TOMBSTONES_PASSED = 500
"""One page of a listing passes over so many, at most: each takes a read, and a request has seconds."""


def random_token() -> str:
    """Returns a token that no other wave has."""
    return uuid4().hex[:16]


class DynamoDBRecords:
    """Keeps the promises of `stores.interfaces.Records`."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        *,
        wait: Callable[[float], None] = time.sleep,
        new_token: Callable[[], str] = random_token,
        shards_at_least: int = SHARDS_AT_LEAST,
    ) -> None:
        self._client = client
        self._table = table
        self._wait = wait
        self._new_token = new_token
        self._shards_at_least = shards_at_least
        self._fixed_shards: dict[RecordPartition, int] = {}

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        """Does what `Records.shard_count` promises."""
        return self._find_shards(tenant_id, resource) or self._shards_at_least

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        """Does what `Records.prepare` promises."""
        fixed = self._find_shards(tenant_id, resource)
        if fixed is not None:
            return fixed
        shards = shards_for(expected_rows, self._shards_at_least)
        if self._client.execute([self._fix_shards(tenant_id, resource, shards)]) == [True]:
            self._fixed_shards[RecordPartition(self._table, tenant_id, resource, 0)] = shards
        fixed = self._find_shards(tenant_id, resource)
        if fixed is None:
            raise Retryable(f"The shard count of {resource} has vanished while it was fixed.")
        return fixed

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        """Does what `Records.find_claims` promises."""
        wanted = list(dict.fromkeys(keys))
        named = ids_by_key(wanted)
        claimed = self._find_holders(tenant_id, resource, [key for key in wanted if key not in named], may_lag=may_lag)
        live = self._reads(tenant_id, resource).find_live_ids(named.values()) if named else set()
        return {**{key: record_id for key, record_id in named.items() if record_id in live}, **claimed}

    def _find_holders(
        self, tenant_id: TenantId, resource: str, keys: Sequence[str], *, may_lag: bool
    ) -> dict[str, RecordId]:
        """Claims lie under their keys alone; the number of shards, which whatever comes next asks for, comes along with
        the first of them that a process reads."""
        if not keys:
            return {}
        bare = RecordPartition(self._table, tenant_id, resource, 0)
        along = [] if bare in self._fixed_shards else [_shards_key(bare)]
        wanted = [*along, *(to_key(bare.claim_pk(key)) for key in keys)]
        items = self._client.get_many(self._table, wanted, may_lag=may_lag)
        for item in (one for one in items if "shards" in one):
            self._fixed_shards[bare] = int(item["shards"]["N"])
        claims = [bare.to_claim(one) for one in items if "shards" not in one]
        return {claim.key: claim.record_id for claim in claims}

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Does what `Records.find_matches` promises."""
        return self._reads(tenant_id, resource).find_matches(keys)

    def find_carriers(
        self, tenant_id: TenantId, resource: str, *, identities: Iterable[str], matches: Iterable[str]
    ) -> dict[str, tuple[RecordId, ...]]:
        """Does what `Records.find_carriers` promises."""
        return self._reads(tenant_id, resource).find_carriers([*dict.fromkeys(identities)], [*dict.fromkeys(matches)])

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        """Does what `Records.get_many` promises."""
        wanted = list(ids)
        stored = self._reads(tenant_id, resource).find_records(wanted) if wanted else {}
        return {record_id: one.record for record_id, one in stored.items()}

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Does what `Records.write_many` promises."""
        self.prepare(tenant_id, resource, expected_rows=0)
        partition = self._partition(tenant_id, resource)
        ended: list[Written | None] = []
        for wave in each_wave(writes):
            ended += WriteWave(
                self._client, partition, WaveContext(self._new_token(), now_ms, self._wait), wave
            ).perform()
        written = [one for one in ended if one is not None]
        if len(written) < len(ended):
            raise Retryable(f"{len(ended) - len(written)} writes want claims whose records may be about to be written.")
        return written

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        """Does what `Records.list_records` promises."""
        position = from_cursor(tenant_id, resource, cursor)
        partition = self._partition(tenant_id, resource)
        found: list[Record] = []
        passed = 0
        for one in self._each_stored(partition, position, limit + 1):
            is_over = passed == TOMBSTONES_PASSED if one.is_deleted else len(found) == limit
            if is_over:
                last = one if one.is_deleted else found[-1]
                end = PagePosition(shard_of(last.record_id, partition.shards), last.record_id)
                return RecordPage(tuple(found), to_cursor(tenant_id, resource, end), passed)
            if one.is_deleted:
                passed += 1
            else:
                found.append(one)
        return RecordPage(tuple(found), None, passed)

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        """Does what `Records.each_record` promises."""
        pages = self._reads(tenant_id, resource).each_page(PagePosition(shard, after))
        return (one.record for page in pages for one in page)

    def _each_stored(self, partition: RecordPartition, position: PagePosition, page_size: int) -> Iterator[Record]:
        reads = RecordReads(self._client, partition)
        positions = chain([position], (PagePosition(shard) for shard in range(position.shard + 1, partition.shards)))
        for each in positions:
            for page in reads.each_page(each, page_size=page_size):
                yield from (one.record for one in page)

    def _reads(self, tenant_id: TenantId, resource: str) -> RecordReads:
        return RecordReads(self._client, self._partition(tenant_id, resource))

    def _partition(self, tenant_id: TenantId, resource: str) -> RecordPartition:
        return RecordPartition(self._table, tenant_id, resource, self.shard_count(tenant_id, resource))

    def _find_shards(self, tenant_id: TenantId, resource: str) -> int | None:
        """Returns the fixed number of shards, or None; it is remembered once it is fixed, since it never
        changes again.
        """
        partition = RecordPartition(self._table, tenant_id, resource, 0)
        if partition not in self._fixed_shards:
            request = {"TableName": self._table, "Key": _shards_key(partition), "ConsistentRead": True}
            item = self._client.call("GetItem", request).get("Item")
            if item is None:
                return None
            self._fixed_shards[partition] = int(item["shards"]["N"])
        return self._fixed_shards[partition]

    def _fix_shards(self, tenant_id: TenantId, resource: str, shards: int) -> Statement:
        """Returns the statement that fixes the number of shards, on the condition that there is none yet."""
        key = _shards_key(RecordPartition(self._table, tenant_id, resource, 0))
        text = StatementText(inserted(f'INSERT INTO "{self._table}"', "pk", "sk", "shards"))
        return text.with_values(*(text_value(one["S"]) for one in key.values()), number_value(shards))


def _shards_key(partition: RecordPartition) -> Item:
    return to_key(f"SHARDS#{partition.tenant_id}#{partition.resource}")
