"""Progress that a task reports while it works: often in memory, seldom in the store."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")

REPORT_EVERY_S = 1.0


class ProgressReporter(Generic[P]):
    """Calls `write` with what is reported, at most once a second; what is reported in between is dropped."""

    def __init__(self, write: Callable[P, None], now: Callable[[], float]) -> None:
        self._write = write
        self._now = now
        self._last = 0.0

    def report_progress(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Takes what `write` takes."""
        now = self._now()
        if now - self._last >= REPORT_EVERY_S:
            self._last = now
            self._write(*args, **kwargs)
