"""Records, claims and match keys in memory.

Every write is atomic under one lock, so that no claim is ever astray. Fields are kept as JSON text: that is the
cheapest deep copy, and what is not plain JSON shows at once.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from threading import RLock

import orjson

from chalicelib.model.identity_keys import ids_by_key
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, WriteStatus, Written, shard_of
from chalicelib.model.rows import Fields
from chalicelib.stores.interfaces import RecordPage
from chalicelib.stores.paging import SHARDS_AT_LEAST, PagePosition, from_cursor, shards_for, to_cursor

_WRITTEN = Written(WriteStatus.WRITTEN)


_Stored = tuple[Record, str]
"""A record without its fields, which no caller has, and its fields as JSON."""

_KEPT_AS_JSON: Fields = {}
"""Stands for fields that are kept as JSON."""


@dataclass(slots=True)
class _Partition:
    """One tenant's records of one resource."""

    shards_at_least: int
    shards: int | None = None
    records: dict[RecordId, _Stored] = field(default_factory=dict)
    ids: dict[int, list[RecordId]] | None = None
    """Of all records, sorted, by shard; None if records were added since they were last read by shard."""
    claims: dict[str, RecordId] = field(default_factory=dict)
    matches: dict[str, dict[RecordId, None]] = field(default_factory=dict)

    @property
    def shard_count(self) -> int:
        return self.shards or self.shards_at_least

    def write(self, write: Write, now_ms: int) -> Written:
        stored = self.records.get(write.record_id)
        current = stored[0] if stored else None
        stamp = write.stamp
        if current and (write.is_repeat or current.find_stamp(stamp.import_id, stamp.row_number, stamp.step)):
            return _WRITTEN
        after = write.after(now_ms)
        if after.version != (current.version if current else 0) + 1 or (after.is_deleted and not current):
            return Written(WriteStatus.STALE)
        for key in after.claims:
            if self.claims.get(key, after.record_id) != after.record_id:
                return Written(WriteStatus.TAKEN, key, self.claims[key])
        self._replace(current, after, write.document())
        return _WRITTEN

    def _replace(self, current: Record | None, after: Record, document: str) -> None:
        record_id = after.record_id
        if current:
            self._forget(current)
        else:
            self.ids = None
        for key in after.claims:
            self.claims[key] = record_id
        for key in after.match_keys:
            self.matches.setdefault(key, {})[record_id] = None
        after.fields = _KEPT_AS_JSON
        self.records[record_id] = after, document

    def _forget(self, record: Record) -> None:
        for key in record.claims:
            del self.claims[key]
        for key in record.match_keys:
            del self.matches[key][record.record_id]

    def find_claims(self, keys: Set[str]) -> dict[str, RecordId]:
        held = {key: self.claims[key] for key in keys & self.claims.keys()}
        return held | {key: one for key, one in ids_by_key(keys).items() if self.is_live(one)}

    def is_live(self, record_id: RecordId) -> bool:
        stored = self.records.get(record_id)
        return stored is not None and not stored[0].is_deleted

    def each_in_order(self, position: PagePosition) -> Iterator[tuple[int, RecordId]]:
        """Yields shard and id of the records behind a position, shard by shard and in order, without tombstones."""
        for shard in range(position.shard, self.shard_count):
            after = position.after if shard == position.shard else ""
            ids = [one for one in self.ids_of(shard) if one > after]
            yield from ((shard, one) for one in ids if self.is_live(one))

    def ids_of(self, shard: int) -> list[RecordId]:
        if self.ids is None:
            self.ids = {}
            for record_id in sorted(self.records):
                self.ids.setdefault(shard_of(record_id, self.shard_count), []).append(record_id)
        return self.ids.get(shard, [])


class MemoryRecords:
    """Keeps the promises of `stores.interfaces.Records`."""

    def __init__(self, *, shards_at_least: int = SHARDS_AT_LEAST) -> None:
        self._lock = RLock()
        self._shards_at_least = shards_at_least
        self._partitions: dict[tuple[TenantId, str], _Partition] = {}

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        """Does what `Records.shard_count` promises."""
        with self._lock:
            return self._partition(tenant_id, resource).shard_count

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        """Does what `Records.prepare` promises."""
        with self._lock:
            partition = self._partition(tenant_id, resource)
            partition.shards = partition.shards or shards_for(expected_rows, self._shards_at_least)
            return partition.shards

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        """Does what `Records.find_claims` promises."""
        with self._lock:
            return self._partition(tenant_id, resource).find_claims({*keys})

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Does what `Records.find_matches` promises."""
        with self._lock:
            matches = self._partition(tenant_id, resource).matches
            found = {key: tuple(sorted(matches.get(key, ()))) for key in keys}
        return {key: ids for key, ids in found.items() if ids}

    def find_carriers(
        self, tenant_id: TenantId, resource: str, *, identities: Iterable[str], matches: Iterable[str]
    ) -> dict[str, tuple[RecordId, ...]]:
        """Does what `Records.find_carriers` promises."""
        held = {key: (one,) for key, one in self.find_claims(tenant_id, resource, identities).items()}
        return {**self.find_matches(tenant_id, resource, matches), **held}

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        """Does what `Records.get_many` promises."""
        with self._lock:
            records = self._partition(tenant_id, resource).records
            return {one: _copy(*records[one]) for one in ids if one in records}

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Does what `Records.write_many` promises."""
        self.prepare(tenant_id, resource, expected_rows=0)
        with self._lock:
            partition = self._partition(tenant_id, resource)
            return [partition.write(write, now_ms) for write in writes]

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        """Does what `Records.list_records` promises."""
        position = from_cursor(tenant_id, resource, cursor)
        with self._lock:
            partition = self._partition(tenant_id, resource)
            found = list(islice(partition.each_in_order(position), limit + 1))
            records = tuple(_copy(*partition.records[record_id]) for _, record_id in found[:limit])
        is_more = len(found) > limit
        return RecordPage(records, to_cursor(tenant_id, resource, PagePosition(*found[limit - 1])) if is_more else None)

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        """Does what `Records.each_record` promises."""
        with self._lock:
            partition = self._partition(tenant_id, resource)
            ids = [one for one in partition.ids_of(shard) if one > after] if after else partition.ids_of(shard)
        for record_id in ids:
            with self._lock:
                stored = partition.records[record_id]
            yield _copy(*stored)

    def _partition(self, tenant_id: TenantId, resource: str) -> _Partition:
        return self._partitions.setdefault((tenant_id, resource), _Partition(self._shards_at_least))


def _copy(kept: Record, document: str) -> Record:
    return Record(
        kept.record_id,
        orjson.loads(document),
        kept.version,
        kept.created_at,
        kept.updated_at,
        kept.claims,
        kept.match_keys,
        kept.stamps,
        kept.is_deleted,
        kept.origin,
    )
