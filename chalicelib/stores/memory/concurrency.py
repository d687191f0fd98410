"""Concurrency slots in memory, as `stores.interfaces.ConcurrencySlots` promises."""

from collections.abc import Iterator
from threading import RLock

from chalicelib.model.events import JobKind
from chalicelib.model.ids import TenantId


class MemoryConcurrencySlots:
    """Keeps the promises of `stores.interfaces.ConcurrencySlots`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._holders: dict[str, set[str]] = {}
        self._waiting: dict[tuple[JobKind, TenantId], set[tuple[int, str]]] = {}
        self._last_starts: dict[tuple[JobKind, TenantId], int] = {}

    def take(self, pool: str, holder: str, *, slots: int) -> bool:
        """Does what `ConcurrencySlots.take` promises."""
        with self._lock:
            holders = self._holders.setdefault(pool, set())
            if len(holders | {holder}) > slots:
                return False
            holders.add(holder)
        return True

    def leave(self, pool: str, holder: str, *, slots: int) -> None:
        """Does what `ConcurrencySlots.leave` promises."""
        with self._lock:
            self._holders.get(pool, set()).discard(holder)

    def list_holders(self, pool: str, *, slots: int) -> list[str]:
        """Does what `ConcurrencySlots.list_holders` promises."""
        with self._lock:
            return sorted(self._holders.get(pool, ()))

    def wait(self, kind: JobKind, tenant_id: TenantId, job_id: str, *, since: int) -> None:
        """Does what `ConcurrencySlots.wait` promises."""
        with self._lock:
            self._waiting.setdefault((kind, tenant_id), set()).add((since, job_id))
            self._last_starts.setdefault((kind, tenant_id), since)

    def stop_waiting(self, kind: JobKind, tenant_id: TenantId, job_id: str, *, since: int) -> None:
        """Does what `ConcurrencySlots.stop_waiting` promises."""
        with self._lock:
            self._waiting.get((kind, tenant_id), set()).discard((since, job_id))

    def each_waiting(self, kind: JobKind, tenant_id: TenantId) -> Iterator[tuple[int, str]]:
        """Does what `ConcurrencySlots.each_waiting` promises."""
        with self._lock:
            waiting = sorted(self._waiting.get((kind, tenant_id), ()))
        yield from waiting

    def list_last_starts(self, kind: JobKind) -> dict[TenantId, int]:
        """Does what `ConcurrencySlots.list_last_starts` promises."""
        with self._lock:
            return {tenant_id: at for (of, tenant_id), at in self._last_starts.items() if of is kind}

    def note_start(self, kind: JobKind, tenant_id: TenantId, *, at: int) -> None:
        """Does what `ConcurrencySlots.note_start` promises."""
        with self._lock:
            if (kind, tenant_id) in self._last_starts:
                self._last_starts[kind, tenant_id] = at

    def remove_idle(self, kind: JobKind, tenant_id: TenantId) -> None:
        """Does what `ConcurrencySlots.remove_idle` promises."""
        with self._lock:
            if not self._waiting.get((kind, tenant_id)):
                self._waiting.pop((kind, tenant_id), None)
                self._last_starts.pop((kind, tenant_id), None)
