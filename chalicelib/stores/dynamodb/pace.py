"""How fast a process sends to DynamoDB: as fast as it can until it is throttled, then at a rate that finds its place.

    no pace ── throttled ──> `start` a second, doubled each second ── throttled ──> `step` more each second, × 0.7 when
                             throttled, at most once a second ── a minute without requests ──> no pace

Tasks that share a table know nothing of each other; as each adds a little and gives way by a share, they end up with
equal parts of what the table takes (additive increase, multiplicative decrease:
https://www.rfc-editor.org/rfc/rfc5681). What is throttled costs nothing but the call.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import log
from threading import Lock

from chalicelib.stores.invocation import READING_RESERVE_S, RESERVE_S, Invocation

CUT = 0.7
"""What is left of the rate when it was too high."""
HOLD_S = 1.0
"""After a cut, what is throttled was mostly sent before it: the rate is cut once in this time."""
IDLE_S = 60.0
"""After this time without a request, what was learned of the table is forgotten: it may have grown or fallen idle."""
CATCH_UP_S = 0.05
"""How much of the time that went by unused is made up for; more would come as a burst."""
BACK_OFF_UNITS = 50
"""After throttling, the next units are sent later by up to the time of so many, at random."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How to wait, what time it is, and how to scatter waits; tests and models bring their own."""

    wait: Callable[[float], None] = time.sleep
    """Seconds."""
    clock: Callable[[], float] = time.monotonic
    """Seconds since any moment."""
    jitter: Callable[[], float] = random.random
    """From 0 to 1."""


REAL_TIMING = Timing()


@dataclass(frozen=True, slots=True)
class PaceRules:
    """Rates in units a second, and the change of the rate in units a second, each second."""

    start: float
    step: float
    least: float
    leaves_s: float
    """What no wait, and nothing that is sent, takes of the function's time; in seconds."""


WRITE_PACE = PaceRules(start=200, step=10, least=20, leaves_s=RESERVE_S)
READ_PACE = PaceRules(start=600, step=30, least=60, leaves_s=READING_RESERVE_S)
"""A new table takes three times as many reads as writes: 12,000 and 4,000 units a second (AWS)."""


class Pace:
    """The pace of one kind of request. It may be shared between threads, each of which waits until it may send."""

    def __init__(self, rules: PaceRules, invocation: Invocation, timing: Timing = REAL_TIMING) -> None:
        self._rules = rules
        self._invocation = invocation
        self._timing = timing
        self._lock = Lock()
        self._is_searching = True
        self._next_at = self._cut_at = self._used_at = 0.0
        self.rate: float | None = None
        """Units a second; None while nothing was throttled."""

    def acquire(self, units: int, *, leaving_s: float | None = None) -> None:
        """Waits until that many units may be sent. Raises Throttled where the function does not last so long;
        `leaving_s` is what to leave of it, None what the rules say."""
        with self._lock:
            delay_s = self._reserve(units)
        self._invocation.ensure_time_for(delay_s, leaving_s=leaving_s or self._rules.leaves_s)
        if delay_s > 0:
            self._timing.wait(delay_s)

    def learn(self, units: int, *, throttled: int) -> None:
        """Takes in how many of the units that were sent were throttled."""
        with self._lock:
            if throttled:
                self._slow_down()
            elif self.rate is not None:
                self.rate += units * log(2) if self._is_searching else self._rules.step * units / self.rate
        if throttled:
            self._invocation.count_throttled(throttled)

    def _reserve(self, units: int) -> float:
        """Returns how long to wait; 0 where there is no pace to keep."""
        now = self._timing.clock()
        if now - self._used_at > IDLE_S:
            self.rate = None
        self._used_at = now
        if self.rate is None:
            return 0.0
        due_at = max(self._next_at, now - CATCH_UP_S)
        self._next_at = due_at + units / self.rate
        return max(0.0, due_at - now)

    def _slow_down(self) -> None:
        now = self._timing.clock()
        if self.rate is None:
            self.rate, self._is_searching, self._cut_at, self._next_at = self._rules.start, True, now, now
        elif now - self._cut_at >= HOLD_S:
            self.rate, self._is_searching, self._cut_at = max(self._rules.least, self.rate * CUT), False, now
        self._next_at = max(self._next_at, now + self._timing.jitter() * BACK_OFF_UNITS / self.rate)
