"""What can happen to one call: kinds of faults, each a function of the call and the clock.

`before` means that the effect never came about, `after` that it did and only its answer was lost.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.errors import Fatal, Retryable
from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.simulated_import import LIFE_OF_A_FUNCTION_S
from tests.import_world import Clock

Mishap = Callable[[Call, Clock], Any]


def crash_before(call: Call, clock: Clock) -> Any:
    raise Crash


def crash_after(call: Call, clock: Clock) -> Any:
    call.perform()
    raise Crash


def timeout_before(call: Call, clock: Clock) -> Any:
    """The function hung here until it was killed."""
    clock.now_s += LIFE_OF_A_FUNCTION_S
    raise Crash


def timeout_after(call: Call, clock: Clock) -> Any:
    call.perform()
    clock.now_s += LIFE_OF_A_FUNCTION_S
    raise Crash


def throttled(call: Call, clock: Clock) -> Any:
    """What throttling, and a 500 or 503 of S3, become once the adapter has given up."""
    raise Retryable("slow down")


def answer_lost(call: Call, clock: Clock) -> Any:
    """Done, but the connection broke, and the adapter has given up."""
    call.perform()
    raise Retryable("connection reset")


def sent_twice(call: Call, clock: Clock) -> Any:
    """Done, the answer was lost, and the adapter itself tried again: it sees its own doing as somebody else's."""
    key, *rest = call.args
    again = replace(call, args=(key, list(rest[0]))) if call.name in STREAMING else call
    again.perform()
    return again.perform()


def refused(call: Call, clock: Clock) -> Any:
    """What no repetition mends."""
    raise Fatal("the store refused it")


STREAMING = ("files.write_stream", "files.write_streams")
"""Calls that are given chunks which can be had only once."""

HARMLESS: dict[str, Mishap] = {
    "crash before": crash_before,
    "crash after": crash_after,
    "timeout before": timeout_before,
    "timeout after": timeout_after,
    "throttled": throttled,
    "answer lost": answer_lost,
    "sent twice": sent_twice,
}
"""One of these, once, must leave no trace."""

OF_READING: dict[str, Mishap] = {"crash before": crash_before, "throttled": throttled, "crash after": crash_after}
"""Calls that change nothing need fewer."""


class Once:
    """A tap that lets one call go wrong."""

    def __init__(self, number: int, mishap: Mishap, clock: Clock) -> None:
        self._number = number
        self._mishap = mishap
        self._clock = clock

    def __call__(self, call: Call) -> Any:
        return self._mishap(call, self._clock) if call.number == self._number else call.perform()


def in_part(writes: Callable[[int], bool], error: type[BaseException]) -> Mishap:
    """A call of `write_many` that performs only some of its writes, by position, before it breaks off."""

    def mishap(call: Call, clock: Clock) -> Any:
        tenant_id, resource, wanted = call.args
        some = [one for position, one in enumerate(wanted) if writes(position)]
        replace(call, args=(tenant_id, resource, some)).perform()
        raise error

    return mishap


class Outage:
    """A tap: from the n-th call on, calls of the same name go wrong, so many times in all."""

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
    raise Retryable("out of order")


def do_and_fail(call: Call) -> Any:
    call.perform()
    raise Retryable("connection reset")
