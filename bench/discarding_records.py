"""A record store that discards what an import writes to one resource, so that what is measured is the import alone.

It fits imports in which every row means a new record; the records of all other resources are kept in memory.
"""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, WriteStatus, Written
from chalicelib.stores.interfaces import RecordPage
from chalicelib.stores.memory import MemoryRecords

DONE = Written(WriteStatus.WRITTEN)


class DiscardingRecords:
    """A `stores.interfaces.Records` that keeps all records but those of the resource `discarded`."""

    def __init__(self, discarded: str) -> None:
        self._discarded = discarded
        self._kept = MemoryRecords()
        self.written = 0
        """The number of writes that were discarded."""

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        return self._kept.shard_count(tenant_id, resource)

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        return self._kept.prepare(tenant_id, resource, expected_rows=expected_rows)

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        return self._kept.find_claims(tenant_id, resource, keys)

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        return self._kept.find_matches(tenant_id, resource, keys)

    def find_carriers(
        self, tenant_id: TenantId, resource: str, *, identities: Iterable[str], matches: Iterable[str]
    ) -> dict[str, tuple[RecordId, ...]]:
        return self._kept.find_carriers(tenant_id, resource, identities=identities, matches=matches)

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        return self._kept.get_many(tenant_id, resource, ids)

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        if resource != self._discarded:
            return self._kept.write_many(tenant_id, resource, writes, now_ms=now_ms)
        self.written += len(writes)
        return [DONE] * len(writes)

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        return self._kept.list_records(tenant_id, resource, limit=limit, cursor=cursor)

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        return self._kept.each_record(tenant_id, resource, shard, after=after)
