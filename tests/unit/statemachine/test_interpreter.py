"""Definitions are read as Step Functions reads them; expected values are those of the Amazon States Language."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from local.template import definitions_of
from statemachine.asl import DISTRIBUTED, INLINE, TaskStates, call, choose, each_task
from statemachine.interpreter import Branches, Entry, Invocation, Json, StateFailed, Wait, execute, run_in_order
from statemachine.retries import RETRIES

NAMED = {"tenant_id": "acme", "import_id": "imp_1", "attempt": 1}
PLANNED = {**NAMED, "route": "plan"}
WORK = TaskStates("work", {}, call("stop"))
ROUTES = ["prevalidate", "preparsing", "finish"]


class Functions:
    """Functions that note how they are called; failures of each come first, by the names of their errors."""

    def __init__(self, failures: Mapping[str, list[str]] | None = None, task_routes: Sequence[str] = ()) -> None:
        self.failures = {name: list(errors) for name, errors in (failures or {}).items()}
        self.routes = iter(ROUTES)
        self.task_routes = iter(task_routes)
        self.calls: list[tuple[str, Json]] = []
        self.waits: list[float] = []

    def invoke(self, invocation: Invocation) -> Json:
        self.calls.append((invocation.function, invocation.payload))
        if self.failures.get(invocation.function):
            raise StateFailed(self.failures[invocation.function].pop(0), "of a test")
        if invocation.function in ("PlanImport", "ClosePhase"):
            return {**NAMED, "route": next(self.routes), "tasks": [0, 2], "stopped_by": None}
        if invocation.function == "FinishImport":
            return {**NAMED, "route": "done", "tasks": []}
        if "task" in invocation.payload:
            return {**invocation.payload, "route": next(self.task_routes, "done")}
        return f"answer of {invocation.function}"

    def run(self, definition: dict[str, Any], given: Json) -> Json:
        return run_in_order(execute(definition, given), self.invoke, self.waits.append)


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    """A definition that starts at the first of its states."""
    return {"StartAt": next(iter(states)), "States": states}


def caught(state: dict[str, Any], *errors: str, **options: Any) -> dict[str, Any]:
    return {**state, "Catch": [{"ErrorEquals": list(errors), "Next": "Caught", **options}]}


def test_an_import_passes_the_states_that_its_functions_choose() -> None:
    functions = Functions()

    functions.run(definitions_of("prod")["ImportMachine"], PLANNED)

    assert [name for name, _ in functions.calls] == [
        "PlanImport", "Prevalidate", "Prevalidate", "ClosePhase", "FindDuplicates", "FindDuplicates", "ClosePhase",
        "FinishImport",
    ]  # fmt: skip


def test_a_task_of_a_map_is_given_the_import_its_phase_and_its_number() -> None:
    functions = Functions()

    functions.run(definitions_of("prod")["ImportMachine"], PLANNED)

    assert functions.calls[2] == ("Prevalidate", {**NAMED, "phase": "prevalidation", "task": 2})
    assert functions.calls[3] == ("ClosePhase", {**NAMED, "phase": "prevalidation"})


def test_an_answer_is_the_input_of_the_next_state_and_in_the_end_the_output() -> None:
    functions = Functions()
    definition = machine(First=call("first", then="Second"), Second=call("second"))

    output = functions.run(definition, {"n": 1})

    assert functions.calls == [("First", {"n": 1}), ("Second", "answer of First")]
    assert output == "answer of Second"


def test_what_a_map_answers_is_dropped() -> None:
    functions = Functions()
    definition = machine(Each=each_task("Each", WORK, INLINE, then="Last"), Last=call("last"))

    functions.run(definition, {"tasks": [7]})

    assert functions.calls == [("Work", {"task": 7}), ("Last", {"tasks": [7]})]


def test_a_task_is_called_again_with_its_answer_until_it_is_done() -> None:
    functions = Functions(task_routes=["continue", "continue", "done"])
    definition = machine(Each=each_task("Each", WORK, INLINE, then="Last"), Last=call("last"))

    functions.run(definition, {"tasks": [7]})

    again = ("Work", {"task": 7, "route": "continue"})
    assert functions.calls == [("Work", {"task": 7}), again, again, ("Last", {"tasks": [7]})]


def test_a_choice_without_a_match_takes_its_default() -> None:
    functions = Functions()
    definition = machine(Route=choose({"a": "A"}, otherwise="B"), A=call("a"), B=call("b"))

    assert functions.run(definition, {"route": "c"}) == "answer of B"
    assert functions.run(definition, {"route": "a"}) == "answer of A"


def test_a_task_is_tried_again_as_its_own_list_says_and_waits_between() -> None:
    functions = Functions({"First": ["Retryable", "Retryable", "Runtime.ExitError"]})

    assert functions.run(machine(First=call("first")), {}) == "answer of First"
    assert functions.waits == [2, 4, 2]


def test_a_state_without_a_retrier_for_its_error_fails_the_execution() -> None:
    functions = Functions({"First": ["Lambda.ServiceException"]})
    state = {**call("first"), "Retry": [dict(RETRIES[0])]}

    with pytest.raises(StateFailed) as failed:
        functions.run(machine(First=state), {})

    assert (failed.value.error, len(functions.calls)) == ("Lambda.ServiceException", 1)


def test_tries_of_a_state_are_counted_anew_each_time_it_is_entered() -> None:
    functions = Functions({"Work": ["Runtime.ExitError"]})
    definition = machine(Each=each_task("Each", WORK, INLINE, then="Last"), Last=call("last"))

    def invoke(invocation: Invocation) -> Json:
        functions.calls.append((invocation.function, invocation.payload))
        if functions.calls.count((invocation.function, invocation.payload)) == 1:
            raise StateFailed("Runtime.ExitError")
        return {"route": "done"}

    run_in_order(execute(definition, {"tasks": [1, 2, 3]}), invoke)

    assert len(functions.calls) == 8


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        pytest.param(INLINE, "Fatal", id="an inline Map fails with the error of its task"),
        pytest.param(DISTRIBUTED, "States.ExceedToleratedFailureThreshold", id="a distributed Map has one of its own"),
    ],
)
def test_a_task_that_fails_for_good_fails_its_map(mode: dict[str, str], error: str) -> None:
    functions = Functions({"Work": ["Fatal"] * 3})
    definition = machine(Each=each_task("Each", WORK, mode, then="Last"), Last=call("last"))

    with pytest.raises(StateFailed) as failed:
        functions.run(definition, {"tasks": [1, 2, 3]})

    assert (failed.value.error, len(functions.calls)) == (error, 3)


def test_a_catcher_takes_over_once_the_tries_are_used_up() -> None:
    functions = Functions({"First": ["Runtime.OutOfMemory"] * 2})
    definition = machine(First=caught(call("first"), "Runtime.OutOfMemory"), Caught=call("mend"))

    functions.run(definition, {"n": 1})

    assert functions.calls[-1] == ("Mend", {"Error": "Runtime.OutOfMemory", "Cause": "of a test"})
    assert len(functions.calls) == 3


def test_a_catcher_may_add_the_error_to_the_input() -> None:
    functions = Functions({"First": ["Fatal"] * 3})
    definition = machine(First=caught(call("first"), "States.ALL", ResultPath="$.failure"), Caught=call("mend"))

    functions.run(definition, {"n": 1})

    assert functions.calls[-1] == ("Mend", {"n": 1, "failure": {"Error": "Fatal", "Cause": "of a test"}})


def test_a_catcher_of_another_error_catches_nothing() -> None:
    functions = Functions({"First": ["Fatal"] * 3})

    with pytest.raises(StateFailed):
        functions.run(machine(First=caught(call("first"), "Runtime.OutOfMemory"), Caught=call("mend")), {})


def test_a_map_catches_what_its_tasks_fail_with() -> None:
    functions = Functions({"Work": ["Fatal"] * 3})
    state = caught(each_task("Each", WORK, DISTRIBUTED, then="Last"), "States.ExceedToleratedFailureThreshold")

    functions.run(machine(Each=state, Last=call("last"), Caught=call("mend")), {"tasks": [1]})

    assert functions.calls[-1][0] == "Mend"


def test_an_execution_says_what_it_is_about_to_do() -> None:
    definition = machine(Each=each_task("Each", WORK, DISTRIBUTED, then="Last"), Last=call("last"))
    execution = execute(definition, {"tasks": [1, 2]})

    assert next(execution) == Entry("Each")
    branches = execution.send(None)
    assert isinstance(branches, Branches)
    assert (len(branches.executions), branches.max_concurrency, branches.is_distributed) == (
        2,
        "${MaxConcurrency}",
        True,
    )
    assert execution.send([None, None]) == Entry("Last")
    assert execution.send(None) == Invocation("Last", "Last", {"tasks": [1, 2]})
    assert execution.throw(StateFailed("Lambda.TooManyRequestsException")) == Wait(1)


def test_words_that_are_new_are_refused() -> None:
    definition = machine(First={**call("first"), "TimeoutSeconds": 5})

    with pytest.raises(ValueError, match="the Task First says TimeoutSeconds"):
        Functions().run(definition, {})


def test_a_path_that_leads_nowhere_ends_the_execution() -> None:
    definition = machine(First=call("first", {"n.$": "$.n"}))

    with pytest.raises(LookupError, match="there is no"):
        Functions().run(definition, {})
