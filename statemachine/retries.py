"""How a Task of the state machines is tried again: one list of retriers, and how Step Functions reads it.

A state tries again by the first retrier that names its error, as often as that one allows; each retrier counts its own
tries. Every function may be called again, because tasks find by their results and stamps what is done already.
Sources: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html and
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Retrier = Mapping[str, Any]

IN_TIME = 10_000
"""Tries that never end before the import: with a minute between them at most, they last longer than any deadline."""


def _retrier(*errors: str, tries: int, interval_s: int = 2, longest_s: int = 60) -> Retrier:
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": interval_s,
        "BackoffRate": 2,
        "MaxAttempts": tries,
        "MaxDelaySeconds": longest_s,
        "JitterStrategy": "FULL",
    }


THROTTLED = _retrier("Lambda.TooManyRequestsException", "Throttled", tries=IN_TIME, interval_s=1, longest_s=30)
"""No function was free, or a table gave too little while one lasted (`chalicelib.errors.Throttled`): nothing has gone
wrong, the task waits for its turn."""

KILLED = _retrier("Runtime.ExitError", "Runtime.OutOfMemory", "MemoryError", tries=1)
"""The process was killed, which is nearly always for its memory, and will be again; or Python says so itself."""

LOST = _retrier(
    "Retryable",
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.Unknown",
    "Runtime.Unknown",
    "Sandbox.Timedout",
    tries=6,
)
"""What may go well the next time: our own `Retryable`, and what Lambda says when it could not run a function."""

UNFORESEEN = _retrier("States.TaskFailed", tries=2)
"""Whatever else a function or Lambda answers, such as an error of a name that is new."""

RETRIES = (THROTTLED, KILLED, LOST, UNFORESEEN)

TIMEOUTS = frozenset({"States.Timeout", "States.HeartbeatTimeout"})
"""What `States.TaskFailed` does not stand for."""


class Tries:
    """The tries of one state, as Step Functions counts them."""

    def __init__(self, retriers: Sequence[Retrier] = RETRIES) -> None:
        self._retriers = retriers
        self._used: Counter[int] = Counter()

    def longest_delay_s(self, error: str) -> float | None:
        """Counts one more failure by an error of this name. Returns after how many seconds at most it is tried again;
        None if the state fails.
        """
        for number, retrier in enumerate(self._retriers):
            if stands_for(retrier["ErrorEquals"], error):
                tried = self._used[number]
                self._used[number] += 1
                if tried >= retrier["MaxAttempts"]:
                    return None
                delay_s: float = retrier["IntervalSeconds"] * float(retrier["BackoffRate"]) ** min(tried, 30)
                return min(delay_s, float(retrier["MaxDelaySeconds"]))
        return None


def stands_for(names: Sequence[str], error: str) -> bool:
    """Returns whether an `ErrorEquals` means an error of this name."""
    return error in names or "States.ALL" in names or ("States.TaskFailed" in names and error not in TIMEOUTS)
