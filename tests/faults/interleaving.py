"""Many functions at once, one step at a time: a seed decides which of them goes on next.

Every concurrent call is a thread that runs only while it has been let go on. It stops before each call of a store, so
that the store calls of all threads interleave in any order, and the same seed gives the same order again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from threading import Semaphore, Thread
from typing import Any

STEPS = 200_000
"""An interleaving that needs more steps is taken for one that never ends."""


@dataclass(eq=False)
class ConcurrentCall:
    """One of the functions that run at once: a caller's request, a function of the service, or one of its tasks."""

    name: str
    do: Callable[[], Any]
    weight: float = 1.0
    """How likely it is to be let go on: one with next to no weight hangs, and wakes up late."""
    may_go_on: Semaphore = field(default_factory=lambda: Semaphore(0))
    waits_for: tuple["ConcurrentCall", ...] = ()
    is_done: bool = False
    answer: Any = None
    error: BaseException | None = None

    @property
    def can_go_on(self) -> bool:
        """Whether there is something left to do, and nothing left to wait for."""
        return not self.is_done and all(one.is_done for one in self.waits_for)


class Interleaver:
    """Lets concurrent calls go on one at a time, in an order drawn at random."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._calls: list[ConcurrentCall] = []
        self._has_stopped = Semaphore(0)
        self._current: ConcurrentCall | None = None
        self.steps = 0

    def add(self, name: str, do: Callable[[], Any], *, weight: float = 1.0) -> ConcurrentCall:
        """Adds a call, which does nothing before it is let go on."""
        call = ConcurrentCall(name, do, weight)
        self._calls.append(call)
        Thread(target=self._run_thread, args=(call,), daemon=True).start()
        return call

    def run(self) -> None:
        """Goes on until every call is done."""
        while able := [one for one in self._calls if one.can_go_on]:
            self.steps += 1
            assert self.steps < STEPS, f"{[one.name for one in able]} never end"
            (chosen,) = self._random.choices(able, [one.weight for one in able])
            self._let_go_on(chosen)
            self._calls = [one for one in self._calls if not one.is_done]

    def pause(self) -> None:
        """Stops the call that is running, so that others may go first."""
        call = self._current
        if call is not None:
            self._has_stopped.release()
            call.may_go_on.acquire()

    def wait_for(self, calls: Iterable[ConcurrentCall]) -> None:
        """Stops the call that is running until these calls are done."""
        call = self._current
        assert call is not None
        call.waits_for = tuple(calls)
        self.pause()

    def _let_go_on(self, call: ConcurrentCall) -> None:
        self._current = call
        call.may_go_on.release()
        self._has_stopped.acquire()
        self._current = None

    def _run_thread(self, call: ConcurrentCall) -> None:
        call.may_go_on.acquire()
        try:
            call.answer = call.do()
        except BaseException as error:
            call.error = error
        call.is_done = True
        self._has_stopped.release()
