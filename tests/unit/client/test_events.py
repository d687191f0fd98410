"""The log of events, followed by programs that block and by programs that await."""

from collections.abc import Callable, Iterator
from itertools import islice

import anyio
import httpx
import pytest

from chalicelib.model.events import EVENT_TYPES as TYPES_OF_THE_SERVICE
from sluice import SluiceError, Unauthorized, Unreachable
from sluice.events import event_pages
from sluice.models.webhooks import EVENT_TYPES, Event
from sluice.session import Session
from sluice.transport import Driver
from tests.service_in_memory import (
    KEY,
    NO_PAUSES,
    URL,
    Fault,
    Faulty,
    ServiceInMemory,
    passed,
    refused,
    unanswered,
    unconnected,
)

ROWS = b"name,email\nAnn,ann@example.com\n"


def imported(service: ServiceInMemory) -> str:
    return service.client().imports.run(ROWS, resource="contacts").id


def follow(
    service: ServiceInMemory,
    *faults: Fault,
    after: str | None = None,
    while_waiting: Callable[[float], object] = lambda _: None,
    on_trouble: Callable[[SluiceError], None] = lambda _: None,
) -> Iterator[Event]:
    """Follows the log without waiting: instead of each pause something happens."""
    driver = Driver(httpx.Client(transport=Faulty(service, faults)), sleep=lambda s: (while_waiting(s), None)[1])
    pages = event_pages(Session(URL, KEY, driver, NO_PAUSES), after=after, types=(), on_trouble=on_trouble)
    return pages.each(driver)


def test_what_was_published_comes_in_order() -> None:
    service = ServiceInMemory()
    ids = [imported(service), imported(service), service.client().exports.run("contacts").id]

    found = list(islice(service.client().webhooks.events(), 3))

    assert [(one.type, one.id) for one in found] == [
        ("import.completed", ids[0]),
        ("import.completed", ids[1]),
        ("export.completed", ids[2]),
    ]
    assert found[0].stats["created"] == 1


def test_only_events_of_the_types_that_are_asked_for_come() -> None:
    service = ServiceInMemory()
    imported(service)
    export_id = service.client().exports.run("contacts").id

    [found] = islice(service.client().webhooks.events(types=["export.completed"]), 1)

    assert found.id == export_id


def test_it_goes_on_behind_an_event() -> None:
    service = ServiceInMemory()
    ids = [imported(service) for _ in range(3)]
    first = next(service.client().webhooks.events())

    found = list(islice(service.client().webhooks.events(after=first.event_id), 2))

    assert [one.id for one in found] == ids[1:]


def test_what_comes_later_is_waited_for_less_often_the_longer_it_takes() -> None:
    service = ServiceInMemory()
    imported(service)
    ids: list[str] = []
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) in (6, 7):
            ids.append(imported(service))

    found = list(islice(follow(service, after="latest", while_waiting=wait), 2))

    assert [one.id for one in found] == ids
    assert pauses == [1, 1, 2, 3, 5, 5, 1]


def test_more_than_a_page_comes_whole() -> None:
    service = ServiceInMemory()
    ids = [imported(service) for _ in range(103)]

    found = list(islice(follow(service), 103))

    assert [one.id for one in found] == ids


def test_a_service_that_is_out_of_reach_for_long_loses_no_event_and_gives_none_twice() -> None:
    service = ServiceInMemory()
    imported(service)
    outage = [unconnected] * 9 + [refused(503)] * 5 + [refused(429, Retry_After="7")] * 4 + [unanswered(service)]
    trouble: list[str] = []
    waited: list[float] = []

    events = follow(
        service,
        passed,
        *outage,
        while_waiting=waited.append,
        on_trouble=lambda error: trouble.append(type(error).__name__),
    )
    first = next(events)
    later_id = imported(service)
    second = next(events)

    assert (first.id != second.id, second.id) == (True, later_id)
    assert trouble == ["Unreachable", "Unreachable", "ServiceFailed", "RateLimited"]
    assert waited.count(7.0) == 4


def test_an_address_that_never_answered_is_not_waited_for() -> None:
    with pytest.raises(Unreachable):
        next(follow(ServiceInMemory(), *[unconnected] * 4))


def test_what_waiting_does_not_mend_is_raised() -> None:
    service = ServiceInMemory()
    imported(service)
    events = follow(service, passed, refused(401))
    next(events)

    with pytest.raises(Unauthorized):
        next(events)


def test_programs_that_await_get_the_same() -> None:
    service = ServiceInMemory()
    ids = [imported(service), imported(service)]

    async def first_two() -> list[str]:
        found: list[str] = []
        async for one in service.async_client().webhooks.events():
            found.append(one.id)
            if len(found) == 2:
                break
        return found

    assert anyio.run(first_two) == ids


def test_the_types_that_it_knows_are_those_that_there_are() -> None:
    assert EVENT_TYPES == TYPES_OF_THE_SERVICE
