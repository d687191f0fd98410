"""Lambda as AWS documents its concurrency: what an account, a reservation and the speed of scaling let through.

A call that none of them lets through is throttled at once. A call that comes through takes an environment that is idle,
else a new one, which starts first; then the function's model says how long it works and what it answers.
Sources: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html,
https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html and
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench.event_loop import EventLoop
from bench.state_machine import Respond
from statemachine.interpreter import Json, StateFailed

THROTTLED = "Lambda.TooManyRequestsException"
NEW_ENVIRONMENTS = 1_000
"""Of each function in `SCALING_S` seconds (AWS); refilled bit by bit."""
SCALING_S = 10.0
REQUESTS_PER_CONCURRENCY = 10
"""Calls a second for each unit of concurrency (AWS)."""
IDLE_S = 300.0
"""How long an idle environment lives; AWS names no number."""
START_S = 1.0
"""How long a new environment takes to start; `docs/performance.md` measures less on one core."""
LATER_S = (1.0, 300.0)
"""Between tries of an event that was throttled, growing from one to the other; for six hours (AWS)."""

SecondsOf = Callable[[str, Json], float]
"""Returns for how many seconds a function works on a payload."""


@dataclass(slots=True)
class _Environments:
    running: int = 0
    idle: list[float] = field(default_factory=list)
    """Since when each of those that wait for work does, oldest first."""
    may_start: float = NEW_ENVIRONMENTS
    refilled_at_s: float = 0.0


class LambdaService:
    """The functions of one account: which calls run, which are throttled."""

    def __init__(self, loop: EventLoop, *, account: int, reserved: Mapping[str, int], seconds_of: SecondsOf) -> None:
        self.throttles: Counter[str] = Counter()
        """Calls that were throttled, by function."""
        self.calls = 0
        self.most_running = 0
        self._loop = loop
        self._reserved = reserved
        self._unreserved = account - sum(reserved.values())
        self._requests_a_s = account * REQUESTS_PER_CONCURRENCY
        self._seconds_of = seconds_of
        self._functions: dict[str, _Environments] = {}
        self._running = self._running_unreserved = 0
        self._second, self._in_second = -1, 0

    def invoke(self, function: str, payload: Json, respond: Respond, do: Callable[[], Json | StateFailed]) -> None:
        """Calls a function and waits for its answer, which `do` makes when its work is done."""
        self.calls += 1
        environments = self._functions.setdefault(function, _Environments())
        if not self._lets_through(function, environments):
            self.throttles[function] += 1
            respond(StateFailed(THROTTLED))
            return
        start_s = 0.0 if self._takes_idle(environments) else START_S
        self._change(function, environments, 1)

        def end() -> None:
            self._change(function, environments, -1)
            environments.idle.append(self._loop.now_s)
            respond(do())

        self._loop.call_after(start_s + self._seconds_of(function, payload), end)

    def send(self, function: str, payload: Json, do: Callable[[], object]) -> None:
        """Calls a function for an event; Lambda itself tries again while it is throttled."""
        delay_s, most_s = LATER_S

        def attempt(delay_s: float) -> None:
            def respond(answer: Json | StateFailed) -> None:
                if isinstance(answer, StateFailed) and answer.error == THROTTLED:
                    self._loop.call_after(delay_s, lambda: attempt(min(delay_s * 2, most_s)))

            self.invoke(function, payload, respond, do)

        attempt(delay_s)

    def _lets_through(self, function: str, environments: _Environments) -> bool:
        if int(self._loop.now_s) != self._second:
            self._second, self._in_second = int(self._loop.now_s), 0
        self._in_second += 1
        reserved = self._reserved.get(function)
        is_full = self._running_unreserved >= self._unreserved if reserved is None else environments.running >= reserved
        self._forget_idle(environments)
        may_start = bool(environments.idle) or self._may_start(environments)
        return not is_full and may_start and self._in_second <= self._requests_a_s

    def _may_start(self, environments: _Environments) -> bool:
        passed_s = self._loop.now_s - environments.refilled_at_s
        refilled = environments.may_start + passed_s * NEW_ENVIRONMENTS / SCALING_S
        environments.may_start, environments.refilled_at_s = min(NEW_ENVIRONMENTS, refilled), self._loop.now_s
        return environments.may_start >= 1

    def _takes_idle(self, environments: _Environments) -> bool:
        if environments.idle:
            environments.idle.pop()
            return True
        environments.may_start -= 1
        return False

    def _forget_idle(self, environments: _Environments) -> None:
        while environments.idle and environments.idle[0] < self._loop.now_s - IDLE_S:
            environments.idle.pop(0)

    def _change(self, function: str, environments: _Environments, by: int) -> None:
        environments.running += by
        if function not in self._reserved:
            self._running_unreserved += by
        self._running += by
        self.most_running = max(self.most_running, self._running)
