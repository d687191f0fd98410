"""A clock that stands still while something happens and leaps to what happens next: hours pass in a second."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class EventLoop:
    """What is still to happen, in order of time; what is due at the same time happens in the order it was asked for."""

    def __init__(self, now_s: float = 0.0) -> None:
        self.now_s = now_s
        """The time, in seconds."""
        self._ahead: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def call_after(self, delay_s: float, do: Callable[[], None]) -> None:
        """Calls `do` so many seconds from now."""
        heappush(self._ahead, (self.now_s + delay_s, next(self._numbers), do))

    def run(self, until_s: float = float("inf")) -> None:
        """Lets everything happen up to this time, or until nothing is left to happen."""
        while self._ahead and self._ahead[0][0] <= until_s:
            self.now_s, _, do = heappop(self._ahead)
            do()
