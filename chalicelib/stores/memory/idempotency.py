"""Idempotency records in memory. They are immutable, so nothing needs copying."""

from dataclasses import replace
from threading import Lock

from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId


class MemoryIdempotencyRecords:
    """Keeps `stores.interfaces.IdempotencyRecords`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._records: dict[tuple[TenantId, str], IdempotencyRecord] = {}

    def acquire(self, tenant_id: TenantId, record: IdempotencyRecord, *, now: int) -> IdempotencyRecord:
        with self._lock:
            key = (tenant_id, record.name)
            self._records[key] = record.holder(self._records.get(key), now)
            return self._records[key]

    def complete(self, tenant_id: TenantId, record: IdempotencyRecord, response: StoredResponse) -> bool:
        with self._lock:
            found = self._find_own(tenant_id, record)
            if found:
                self._records[(tenant_id, record.name)] = replace(found, response=response)
            return found is not None

    def release(self, tenant_id: TenantId, record: IdempotencyRecord) -> bool:
        with self._lock:
            found = self._find_own(tenant_id, record)
            if found:
                del self._records[(tenant_id, record.name)]
            return found is not None

    def _find_own(self, tenant_id: TenantId, record: IdempotencyRecord) -> IdempotencyRecord | None:
        found = self._records.get((tenant_id, record.name))
        return found if found and found.token == record.token else None
