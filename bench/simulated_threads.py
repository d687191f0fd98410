"""Threads whose time is that of an `EventLoop`: real code waits in them, and hours of it pass in seconds.

Only one of them runs at any time, until it sleeps or ends; so a run is the same every time.
"""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Semaphore, Thread
from typing import Any, TypeVar

from bench.event_loop import EventLoop
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import Transport
from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.invocation import Invocation

Given = TypeVar("Given")
Result = TypeVar("Result")


class SimulatedThreads:
    """Starts threads and lets them sleep, on the time of a loop."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._yielded = Semaphore(0)
        self._running: Semaphore | None = None

    def start(self, do: Callable[[], None]) -> None:
        """Runs `do` in a thread of its own, from now on. It must not raise."""
        baton = Semaphore(0)

        def run() -> None:
            baton.acquire()
            try:
                do()
            finally:
                self._yielded.release()

        Thread(target=run, daemon=True).start()
        self._loop.call_after(0, lambda: self._resume(baton))

    def sleep(self, delay_s: float) -> None:
        """Lets the thread that calls it sleep, and others run meanwhile."""
        self._loop.call_after(delay_s, self._waking())
        self._wait()

    def _waking(self) -> Callable[[], None]:
        """Returns what wakes the thread that runs now."""
        baton = self._running
        assert baton is not None, "only a simulated thread can wait"
        return lambda: self._resume(baton)

    def run_all(self, work: Sequence[Callable[[], None]], at_once: int) -> None:
        """Runs every piece of work, so many at a time, while the thread that calls it waits."""
        left, wake = list(work)[::-1], self._waking()
        running = min(at_once, len(left))

        def worker() -> None:
            nonlocal running
            while left:
                left.pop()()
            running -= 1
            if not running:
                self._loop.call_after(0, wake)

        for _ in range(running):
            self.start(worker)
        self._wait()

    def _wait(self) -> None:
        baton = self._running
        assert baton is not None
        self._yielded.release()
        baton.acquire()

    def _resume(self, baton: Semaphore) -> None:
        before, self._running = self._running, baton
        baton.release()
        self._yielded.acquire()
        self._running = before


class SimulatedClient(DynamoDBClient):
    """The client of DynamoDB, whose threads and waits are simulated."""

    def __init__(
        self,
        transport: Transport,
        invocation: Invocation,
        threads: SimulatedThreads,
        timing: Timing,
        *,
        at_once: int = 16,
    ) -> None:
        super().__init__(transport, invocation, threads=1, timing=timing)
        self._simulated = threads
        self._at_once = at_once

    def spread(self, do: Callable[[Given], Result], work: Sequence[Given]) -> list[Result]:
        """Does what `DynamoDBClient.spread` does: where one fails, no other begins, and those begun are waited for."""
        if len(work) <= 1:
            return [do(one) for one in work]
        results: dict[int, Any] = {}
        failures: list[Exception] = []

        def perform(number: int) -> None:
            if failures:
                return
            try:
                results[number] = do(work[number])
            except Exception as error:  # whatever it is, it is raised again
                failures.append(error)

        self._simulated.run_all([partial(perform, number) for number in range(len(work))], self._at_once)
        if failures:
            raise failures[0]
        return [results[number] for number in range(len(work))]
