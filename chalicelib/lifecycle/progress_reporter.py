"""Progress that a task reports while it works: often in memory, seldom in the store."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")

REPORT_EVERY_S = 1.0


class ProgressReporter(Generic[P]):
    """Calls `write` with what is reported, a second after it was made and once a second from then on; what is reported
    in between is dropped.
    """

    def __init__(self, write: Callable[P, None], now: Callable[[], float]) -> None:
        self._write = write
        self._now = now
        self._last = now()

    def report_progress(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Takes what `write` takes."""
        now = self._now()
        if now - self._last >= REPORT_EVERY_S:
            self._last = now
            self._write(*args, **kwargs)
