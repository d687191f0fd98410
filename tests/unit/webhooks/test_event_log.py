"""The log of events as a tenant reads it: pages, cursors, and what is refused rather than passed over."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.events import LifecycleEvent, event_of_export, event_of_import
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Status
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.stores.interfaces import LoggedEvent
from chalicelib.stores.memory import MemoryEventLog
from chalicelib.webhooks.event_log import EventPage, list_events
from chalicelib.webhooks.outbox import publish_now
from tests.world import NOW, THEIRS, World, an_export, an_import


def published(world: World, count: int = 1, **given: Any) -> list[str]:
    """Returns the ids of the events of that many imports that have ended, and were told of."""
    return [_published(world, **given) for _ in range(count)]


def _published(world: World, **given: Any) -> str:
    import_ = world.add_import(Status.COMPLETED, world.context.new_id("imp"), unpublished_since=world.now, **given)
    assert publish_now(world.stores, import_)
    return event_of_import(import_).event_id


def page_of(world: World, after: str | None = None, limit: int = 25) -> EventPage:
    return list_events(world.context, world.caller(), after=after, limit=limit)


def ids_of(page: EventPage) -> list[str]:
    return [one["event_id"] for one in page.events]


def test_events_come_in_order_page_by_page() -> None:
    world = World()
    told = published(world, 5)

    first = page_of(world, limit=2)
    second = page_of(world, first.cursor, limit=2)
    third = page_of(world, second.cursor, limit=2)

    assert [ids_of(one) for one in (first, second, third)] == [told[:2], told[2:4], told[4:]]
    assert [one.has_more for one in (first, second, third)] == [True, True, False]


def test_a_page_that_is_just_full_has_no_more() -> None:
    world = World()
    published(world, 2)

    assert not page_of(world, limit=2).has_more


def test_an_event_is_what_webhooks_get() -> None:
    world = World()
    export = an_export(ExportStatus.COMPLETED, unpublished_since=NOW)
    world.stores.exports.add(export)

    publish_now(world.stores, export)

    assert page_of(world).events == (event_of_export(export).to_body(),)


def test_a_cursor_leads_on_from_the_end() -> None:
    world = World()
    published(world)
    end = page_of(world)

    nothing = page_of(world, end.cursor)
    later = published(world)

    assert (ids_of(nothing), nothing.cursor) == ([], end.cursor)
    assert ids_of(page_of(world, nothing.cursor)) == later


def test_an_empty_log_has_a_cursor_too() -> None:
    world = World()
    cursor = page_of(world).cursor

    told = published(world)

    assert ids_of(page_of(world, cursor)) == told


def test_latest_leads_to_what_comes_from_now_on() -> None:
    world = World()
    published(world, 3)
    latest = page_of(world, "latest")

    told = published(world)

    assert (latest.events, latest.has_more) == ((), False)
    assert ids_of(page_of(world, latest.cursor)) == told


def test_the_id_of_an_event_leads_on_behind_it() -> None:
    world = World()
    told = published(world, 3)

    assert ids_of(page_of(world, told[0])) == told[1:]
    assert ids_of(page_of(world, told[2])) == []


def test_another_tenant_has_another_log() -> None:
    world = World()
    (theirs,) = published(world, tenant_id=THEIRS)
    cursor = list_events(world.context, world.caller(THEIRS), after=None, limit=9).cursor

    assert page_of(world).events == ()
    for after in (theirs, cursor):
        with pytest.raises(Refused, match=r"cursor|no event"):
            page_of(world, after)


@pytest.mark.parametrize("after", ["nonsense", "evt_" + "a" * 26, "é", "W10", "WzFd"])
def test_what_is_no_cursor_is_refused(after: str) -> None:
    with pytest.raises(Refused) as refused:
        page_of(World(), after)

    assert (refused.value.code, refused.value.param) == ("invalid_cursor", "after")


def test_who_was_away_for_too_long_is_told_so() -> None:
    world = World()
    published(world)
    cursor = page_of(world).cursor
    missed = published(world)
    world.now += DEFAULT_LIMITS.event_log_s
    refusals = []

    for later in ([], published(world)):
        with pytest.raises(Refused, match="kept for 7 days") as refused:
            page_of(world, cursor)
        refusals.append((refused.value.code, later))

    assert refusals[0] == ("invalid_cursor", [])
    assert ids_of(page_of(world)) == refusals[1][1]
    with pytest.raises(Refused, match="or no longer"):
        page_of(world, missed[0])


def test_who_was_away_for_long_and_has_missed_nothing_goes_on() -> None:
    world = World()
    published(world)
    cursor = page_of(world).cursor
    world.now += DEFAULT_LIMITS.event_log_s

    assert page_of(world, cursor).events == ()


class ComingMeanwhile(MemoryEventLog):
    """Other events are published between two looks at the log."""

    def __init__(self, events: list[LifecycleEvent]) -> None:
        super().__init__(clock=lambda: NOW)
        self._coming = events

    def list_after(self, tenant_id: Any, after: int, *, limit: int) -> list[LoggedEvent]:
        found = super().list_after(tenant_id, after, limit=limit)
        while self._coming:
            self.append(self._coming.pop(0))
        return found


def test_what_comes_between_two_looks_is_not_taken_for_a_gap() -> None:
    world = World()
    coming = [event_of_import(an_import(Status.COMPLETED, f"imp_{one}")) for one in "abc"]
    world.context = replace(world.context, stores=replace(world.stores, event_log=ComingMeanwhile(coming[:])))
    cursor = page_of(world, "latest").cursor

    assert ids_of(page_of(world, cursor, limit=1)) == [coming[0].event_id]
