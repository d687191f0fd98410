"""Records as a rehearsal sees them: reads find what is stored, and what the rehearsal itself would have written; a
write is judged by the conditions that a store would put to it, and goes nowhere.

In come the stores of a task, out go the same stores with such records in place of the real ones. So processing and
cleanup decide in a rehearsal what they decide otherwise, and no task of one can write a record, a claim or a match key.
What other tasks rehearse is not seen: nothing in a source reaches across batches but what earlier phases have found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import orjson

from chalicelib.model.identity_keys import ID_PREFIX
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, WriteStatus, Written
from chalicelib.stores.interfaces import RecordPage, Records, Stores

_WRITTEN = Written(WriteStatus.WRITTEN)

_Rehearsed = tuple[Record, str]
"""A record without its fields, and its fields as JSON: a batch of them takes a fifth of the memory."""


def rehearsing(stores: Stores) -> Stores:
    """Returns the stores with records that are read only; as they are, where these are already."""
    if isinstance(stores.records, RehearsedRecords):
        return stores
    return replace(stores, records=RehearsedRecords(stores.records))


@dataclass(slots=True)
class _Changes:
    """What a rehearsal would have changed of one tenant's records of a resource."""

    records: dict[RecordId, _Rehearsed] = field(default_factory=dict)
    claims: dict[str, RecordId | None] = field(default_factory=dict)
    """Who would hold a claim; None where it would have been let go of."""

    def write(self, write: Write, now_ms: int) -> None:
        """Notes what a write would have left."""
        after = write.after(now_ms)
        for key in write.before.claims if write.before else ():
            self.claims[key] = None
        for key in after.claims:
            self.claims[key] = after.record_id
        self.records[after.record_id] = replace(after, fields={}), write.document()

    def find(self, record_id: RecordId) -> Record | None:
        """Returns a record that would have been written; None for any other."""
        found = self.records.get(record_id)
        return replace(found[0], fields=orjson.loads(found[1])) if found else None

    def holder_of(self, key: str, stored: RecordId | None) -> RecordId | None:
        """Returns who would hold a claim, given who holds it in the store."""
        if not key.startswith(ID_PREFIX):
            return self.claims.get(key, stored)
        found = self.records.get(RecordId(key.removeprefix(ID_PREFIX)))
        return stored if found is None else None if found[0].is_deleted else found[0].record_id


class RehearsedRecords:
    """Keeps the promises of `stores.interfaces.Records` to one task that rehearses, and writes nothing."""

    def __init__(self, records: Records) -> None:
        self._stored = records
        self._changes: dict[tuple[TenantId, str], _Changes] = {}

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        """Does what `Records.shard_count` promises."""
        return self._stored.shard_count(tenant_id, resource)

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        """Returns the number of shards as it is: a rehearsal fixes none."""
        return self._stored.shard_count(tenant_id, resource)

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        """Does what `Records.find_claims` promises."""
        wanted, changes = {*keys}, self._changes_of(tenant_id, resource)
        stored = self._stored.find_claims(tenant_id, resource, wanted)
        holders = {key: changes.holder_of(key, stored.get(key)) for key in wanted}
        return {key: one for key, one in holders.items() if one is not None}

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Returns which stored records carry each match key: no phase behind a rehearsal's first write asks for it."""
        return self._stored.find_matches(tenant_id, resource, keys)

    def find_carriers(
        self, tenant_id: TenantId, resource: str, *, identities: Iterable[str], matches: Iterable[str]
    ) -> dict[str, tuple[RecordId, ...]]:
        """Returns which stored records carry each key, as `find_matches` does."""
        return self._stored.find_carriers(tenant_id, resource, identities=identities, matches=matches)

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        """Does what `Records.get_many` promises."""
        wanted, changes = {*ids}, self._changes_of(tenant_id, resource)
        rehearsed = {one: record for one in wanted if (record := changes.find(one)) is not None}
        rest = wanted - rehearsed.keys()
        return (self._stored.get_many(tenant_id, resource, rest) if rest else {}) | rehearsed

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Returns how each write would end if it were performed after those before it."""
        changes, holders = self._changes_of(tenant_id, resource), self._find_holders(tenant_id, resource, writes)
        written: list[Written] = []
        for write in writes:
            written.append(_judge(write, changes, holders))
            if written[-1].status is WriteStatus.WRITTEN:
                changes.write(write, now_ms)
        return written

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        """Returns a page of the stored records."""
        return self._stored.list_records(tenant_id, resource, limit=limit, cursor=cursor)

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        """Yields the stored records of a shard: those that rows would have written are named, and no cleanup asks for
        them.
        """
        return self._stored.each_record(tenant_id, resource, shard, after=after)

    def _find_holders(self, tenant_id: TenantId, resource: str, writes: Sequence[Write]) -> dict[str, RecordId]:
        """Who holds the claims in the store that writes would take, without those whose record does not carry them: a
        store takes them over."""
        wanted = {key for write in writes for key in _new_claims(write)}
        found = self._stored.find_claims(tenant_id, resource, wanted) if wanted else {}
        records = self._stored.get_many(tenant_id, resource, {*found.values()}) if found else {}
        return {key: one for key, one in found.items() if one in records and key in records[one].claims}

    def _changes_of(self, tenant_id: TenantId, resource: str) -> _Changes:
        return self._changes.setdefault((tenant_id, resource), _Changes())


def _new_claims(write: Write) -> set[str]:
    return {*write.claims} - {*(write.before.claims if write.before else ())}


def _judge(write: Write, changes: _Changes, holders: dict[str, RecordId]) -> Written:
    rehearsed = changes.records.get(write.record_id)
    if rehearsed and rehearsed[0].version != (write.before.version if write.before else 0):
        return Written(WriteStatus.STALE)
    for key in write.claims:
        holder = changes.holder_of(key, holders.get(key))
        if holder not in (None, write.record_id):
            return Written(WriteStatus.TAKEN, key, holder)
    return _WRITTEN
