"""Executions run side by side on a clock that leaps, as Step Functions would run them."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest

from bench.event_loop import EventLoop
from bench.state_machine import HISTORY_IS_FULL, Execution, Pace, Respond, StateMachine
from chalicelib.model.limits import Limits
from local.template import definitions_of
from statemachine.interpreter import TOO_MANY_FAILED, Json, StateFailed
from statemachine.retries import KILLED

NAMED = {"tenant_id": "acme", "import_id": "imp_1", "attempt": 1}
ROUTES = ["prevalidate", "preparsing", "finish"]


class Functions:
    """Answers after a second: routes one after the other to what asks for one, failures first where there are any."""

    def __init__(self, loop: EventLoop, *, tasks: int = 3, failures: dict[str, list[str]] | None = None) -> None:
        self.loop, self.tasks, self.failures = loop, tasks, failures or {}
        self.routes = iter(ROUTES)
        self.calls: list[tuple[str, Json]] = []
        self.running = self.most = 0

    def invoke(self, function: str, payload: Json, respond: Respond) -> None:
        self.calls.append((function, payload))
        if self.failures.get(function):
            respond(StateFailed(self.failures[function].pop()))
            return
        self.running += 1
        self.most = max(self.most, self.running)
        self.loop.call_after(1, lambda: self._end(function, respond))

    def _end(self, function: str, respond: Respond) -> None:
        self.running -= 1
        step = {**NAMED, "tasks": list(range(self.tasks)), "stopped_by": None}
        respond({**step, "route": next(self.routes)} if function in ("PlanImport", "ClosePhase") else {"route": "done"})


def machine_of(functions: Functions, definition: dict[str, Any], at_once: int = 2) -> StateMachine:
    return StateMachine(
        definition=definition,
        parameters={"MaxConcurrency": at_once, "ProcessingConcurrency": at_once},
        invoke=functions.invoke,
        loop=functions.loop,
        random=Random(7),
        pace=Pace(0, 0),
    )


def run(functions: Functions, stage: str = "prod", at_once: int = 2) -> Execution:
    execution = machine_of(functions, definitions_of(stage)["ImportMachine"], at_once).start({**NAMED, "route": "plan"})
    functions.loop.run()
    return execution


def test_an_import_passes_the_states_that_its_functions_choose() -> None:
    functions = Functions(EventLoop())

    execution = run(functions)

    assert (execution.is_over, execution.error) == (True, None)
    assert [name for name, _ in functions.calls] == [
        "PlanImport", *["Prevalidate"] * 3, "ClosePhase", *["FindDuplicates"] * 3, "ClosePhase", "FinishImport"
    ]  # fmt: skip


def test_a_task_of_a_map_is_given_the_import_its_phase_and_its_number() -> None:
    functions = Functions(EventLoop())

    run(functions)

    assert functions.calls[3] == ("Prevalidate", {**NAMED, "phase": "prevalidation", "task": 2})


@pytest.mark.parametrize(("at_once", "took_s"), [(1, 10), (2, 8), (40, 6)])
def test_so_many_tasks_of_a_map_run_at_once_as_the_parameter_allows(at_once: int, took_s: int) -> None:
    functions = Functions(EventLoop())

    run(functions, at_once=at_once)

    assert (functions.most, functions.loop.now_s) == (min(at_once, 3), took_s)


def test_a_map_without_tasks_is_passed_at_once() -> None:
    functions = Functions(EventLoop(), tasks=0)

    execution = run(functions)

    assert (execution.error, len(functions.calls)) == (None, 4)


def test_a_task_is_tried_again_as_its_state_says() -> None:
    functions = Functions(EventLoop(), failures={"PlanImport": ["Retryable"] * 6})

    execution = run(functions)

    assert (execution.error, len(functions.calls)) == (None, 7 + 3 + 1 + 3 + 1 + 1)
    assert functions.loop.now_s > 6


def test_what_no_retrier_mends_ends_the_map_its_other_tasks_and_the_execution() -> None:
    functions = Functions(EventLoop(), tasks=20, failures={"Prevalidate": ["Fatal"] * 60})

    execution = run(functions)

    assert (execution.error, execution.output) == (TOO_MANY_FAILED, None)
    assert {name for name, _ in functions.calls} == {"PlanImport", "Prevalidate"}


@pytest.mark.parametrize("error", KILLED["ErrorEquals"])
def test_a_task_that_is_killed_twice_is_stopped_and_told_how(error: str) -> None:
    functions = Functions(EventLoop(), tasks=1, failures={"Prevalidate": [error] * 3})

    execution = run(functions)

    killed = {"Error": error, "Cause": ""}
    assert execution.error is None
    assert [one for one in functions.calls if one[0] in ("Prevalidate", "StopTask")] == [
        *[("Prevalidate", {**NAMED, "phase": "prevalidation", "task": 0})] * 2,
        ("StopTask", {**NAMED, "phase": "prevalidation", "task": 0, "killed": killed}),
    ]


@pytest.mark.parametrize("function", ["PlanImport", "ClosePhase"])
def test_a_function_outside_the_maps_that_is_killed_twice_leads_to_the_end(function: str) -> None:
    functions = Functions(EventLoop(), failures={function: ["Runtime.ExitError"] * 2})

    execution = run(functions)

    last, given = functions.calls[-1]
    assert (execution.error, last, given["killed"]["Error"]) == (None, "FinishImport", "Runtime.ExitError")


def test_a_finish_that_is_killed_fails_the_execution() -> None:
    functions = Functions(EventLoop(), failures={"FinishImport": ["Runtime.ExitError"] * 2})

    assert run(functions).error == "Runtime.ExitError"


def test_a_machine_without_a_retrier_fails_by_what_that_one_named() -> None:
    definition: dict[str, Any] = deepcopy(definitions_of("prod")["ImportMachine"])
    definition["States"]["PlanImport"]["Retry"] = []
    functions = Functions(EventLoop(), failures={"PlanImport": ["Lambda.TooManyRequestsException"]})

    execution = machine_of(functions, definition).start({**NAMED, "route": "plan"})
    functions.loop.run()

    assert execution.error == "Lambda.TooManyRequestsException"


@pytest.mark.parametrize(("stage", "events"), [("prod", 43), ("local", 43 + 6 * (1 + 3 * 2 + 3))])
def test_only_tasks_of_inline_maps_share_their_machines_history(stage: str, events: int) -> None:
    """One start, twelve states of two events each, four calls and two Maps of three each."""
    assert run(Functions(EventLoop()), stage).events == events


def test_a_history_that_is_full_ends_the_execution() -> None:
    functions = Functions(EventLoop(), failures={"PlanImport": ["Lambda.TooManyRequestsException"] * 9_000})

    assert run(functions).error == HISTORY_IS_FULL


def test_stopping_an_execution_ends_the_tasks_of_its_map() -> None:
    functions = Functions(EventLoop(), tasks=100)
    machine = machine_of(functions, definitions_of("prod")["ImportMachine"])
    ended: list[str | None] = []

    execution = machine.start({**NAMED, "route": "plan"}, lambda one: ended.append(one.error))
    functions.loop.call_after(5, execution.stop)
    functions.loop.run()

    assert ended == ["States.Aborted"]
    assert len(functions.calls) < 10


def test_twelve_hours_without_a_function_fail_no_task_and_fill_no_history() -> None:
    """An import may wait for six hours and take six more."""
    functions = Functions(EventLoop(), failures={"PlanImport": ["Lambda.TooManyRequestsException"] * 10_000})
    execution = machine_of(functions, definitions_of("prod")["ImportMachine"]).start({**NAMED, "route": "plan"})

    functions.loop.run(until_s=2 * Limits().import_time_s)

    assert not execution.is_over
    assert len(functions.calls) * 15 == pytest.approx(2 * Limits().import_time_s, rel=0.1)
    assert execution.events < 25_000 / 2
