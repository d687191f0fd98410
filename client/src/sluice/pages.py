"""Lists that come in pages, by number or by cursor, as one lazy sequence.

A page is asked for when its first entry is wanted. A page may be empty and still lead on.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sluice.session import Answer, Session
from sluice.transport import AsyncDriver, Driver, Flow

T = TypeVar("T")
Place = int | str
"""The number of a page, or the cursor that leads to it."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some entries, and what leads on from them."""

    entries: tuple[T, ...]
    next_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Pages(Generic[T]):
    """A list that comes in pages."""

    fetch: Callable[[Place | None], Flow[Page[T]]]
    """The page at a place; None is the first."""

    def each(self, driver: Driver) -> Iterator[T]:
        """Yields the entries, lazily."""
        page = driver.run(self.fetch(None))
        yield from page.entries
        while page.next_place is not None:
            page = driver.run(self.fetch(page.next_place))
            yield from page.entries

    async def each_async(self, driver: AsyncDriver) -> AsyncIterator[T]:
        """Yields the entries, lazily."""
        page = await driver.run(self.fetch(None))
        for entry in page.entries:
            yield entry
        while page.next_place is not None:
            page = await driver.run(self.fetch(page.next_place))
            for entry in page.entries:
                yield entry


def numbered_pages(session: Session, path: str, made: Callable[[Any], T], **query: object) -> Pages[T]:
    """Returns a list whose pages have numbers; `made` makes an entry."""

    def fetch(place: Place | None) -> Flow[Page[T]]:
        number = int(place or 1)
        answer = yield from session.get(path, page=number, **query)
        has_more = bool(answer.pagination.get("has_more"))
        return _page(answer, made, number + 1 if has_more else None)

    return Pages(fetch)


def cursor_pages(session: Session, path: str, made: Callable[[Any], T], **query: object) -> Pages[T]:
    """Returns a list whose pages are led to by cursors; `made` makes an entry."""

    def fetch(place: Place | None) -> Flow[Page[T]]:
        answer = yield from session.get(path, cursor=place, **query)
        return _page(answer, made, answer.pagination.get("cursor"))

    return Pages(fetch)


def _page(answer: Answer, made: Callable[[Any], T], next_place: Place | None) -> Page[T]:
    return Page(tuple(made(one) for one in answer.data), next_place)
