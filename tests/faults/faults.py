"""Faults: what can go wrong with one call of a store, each a function of the call and the clock.

`before` means that the effect never came about, `after` that it did and that only its answer was lost.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from chalicelib.errors import Fatal, Retryable
from tests.faults.crash import Crash
from tests.faults.executions import FUNCTION_LIFETIME_S, TIMED_OUT, Invoke, invoke_once
from tests.faults.recorder import Call
from tests.import_world import Clock

Fault = Callable[[Call, Clock], Any]


def crash_before(call: Call, clock: Clock) -> Any:
    """Ends the process before the call."""
    raise Crash


def crash_after(call: Call, clock: Clock) -> Any:
    """Ends the process after the call."""
    call.perform()
    raise Crash


def timeout_before(call: Call, clock: Clock) -> Any:
    """Hangs until the function is killed, before the call."""
    clock.now_s += FUNCTION_LIFETIME_S
    raise Crash(TIMED_OUT)


def timeout_after(call: Call, clock: Clock) -> Any:
    """Hangs until the function is killed, after the call."""
    call.perform()
    clock.now_s += FUNCTION_LIFETIME_S
    raise Crash(TIMED_OUT)


def throttled(call: Call, clock: Clock) -> Any:
    """Raises what throttling, and a 500 or 503 of S3, become once the adapter has given up."""
    raise Retryable("slow down")


def answer_lost(call: Call, clock: Clock) -> Any:
    """Performs the call and loses its answer: the connection broke, and the adapter has given up."""
    call.perform()
    raise Retryable("connection reset")


def sent_twice(call: Call, clock: Clock) -> Any:
    """Performs the call twice: the adapter lost the first answer, and takes its own effect for that of another."""
    key, *rest = call.args
    again = replace(call, args=(key, list(rest[0]))) if call.name in STREAMING else call
    again.perform()
    return again.perform()


def refused(call: Call, clock: Clock) -> Any:
    """Raises what no repetition mends."""
    raise Fatal("the store refused it")


STREAMING = ("files.write_stream", "files.write_streams")
"""The calls that are given chunks which can be read only once."""

RECOVERABLE: dict[str, Fault] = {
    "crash before": crash_before,
    "crash after": crash_after,
    "timeout before": timeout_before,
    "timeout after": timeout_after,
    "throttled": throttled,
    "answer lost": answer_lost,
    "sent twice": sent_twice,
}
"""The faults that must leave no trace when they happen once."""

READ_FAULTS: dict[str, Fault] = {"crash before": crash_before, "throttled": throttled, "crash after": crash_after}
"""The faults of calls that change nothing."""


def own_cases(calls: Sequence[Call], kind: str) -> list[Call]:
    """Returns the calls at which a fault of one of these kinds is a case of its own.

    Nothing happens between two calls of one invocation, so that to end after one is to end before the next. Crashes are
    injected before every call, time-outs before every effect. An event that was published, and whose answer was lost,
    is not marked as published, as if that were throttled.
    """
    if kind == "throttled":
        return [call for call in calls if not call.name.endswith(".mark_published")]
    if kind == "crash after":
        return [call for call, following in each_with_next(calls) if following is None]
    if kind == "timeout after":
        return [call for call, following in each_with_next(calls) if following is None or not following.is_effect]
    return list(calls)


def each_with_next(calls: Sequence[Call]) -> Iterator[tuple[Call, Call | None]]:
    """Yields each call, and the next one of its invocation, if there is any."""
    for position, call in enumerate(calls, 1):
        later = islice(calls, position, None)
        following = next((one for one in later if one.depth <= call.depth or one.invocation != call.invocation), None)
        yield call, following if following and following.invocation == call.invocation else None


class FaultAtCall:
    """An intercept that injects a fault at one call."""

    def __init__(self, number: int, fault: Fault, clock: Clock) -> None:
        self._number = number
        self._mishap = fault
        self._clock = clock

    def __call__(self, call: Call) -> Any:
        return self._mishap(call, self._clock) if call.number == self._number else call.perform()


def in_part(writes: Callable[[int], bool], error: type[BaseException]) -> Fault:
    """Makes a fault of `write_many` that performs only the writes at some positions, then raises the error."""

    def fault(call: Call, clock: Clock) -> Any:
        tenant_id, resource, all_ = call.args
        some = [one for position, one in enumerate(all_) if writes(position)]
        replace(call, args=(tenant_id, resource, some)).perform()
        raise error

    return fault


class Outage:
    """An intercept that injects a fault at the n-th call and those of its name after it, `times` times in all."""

    def __init__(self, number: int, name: str, times: int, happen: Callable[[Call], Any]) -> None:
        self._number = number
        self._name = name
        self._left = times
        self._happen = happen

    def __call__(self, call: Call) -> Any:
        if call.number < self._number or call.name != self._name or not self._left:
            return call.perform()
        self._left -= 1
        return self._happen(call)


def fail(call: Call) -> Any:
    """Raises before the call is performed."""
    raise Retryable("out of order")


def do_and_fail(call: Call) -> Any:
    """Raises after the call was performed."""
    call.perform()
    raise Retryable("connection reset")


def invoking_twice(nth: int, *, believed: int) -> Invoke:
    """Makes the n-th invocation happen twice; the machine is given the first answer or the second."""
    numbers = iter(range(1_000_000))

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        answers = [invoke_once(name, do)]
        if next(numbers) == nth:
            answers.append(invoke_once(name, do))
        return answers[-1 if believed else 0]

    return invoke
