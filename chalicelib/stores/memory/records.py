"""Records, claims and match keys in memory.

Every write is atomic under one lock, so that no claim is ever astray. Fields are kept as JSON text: that is the
cheapest deep copy, and what is not plain JSON shows at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import RLock

import orjson

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, WriteStatus, Written, shard_of
from chalicelib.stores.interfaces import RecordPage
from chalicelib.stores.listing import SHARDS_AT_LEAST, Position, from_cursor, shards_for, to_cursor

_WRITTEN = Written(WriteStatus.WRITTEN)


@dataclass(slots=True)
class _Stored:
    record: Record
    """Without its fields; nobody else has it."""
    fields_json: str

    def copy(self) -> Record:
        kept = self.record
        return Record(
            record_id=kept.record_id,
            fields=orjson.loads(self.fields_json),
            version=kept.version,
            created_at=kept.created_at,
            updated_at=kept.updated_at,
            claims=kept.claims,
            match_keys=kept.match_keys,
            stamps=kept.stamps,
            is_deleted=kept.is_deleted,
        )


@dataclass(slots=True)
class _Shelf:
    """One tenant's records of one resource."""

    shards: int | None = None
    records: dict[RecordId, _Stored] = field(default_factory=dict)
    ids: dict[int, list[RecordId]] | None = None
    """Of all records, sorted, by shard; None where records have come since anybody asked for them by shard."""
    claims: dict[str, RecordId] = field(default_factory=dict)
    matches: dict[str, dict[RecordId, None]] = field(default_factory=dict)

    def write(self, write: Write, now_ms: int) -> Written:
        stored = self.records.get(write.record_id)
        current = stored.record if stored else None
        if current and current.find_stamp(write.stamp.import_id, write.stamp.row_number):
            return _WRITTEN
        if not _is_as_read(current, write):
            return Written(WriteStatus.STALE)
        after = write.after(now_ms)
        for key in after.claims:
            if self.claims.get(key, after.record_id) != after.record_id:
                return Written(WriteStatus.TAKEN, key, self.claims[key])
        self._replace(current, after, write.document())
        return _WRITTEN

    def _replace(self, current: Record | None, after: Record, fields_json: str) -> None:
        record_id = after.record_id
        if current:
            self._forget(current)
        for key in after.claims:
            self.claims[key] = record_id
        for key in after.match_keys:
            self.matches.setdefault(key, {})[record_id] = None
        after.fields = {}
        self.records[record_id] = _Stored(after, fields_json)
        self.ids = None if current is None else self.ids

    def _forget(self, record: Record) -> None:
        for key in record.claims:
            del self.claims[key]
        for key in record.match_keys:
            del self.matches[key][record.record_id]

    def find_claim(self, key: str) -> RecordId | None:
        if not key.startswith("id:"):
            return self.claims.get(key)
        stored = self.records.get(RecordId(key[3:]))
        return stored.record.record_id if stored and not stored.record.is_deleted else None

    def each_in_order(self, position: Position) -> Iterator[tuple[int, RecordId]]:
        """Tombstones left out."""
        for shard in range(position.shard, self.shards or SHARDS_AT_LEAST):
            after = position.after if shard == position.shard else ""
            ids = [one for one in self.ids_of(shard) if one > after]
            yield from ((shard, one) for one in ids if not self.records[one].record.is_deleted)

    def ids_of(self, shard: int) -> list[RecordId]:
        if self.ids is None:
            self.ids = {}
            for record_id in sorted(self.records):
                self.ids.setdefault(shard_of(record_id, self.shards or SHARDS_AT_LEAST), []).append(record_id)
        return self.ids.get(shard, [])


class MemoryRecords:
    """Keeps `stores.interfaces.Records`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._shelves: dict[tuple[TenantId, str], _Shelf] = {}

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        with self._lock:
            return self._shelf(tenant_id, resource).shards or SHARDS_AT_LEAST

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        with self._lock:
            shelf = self._shelf(tenant_id, resource)
            shelf.shards = shelf.shards or shards_for(expected_rows)
            return shelf.shards

    def find_claims(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, RecordId]:
        with self._lock:
            shelf = self._shelf(tenant_id, resource)
            found = ((key, shelf.find_claim(key)) for key in keys)
            return {key: holder for key, holder in found if holder is not None}

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        with self._lock:
            matches = self._shelf(tenant_id, resource).matches
            found = {key: tuple(sorted(matches.get(key, ()))) for key in keys}
        return {key: ids for key, ids in found.items() if ids}

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        with self._lock:
            records = self._shelf(tenant_id, resource).records
            return {one: records[one].copy() for one in ids if one in records}

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        self.prepare(tenant_id, resource, expected_rows=0)
        with self._lock:
            shelf = self._shelf(tenant_id, resource)
            return [shelf.write(write, now_ms) for write in writes]

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        position = from_cursor(tenant_id, resource, cursor)
        with self._lock:
            shelf = self._shelf(tenant_id, resource)
            places = list(islice(shelf.each_in_order(position), limit + 1))
            records = tuple(shelf.records[record_id].copy() for _, record_id in places[:limit])
        is_more = len(places) > limit
        return RecordPage(records, to_cursor(tenant_id, resource, Position(*places[limit - 1])) if is_more else None)

    def each_record(self, tenant_id: TenantId, resource: str, shard: int) -> Iterator[Record]:
        with self._lock:
            shelf = self._shelf(tenant_id, resource)
            ids = shelf.ids_of(shard)
        for record_id in ids:
            with self._lock:
                stored = shelf.records[record_id]
            yield stored.copy()

    def _shelf(self, tenant_id: TenantId, resource: str) -> _Shelf:
        return self._shelves.setdefault((tenant_id, resource), _Shelf())


def _is_as_read(current: Record | None, write: Write) -> bool:
    """Where nothing is, there is nothing to delete either."""
    if current is None or write.before is None:
        return current is write.before and not write.is_deletion
    return current.version == write.before.version
