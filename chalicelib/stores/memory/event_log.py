"""The log of events in memory, as `stores.interfaces.EventLog` promises."""

import time
from collections import defaultdict
from threading import Lock

import orjson

from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.retention import is_expired
from chalicelib.stores.interfaces import LoggedEvent
from chalicelib.stores.paging import Clock


class MemoryEventLog:
    """Keeps the promises of `stores.interfaces.EventLog`; the stores of imports and exports append to it."""

    def __init__(self, *, clock: Clock = time.time, kept_s: int = DEFAULT_LIMITS.event_log_s) -> None:
        self._lock = Lock()
        self._clock = clock
        self._kept_s = kept_s
        self._events: defaultdict[TenantId, dict[str, tuple[LoggedEvent, int]]] = defaultdict(dict)
        """By id, each with when it expires."""

    def append(self, event: LifecycleEvent) -> None:
        """Puts an event at the end, unless it is there."""
        with self._lock:
            events, body = self._events[event.tenant_id], orjson.dumps(event.to_body()).decode()
            expires_at = int(self._clock()) + self._kept_s
            events.setdefault(event.event_id, (LoggedEvent(len(events) + 1, body), expires_at))

    def list_after(self, tenant_id: TenantId, after: int, *, limit: int) -> list[LoggedEvent]:
        """Does what `EventLog.list_after` promises."""
        with self._lock:
            stored = [*self._events[tenant_id].values()]
        found = [one for one, expires_at in stored if one.number > after and not is_expired(expires_at, self._clock())]
        return found[:limit]

    def find_number(self, tenant_id: TenantId, event_id: str) -> int | None:
        """Does what `EventLog.find_number` promises."""
        with self._lock:
            stored = self._events[tenant_id].get(event_id)
        return stored[0].number if stored and not is_expired(stored[1], self._clock()) else None

    def find_last(self, tenant_id: TenantId) -> int:
        """Does what `EventLog.find_last` promises."""
        with self._lock:
            return len(self._events[tenant_id])
