"""Slots in memory; the promises are those of `stores.interfaces.Slots`."""

from collections.abc import Iterator
from threading import Lock

from chalicelib.model.ids import ImportId, TenantId


class MemoryConcurrencySlots:
    """Keeps `stores.interfaces.Slots`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._holders: dict[TenantId, set[ImportId]] = {}
        self._waiting: dict[TenantId, set[tuple[int, ImportId]]] = {}

    def take(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> bool:
        with self._lock:
            holders = self._holders.setdefault(tenant_id, set())
            if len(holders | {import_id}) > slots:
                return False
            holders.add(import_id)
        return True

    def leave(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> None:
        with self._lock:
            self._holders.get(tenant_id, set()).discard(import_id)

    def list_holders(self, tenant_id: TenantId, *, slots: int) -> list[ImportId]:
        with self._lock:
            return sorted(self._holders.get(tenant_id, ()))

    def wait(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None:
        with self._lock:
            self._waiting.setdefault(tenant_id, set()).add((since, import_id))

    def stop_waiting(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None:
        with self._lock:
            self._waiting.get(tenant_id, set()).discard((since, import_id))

    def each_waiting(self, tenant_id: TenantId) -> Iterator[tuple[int, ImportId]]:
        with self._lock:
            waiting = sorted(self._waiting.get(tenant_id, ()))
        yield from waiting

    def list_tenants(self) -> list[TenantId]:
        with self._lock:
            return sorted(tenant_id for tenant_id, waiting in self._waiting.items() if waiting)
