"""How the end of an import or export is waited for: looked at again and again, less often the longer it takes."""

from collections.abc import Callable, Mapping
from itertools import chain, repeat
from typing import Any

from sluice.errors import WaitedTooLong
from sluice.session import Session
from sluice.transport import Flow, Pause

POLLS_S = (0.4, 0.4, 0.6, 1.0, 1.5, 2.0, 2.0, 3.0, 5.0)
"""Pauses between looks, in seconds; the last one is kept."""


def polled(
    session: Session, path: str, has_ended: Callable[[Mapping[str, Any]], bool], timeout_s: float | None
) -> Flow[Mapping[str, Any]]:
    """Returns what lies at the path once it has ended. Raises WaitedTooLong after that many seconds of pauses."""
    waited_s = 0.0
    for pause_s in chain(POLLS_S, repeat(POLLS_S[-1])):
        answer = yield from session.get(path)
        if has_ended(answer.data):
            ended: Mapping[str, Any] = answer.data
            return ended
        if timeout_s is not None and waited_s >= timeout_s:
            raise WaitedTooLong(f"{answer.data['id']} is still {answer.data['status']}.")
        yield Pause(pause_s)
        waited_s += pause_s
    raise AssertionError("pauses do not end")
