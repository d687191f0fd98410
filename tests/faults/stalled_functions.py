"""A function that stalls in the middle and wakes up late, when another attempt has long done its work.

Its invocation runs in a thread that stops at one call; what invoked it takes it for lost and invokes it again. Only one
thread runs at any time, so that every run is the same.
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from tests.faults.crash import Crash
from tests.faults.executions import NEVER_ANSWERED, invoke_once
from tests.faults.recorder import Call

WAKES_AFTER = (1, 3, 10_000)
"""How many functions run before it wakes up: its successor, those of some phases, and all of them."""


class InvokerGaveUp(BaseException):
    """What invoked the function waits no longer, and does not invoke it again."""


class StalledFunction:
    """An intercept and an `Invoke` that together let one function stall at one call."""

    def __init__(self, number: int, *, is_performed: bool, wake_after: int, is_abandoned: bool = False) -> None:
        self._number = number
        self._is_performed = is_performed
        self._left = wake_after
        self._is_abandoned = is_abandoned
        self._signals: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        self._resume = Event()
        self._is_stalled = False
        self.meanwhile: Callable[[], None] = lambda: None
        """Changes the world right before the function wakes up."""

    def intercept(self, call: Call) -> Any:
        """Stalls at the call of the given number, before or after it is performed."""
        if call.number != self._number:
            return call.perform()
        answer = call.perform() if self._is_performed else None
        self._signals.put((False, None))
        self._resume.wait()
        return answer if self._is_performed else call.perform()

    def invoke(self, name: str, do: Callable[[], Any]) -> Any:
        """Runs a function until it ends or stalls; a stalled one looks like a crash."""
        thread = Thread(target=self._run, args=(name, do), daemon=True)
        thread.start()
        is_done, outcome = self._signals.get()
        if not is_done:
            self._is_stalled = True
            raise InvokerGaveUp if self._is_abandoned else Crash(NEVER_ANSWERED)
        self._count()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def wake(self) -> None:
        """Lets the function go on to its end, if it has stalled; its answer is lost."""
        if self._is_stalled:
            self._is_stalled = False
            self.meanwhile()
            self._resume.set()
            self._signals.get()

    def _count(self) -> None:
        self._left -= self._is_stalled
        if self._left == 0:
            self.wake()

    def _run(self, name: str, do: Callable[[], Any]) -> None:
        try:
            outcome = invoke_once(name, do)
        except BaseException as error:
            outcome = error
        self._signals.put((True, outcome))
