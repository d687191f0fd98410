"""Turns in memory; they are immutable through and through, so nothing needs copying."""

from dataclasses import replace
from threading import Lock

from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId


class MemoryIdempotencyRecords:
    """Keeps `stores.interfaces.Turns`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[tuple[TenantId, str], IdempotencyRecord] = {}

    def begin(self, tenant_id: TenantId, turn: IdempotencyRecord, *, now: int) -> IdempotencyRecord:
        with self._lock:
            place = (tenant_id, turn.name)
            self._turns[place] = turn.following(self._turns.get(place), now)
            return self._turns[place]

    def keep(self, tenant_id: TenantId, turn: IdempotencyRecord, answer: StoredResponse) -> bool:
        with self._lock:
            found = self._find_own(tenant_id, turn)
            if found:
                self._turns[(tenant_id, turn.name)] = replace(found, answer=answer)
            return found is not None

    def free(self, tenant_id: TenantId, turn: IdempotencyRecord) -> bool:
        with self._lock:
            found = self._find_own(tenant_id, turn)
            if found:
                del self._turns[(tenant_id, turn.name)]
            return found is not None

    def _find_own(self, tenant_id: TenantId, turn: IdempotencyRecord) -> IdempotencyRecord | None:
        found = self._turns.get((tenant_id, turn.name))
        return found if found and found.token == turn.token else None
