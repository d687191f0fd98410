"""The log of events, followed: what was published within seven days, and then whatever comes, as one lazy sequence.

Each event comes once and in order, for as long as somebody asks for the next. A service that is out of reach, busy or
failing is waited for once it has answered for the first time; only what waiting does not mend is raised.
"""

from collections.abc import Callable, Collection
from itertools import chain, repeat

from sluice.errors import ApiError, RateLimited, ServiceFailed, SluiceError, Unreachable
from sluice.models.webhooks import Event
from sluice.pages import Page, Pages, Place
from sluice.session import Answer, Session
from sluice.transport import Flow, Pause

PATH = "/v1/events"
PAGE = 100
"""Events that are asked for at a time (the service gives no more)."""
POLLS_S = (1.0, 1.0, 2.0, 3.0, 5.0)
"""Pauses between looks that find nothing, in seconds; the last one is kept."""
TROUBLE_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses after failures, beside those of the retries; the last one is kept."""

Trouble = Callable[[SluiceError], None]
"""Is told that the service is waited for, and why."""
_PASSING = (Unreachable, RateLimited, ServiceFailed)


def ignore_trouble(_: SluiceError) -> None:
    """Takes no notice."""


def event_pages(session: Session, *, after: str | None, types: Collection[str], on_trouble: Trouble) -> Pages[Event]:
    """Returns the events behind `after` that have one of these types, any for none, without an end."""

    def fetch(place: Place | None) -> Flow[Page[Event]]:
        answer = yield from _next_answer(session, place, after, on_trouble)
        found = (Event.from_json(one) for one in answer.data)
        return Page(tuple(one for one in found if not types or one.type in types), answer.pagination["cursor"])

    return Pages(fetch)


def _next_answer(session: Session, place: Place | None, after: str | None, on_trouble: Trouble) -> Flow[Answer]:
    """Returns an answer with events, however long that takes; the first one of all may have none."""
    if place is None:
        answer = yield from session.get(PATH, after=after, limit=PAGE)
        return answer
    for pause_s in chain(POLLS_S, repeat(POLLS_S[-1])):
        answer = yield from _answer_at_last(session, place, on_trouble)
        if answer.data:
            return answer
        yield Pause(pause_s)
    raise AssertionError("pauses do not end")


def _answer_at_last(session: Session, place: Place, on_trouble: Trouble) -> Flow[Answer]:
    for pause_s in chain(TROUBLE_S, repeat(TROUBLE_S[-1])):
        try:
            answer = yield from session.get(PATH, after=place, limit=PAGE)
        except _PASSING as error:
            on_trouble(error)
            asked_s = error.refusal.retry_after_s if isinstance(error, ApiError) else None
            yield Pause(pause_s if asked_s is None else asked_s)
        else:
            return answer
    raise AssertionError("pauses do not end")
