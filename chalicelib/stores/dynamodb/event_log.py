"""The log of events in the control table, as `stores.interfaces.EventLog` promises (ADR 29).

| item | pk | sk | beside |
|---|---|---|---|
| event | EVENTS#tenant | its number | body, expires_at |
| place of an event | EVENT#tenant#event id | - | number, expires_at |
| end of the log | LASTEVENT#tenant | - | last: the number of the latest event; it never expires |

Numbers have no gaps: an event, its place and the end of the log are one transaction, which demands that the end is what
the number follows on. So whatever a strongly consistent query shows, nothing will ever appear before it. The end is not
read first: it is where this process saw it last, and a transaction that is refused for that tells where it is.
"""

from collections.abc import Sequence
from itertools import islice

import orjson

from chalicelib.errors import Retryable
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Along, ItemChange, ItemKey
from chalicelib.stores.dynamodb.pace import REAL_TIMING, Timing
from chalicelib.stores.interfaces import LoggedEvent
from chalicelib.stores.paging import Clock

RACES = 12
"""So often an event is put at the end anew because others were faster."""
PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.5
"""The bounds of the pauses between, of which each is twice as long: those that race drift apart."""
PAGE = 100
"""Events that are read at a time."""


class DynamoDBEventLog:
    """Keeps the promises of `stores.interfaces.EventLog`, and is written to by the stores of imports and exports."""

    def __init__(
        self,
        table: ControlTable,
        *,
        clock: Clock,
        kept_s: int = DEFAULT_LIMITS.event_log_s,
        timing: Timing = REAL_TIMING,
    ) -> None:
        self._table = table
        self._timing = timing
        self._clock = clock
        self._kept_s = kept_s
        self._last: dict[TenantId, int] = {}

    def append(self, event: LifecycleEvent, marking: ItemChange, pending: ItemKey) -> bool:
        """Puts an event at the end of its tenant's log unless it is there, makes the change that marks it as published,
        and removes the note that it is pending, all of it or nothing. Returns whether the condition of the change held;
        the event is in the log in either case. Raises Retryable where too many others append.
        """
        markings = [marking]
        for race in range(RACES):
            refused = self._append(event, markings, pending)
            if not refused:
                return bool(markings)
            end, place, *marked = refused
            if place is not None:  # it is in the log
                return self._table.set_along(marking, Along(removed=[pending]))
            if end is not None:
                self._saw_last(event.tenant_id, int(end.get("last", 0)))
                self._pause_after(race)
            if any(one is not None for one in marked):
                markings = []
        raise Retryable(f"the log of events of {event.tenant_id} grows all the time")

    def list_after(self, tenant_id: TenantId, after: int, *, limit: int) -> list[LoggedEvent]:
        """Does what `EventLog.list_after` promises."""
        items = self._table.each_of(_pk(tenant_id), after=_sk(after), page=PAGE)
        return [LoggedEvent(int(one["sk"]), one["body"]) for one in islice(items, limit)]

    def find_number(self, tenant_id: TenantId, event_id: str) -> int | None:
        """Does what `EventLog.find_number` promises."""
        item = self._table.find(_place_pk(tenant_id, event_id))
        return int(item["number"]) if item else None

    def find_last(self, tenant_id: TenantId) -> int:
        """Does what `EventLog.find_last` promises."""
        item = self._table.find(_end_pk(tenant_id))
        return int(item["last"]) if item else 0

    def _append(
        self, event: LifecycleEvent, markings: Sequence[ItemChange], pending: ItemKey
    ) -> tuple[ItemValues | None, ...]:
        """Returns what was refused, as `ControlTable.change_all` does."""
        tenant_id, expires_at = event.tenant_id, int(self._clock()) + self._kept_s
        last = self._last.get(tenant_id, 0)
        number = last + 1
        end = ItemChange(
            _end_pk(tenant_id),
            {"last": number},
            "#last = :before" if last else "attribute_not_exists(#last)",
            {"before": last} if last else {},
        )
        place = ItemChange(
            _place_pk(tenant_id, event.event_id),
            {"number": number, "expires_at": expires_at},
            "attribute_not_exists(#number)",
            {},
        )
        body = orjson.dumps(event.to_body()).decode()
        item = {"pk": _pk(tenant_id), "sk": _sk(number), "body": body, "expires_at": expires_at}
        removed = [pending] if markings else []
        refused = self._table.change_all([end, place, *markings], Along(put=[item], removed=removed))
        if not refused:
            self._saw_last(tenant_id, number)
        return refused

    def _pause_after(self, race: int) -> None:
        """The first was lost because the end was not known, most likely."""
        if race > 0:
            self._timing.wait(self._timing.jitter() * min(LONGEST_PAUSE_S, PAUSE_S * 2**race))

    def _saw_last(self, tenant_id: TenantId, number: int) -> None:
        """Threads may see it in another order than that in which it grew."""
        self._last[tenant_id] = max(number, self._last.get(tenant_id, 0))


def _pk(tenant_id: TenantId) -> str:
    return f"EVENTS#{tenant_id}"


def _sk(number: int) -> str:
    return f"{number:015d}"


def _place_pk(tenant_id: TenantId, event_id: str) -> str:
    return f"EVENT#{tenant_id}#{event_id}"


def _end_pk(tenant_id: TenantId) -> str:
    return f"LASTEVENT#{tenant_id}"
