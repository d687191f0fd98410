"""A function that hangs in the middle and wakes up late, when others have long done its work.

Its invocation runs in a thread that stops at one call; whoever invoked it takes it for lost and tries again. Only one
thread runs at any time, so that every run is the same.
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.simulated_import import simply

WAKES = (1, 3, 10_000)
"""After so many further functions have run: right after its successor, phases later, and after the end."""


class GivenUp(BaseException):
    """Whoever invoked the function waits no longer, and tries nothing again."""


class Sleeper:
    """A tap and an `Invoke` in one."""

    def __init__(self, number: int, *, is_performed: bool, wake_after: int, is_given_up: bool = False) -> None:
        self._number = number
        self._is_performed = is_performed
        self._left = wake_after
        self._is_given_up = is_given_up
        self._signals: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        self._resume = Event()
        self._is_asleep = False
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens in the world before it wakes up."""

    def tap(self, call: Call) -> Any:
        if call.number != self._number:
            return call.perform()
        answer = call.perform() if self._is_performed else None
        self._signals.put((False, None))
        self._resume.wait()
        return answer if self._is_performed else call.perform()

    def invoke(self, name: str, do: Callable[[], Any]) -> Any:
        thread = Thread(target=self._run, args=(name, do), daemon=True)
        thread.start()
        is_done, outcome = self._signals.get()
        if not is_done:
            self._is_asleep = True
            raise GivenUp if self._is_given_up else Crash
        self._count()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def wake(self) -> None:
        """It goes on to its end; whatever it answers or raises, nobody is there to hear it."""
        if self._is_asleep:
            self._is_asleep = False
            self.meanwhile()
            self._resume.set()
            self._signals.get()

    def _count(self) -> None:
        self._left -= self._is_asleep
        if self._left == 0:
            self.wake()

    def _run(self, name: str, do: Callable[[], Any]) -> None:
        try:
            outcome = simply(name, do)
        except BaseException as error:
            outcome = error
        self._signals.put((True, outcome))
