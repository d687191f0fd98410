"""Executions of the shipped state machines, whose functions may fail, under the names of errors that AWS reports.

What a function raises has the name of its class. A process that is gone says how it went (`Crash`). Whether and how
often the state is tried again, its own `Retry` list in the definition says; the waits between pass on the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from statemachine.interpreter import Invocation, Json, StateFailed, do_in_order, execute, run_in_order
from statemachine.retries import Tries
from tests.faults.crash import Crash
from tests.faults.recorder import inside_function
from tests.import_world import Clock
from tests.state_functions import Function

ATTEMPTS_PER_EVENT = 3
"""How often Lambda invokes a function for an event that nothing waits for: once, and twice more after errors.
Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
FUNCTION_LIFETIME_S = 15 * 60

KILLED, TIMED_OUT, NEVER_ANSWERED = "Runtime.ExitError", "Sandbox.Timedout", "Lambda.ClientExecutionTimeoutException"

Answer = TypeVar("Answer")
Invoke = Callable[[str, Callable[[], Any]], Any]
"""Runs one function of the service once: it is given the function's name and what to do."""


def attempts_at(error: str, most: int = 1_000) -> int:
    """Returns how often a state is run whose every attempt ends with this error."""
    tries = Tries()
    return next(number for number in range(1, most) if tries.longest_delay_s(error) is None)


def invoke_once(name: str, do: Callable[[], Answer]) -> Answer:
    """Runs a function once, under its name, without any fault of its own."""
    with inside_function(name):
        return do()


def run_execution(
    definition: Mapping[str, Any],
    given: Json,
    call: Callable[[Invocation], Json],
    clock: Clock,
    spread: Callable[[Sequence[Callable[[], Json]]], list[Json]] = do_in_order,
) -> None:
    """Runs an execution to its end. Raises StateFailed when it fails."""

    def wait(longest_s: float) -> None:
        clock.now_s += longest_s

    run_in_order(execute(definition, given), call, wait, spread)


def reporting_errors(functions: Mapping[str, Function], invoke: Invoke) -> Callable[[Invocation], Json]:
    """Returns what calls these functions through `invoke` and raises their errors as Step Functions is told of them."""

    def call(invocation: Invocation) -> Json:
        name = name_of(invocation)
        try:
            return invoke(name, partial(functions[invocation.function], invocation.payload))
        except Crash as crash:
            raise StateFailed(crash.error, name) from crash
        except StateFailed:
            raise
        except Exception as error:
            raise StateFailed(type(error).__name__, f"{name}: {error}") from error

    return call


def name_of(invocation: Invocation) -> str:
    """Returns what an invocation is called in tests: `processing 2`, `processing gate`, `shard 3`, or its state."""
    payload = invocation.payload
    if "task" in payload:
        return f"{payload.get('phase', 'shard')} {payload['task']}"
    return f"{payload['phase']} gate" if "phase" in payload else invocation.state
