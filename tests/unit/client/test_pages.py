from typing import Any

import anyio
import httpx

from sluice.pages import Page, Pages, Place
from sluice.transport import AsyncDriver, Driver, Flow, Pause

ON_PAGES: dict[Place | None, Page[int]] = {
    None: Page((1, 2), "b"),
    "b": Page((), "c"),
    "c": Page((3,)),
}


def pages(asked: list[Any]) -> Pages[int]:
    def fetch(place: Place | None) -> Flow[Page[int]]:
        asked.append(place)
        yield Pause(0)
        return ON_PAGES[place]

    return Pages(fetch)


def test_an_empty_page_leads_on() -> None:
    assert list(pages([]).each(Driver(httpx.Client()))) == [1, 2, 3]


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    asked: list[Any] = []
    found = pages(asked).each(Driver(httpx.Client()))

    assert (next(found), next(found), asked) == (1, 2, [None])
    assert (next(found), asked) == (3, [None, "b", "c"])


def test_what_awaits_gets_the_same() -> None:
    async def collect() -> list[int]:
        async with httpx.AsyncClient() as http:
            return [one async for one in pages([]).each_async(AsyncDriver(http))]

    assert anyio.run(collect) == [1, 2, 3]
