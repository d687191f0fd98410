"""The history of a record store: every write that was really performed, in the order in which it was performed.

Two stores keep one, that in memory and the real one over tables in memory. `sequential_model.py` judges whether such a
history could have come about by one write after the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Stamp, Write, Written
from chalicelib.model.rows import Fields
from chalicelib.stores.dynamodb.record_items import StoredRecord
from chalicelib.stores.memory import MemoryRecords
from tests.faults.request_faults import TableRecords


@dataclass(frozen=True)
class PerformedWrite:
    """One write as it was performed: the fields before and afterwards, None where there is no live record."""

    record_id: RecordId
    stamp: Stamp
    before: Fields | None
    after: Fields | None


class RecordsWithHistory(MemoryRecords):
    """The store in memory with a history; a write that recognises itself as done is not in it a second time."""

    history: list[PerformedWrite]

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Performs the writes one by one, and notes those that changed a record."""
        return [self._write_one(tenant_id, resource, write, now_ms) for write in writes]

    def _write_one(self, tenant_id: TenantId, resource: str, write: Write, now_ms: int) -> Written:
        before = self.get_many(tenant_id, resource, [write.record_id]).get(write.record_id)
        (written,) = super().write_many(tenant_id, resource, [write], now_ms=now_ms)
        after = self.get_many(tenant_id, resource, [write.record_id]).get(write.record_id)
        if after is not None and after.version != (before.version if before else 0):
            self.history.append(PerformedWrite(write.record_id, write.stamp, _fields_of(before), _fields_of(after)))
        return written


class TablesWithHistory(TableRecords):
    """The real store over tables in memory; its history has every change of a record's item."""

    def __init__(self) -> None:
        super().__init__(wait=lambda _: self.transport.before_each())
        self.history: list[PerformedWrite] = []
        self.table.watch = self._note

    def lag(self, is_behind: Callable[[], bool]) -> None:
        """Lets look-ups of claims miss changes from now on, wherever they may lag."""
        self.table.earlier.clear()
        self.transport.tables.is_behind = is_behind

    def _note(self, before: StoredRecord | None, after: StoredRecord) -> None:
        record = after.record
        fields = _fields_of(before.record if before else None)
        self.history.append(PerformedWrite(record.record_id, record.stamps[-1], fields, _fields_of(record)))


def _fields_of(record: Record | None) -> Fields | None:
    return record.fields if record and not record.is_deleted else None
