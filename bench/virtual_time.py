"""Time that passes only while everybody waits: a model of minutes takes seconds, and comes out the same every time.

Comes in: functions that run at once, each in a thread, and wait by this clock. Goes out: what they return, at the time
at which they would have returned it. One of them runs at a time, until it waits or ends; then the one whose time is
next goes on.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from threading import Semaphore, Thread


@dataclass(eq=False)
class _Process:
    """One function that is running, or a thread that waits for the next."""

    may_go_on: Semaphore = field(default_factory=lambda: Semaphore(0))
    resumed: int = 0
    """How often it has gone on: an appointment that was made before is over."""
    do: Callable[[], object] | None = None
    result: Future[object] = field(default_factory=Future)


@dataclass(frozen=True)
class _Start:
    """A function whose time has not come: it needs no thread yet, of which there may be tens of thousands."""

    do: Callable[[], object]
    result: Future[object] = field(default_factory=Future)


class VirtualTime:
    """The clock, and all that runs by it."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._numbers = count()
        self._appointments: list[tuple[float, int, int, _Process | _Start]] = []
        self._waiting: defaultdict[Future[object], list[_Process]] = defaultdict(list)
        self._idle: list[_Process] = []
        self._has_stopped = Semaphore(0)
        self._current: _Process | None = None

    def spawn(self, do: Callable[[], object], *, after_s: float = 0.0) -> Future[object]:
        """Has a function run from `after_s` seconds from now on, and returns its result to be."""
        start = _Start(do)
        heappush(self._appointments, (self.now + after_s, next(self._numbers), 0, start))
        return start.result

    def sleep(self, seconds: float) -> None:
        """Lets time pass for the function that calls this."""
        process = self._running()
        self._meet(process, self.now + seconds)
        self._stop(process)

    def wait(self, results: Collection[Future[object]], timeout_s: float) -> list[Future[object]]:
        """Lets time pass until one of these is there, no longer than the timeout. Returns those that are."""
        if not any(one.done() for one in results):
            process = self._running()
            for one in results:
                self._waiting[one].append(process)
            self._meet(process, self.now + timeout_s)
            self._stop(process)
            for one in results:
                if one in self._waiting:  # it goes on without it
                    self._waiting[one].remove(process)
        return [one for one in results if one.done()]

    def run(self, *, until: float) -> None:
        """Lets everything run up to this time."""
        while self._appointments and self._appointments[0][0] <= until:
            at, _, resumed, due = heappop(self._appointments)
            if isinstance(due, _Start) or resumed == due.resumed:
                self.now = max(self.now, at)
                self._go_on(self._begin(due) if isinstance(due, _Start) else due)
        self.now = max(self.now, until)

    def _running(self) -> _Process:
        if self._current is None:
            raise RuntimeError("only what was spawned may wait")
        return self._current

    def _meet(self, process: _Process, at: float) -> None:
        heappush(self._appointments, (at, next(self._numbers), process.resumed, process))

    def _go_on(self, process: _Process) -> None:
        process.resumed += 1
        self._current = process
        process.may_go_on.release()
        self._has_stopped.acquire()
        self._current = None

    def _stop(self, process: _Process) -> None:
        self._has_stopped.release()
        process.may_go_on.acquire()

    def _begin(self, start: _Start) -> _Process:
        process = self._idle.pop() if self._idle else self._new_process()
        process.do, process.result = start.do, start.result
        return process

    def _new_process(self) -> _Process:
        process = _Process()
        Thread(target=self._serve, args=(process,), daemon=True).start()
        return process

    def _serve(self, process: _Process) -> None:
        while True:
            process.may_go_on.acquire()
            result = process.result
            try:
                result.set_result(process.do() if process.do else None)
            except BaseException as error:  # whoever waits raises it
                result.set_exception(error)
            for one in self._waiting.pop(result, ()):
                self._meet(one, self.now)
            self._idle.append(process)
            self._has_stopped.release()
