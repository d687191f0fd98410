"""The log of events, as a tenant reads it: what was published within seven days, in order, page by page.

Comes in: where to go on, a cursor or the id of an event. Goes out: events as webhooks get them, and the cursor behind
them. Who follows the log misses nothing: what becomes visible later stands behind everything that was visible before
(ADR 29), and who was away for longer than events are kept is refused rather than led on behind a gap.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Refused
from chalicelib.model import cursors
from chalicelib.model.ids import TenantId
from chalicelib.model.retention import DAY_S
from chalicelib.stores.interfaces import LoggedEvent

LATEST = "latest"
"""In place of a cursor: behind the latest event, so that only what comes from now on is read."""
_LISTING = "events"
_EVENT_ID = re.compile(r"evt_[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, in order."""

    events: tuple[Mapping[str, Any], ...]
    """As webhooks get them."""
    cursor: str
    """Leads to what comes next, whether it is there already or not."""
    has_more: bool
    """Whether more events are there already."""


def list_events(context: Context, caller: Caller, *, after: str | None, limit: int) -> EventPage:
    """Returns at most `limit` events, those behind `after`: a cursor, the id of an event, or `LATEST`; all that are
    kept for None. Raises Refused `invalid_cursor`, also where some of what is behind it has expired.
    """
    tenant_id, log = caller.tenant_id, context.stores.event_log
    if after is None:
        number, found = 0, log.list_after(tenant_id, 0, limit=limit + 1)
    elif after == LATEST:
        number, found = log.find_last(tenant_id), []
    else:
        number = _number_of(context, tenant_id, after)
        found = _whole_list_after(context, tenant_id, number, limit + 1)
    shown = found[:limit]
    return EventPage(
        events=tuple(orjson.loads(one.body) for one in shown),
        cursor=cursors.to_cursor([tenant_id, _LISTING], [shown[-1].number if shown else number]),
        has_more=len(found) > limit,
    )


def _number_of(context: Context, tenant_id: TenantId, after: str) -> int:
    if _EVENT_ID.fullmatch(after):
        number = context.stores.event_log.find_number(tenant_id, after)
        if number is None:
            raise _expired(context, f"There is no event {after!r}, or no longer")
        return number
    place = cursors.from_cursor([tenant_id, _LISTING], after, param="after")
    if len(place) != 1 or type(place[0]) is not int:
        raise cursors.invalid_cursor(after, "after")
    return place[0]


def _whole_list_after(context: Context, tenant_id: TenantId, number: int, limit: int) -> list[LoggedEvent]:
    """Returns what stands behind a number, all of it: numbers are consecutive, so that what is missing shows."""
    log = context.stores.event_log
    found = log.list_after(tenant_id, number, limit=limit)
    if not found and log.find_last(tenant_id) == number:
        return []
    if not found:  # they came meanwhile, or have all expired
        found = log.list_after(tenant_id, number, limit=limit)
    if not _is_whole(found, number):
        raise _expired(context, "Events behind this cursor are gone")
    return found


def _is_whole(found: Sequence[LoggedEvent], number: int) -> bool:
    return bool(found) and found[-1].number - number == len(found)


def _expired(context: Context, what: str) -> Refused:
    days = context.limits.event_log_s // DAY_S
    text = f"{what}: they are kept for {days} days. Start again without a cursor, or with {LATEST!r}."
    return Refused("invalid_cursor", text, param="after")
