"""An interpreter of the state machines as they are shipped, on the clock of an `EventLoop`.

Comes in: a definition of `statemachine/`, what its `${…}` stand for, and a function that stands for Lambda. Goes out:
executions that call functions, choose, map, try again and end as Step Functions' do. Only what our definitions use is
understood; anything else is refused, so that a new word in a definition cannot be passed over.
Sources: https://states-language.net/spec.html and
https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bench.event_loop import EventLoop
from local.template import to_definition_string
from statemachine.retries import Tries, stands_for

Json = Any
State = Mapping[str, Any]

HISTORY_EVENTS = 25_000
"""Where Step Functions ends an execution (AWS)."""
EVENTS_OF_A_STATE = 2
"""That it was entered and left; a Map has one more, that it was started."""
EVENTS_OF_A_TRY = 3
"""That a task was scheduled, started, and failed or succeeded."""
EVENTS_OF_A_MAP_RUN = 3
"""That a distributed Map was started, its run was started, and ended."""
HISTORY_IS_FULL = "ExecutionHistoryLimit"
A_MAP_TASK_FAILED = "States.ExceedToleratedFailureThreshold"

UNDERSTOOD = {
    "Task": {"Type", "Resource", "Parameters", "OutputPath", "Retry", "Catch", "Next", "End"},
    "Choice": {"Type", "Choices", "Default"},
    "Map": {"Type", "ItemsPath", "MaxConcurrency", "ItemSelector", "ItemProcessor", "ResultPath", "Next"},
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What a function answers instead of a result."""

    error: str
    """The name of the error, as retriers and catchers know it."""
    cause: str = ""


Respond = Callable[[Json | Failure], None]
Invoke = Callable[[str, Json, Respond], None]
"""Calls a function by its logical id (`PlanImport`) with a payload; answers now or later, once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long Step Functions itself takes, in seconds."""

    state_s: float = 0.03
    """From one state to the next."""
    child_s: float = 0.2
    """Until a task of a distributed Map has started, as an execution of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine:
    """A machine whose executions can be started."""

    definition: State
    """With everything substituted, see `substituted`."""
    invoke: Invoke
    loop: EventLoop
    random: Random
    """Of which jitter is made."""
    pace: Pace = Pace()

    def start(self, given: Json, on_end: Callable[["Execution"], None] = lambda _: None) -> "Execution":
        """Starts an execution with this input. Calls `on_end` once it has ended."""
        execution = Execution(self, self.definition, given, on_end)
        execution.begin()
        return execution


def substituted(definition: State, **parameters: int) -> State:
    """Returns a definition as CloudFormation hands it to Step Functions: numbers for names of parameters, and for the
    ARN of a function its logical id. Raises ValueError for words that the interpreter does not understand.
    """
    text = to_definition_string(dict(definition))
    for name, value in parameters.items():
        text = text.replace(f"${{{name}}}", str(value))
    filled: State = json.loads(re.sub(r"\$\{(\w+)Arn\}", r"\1", text))
    _demand_understood(filled)
    return filled


def _demand_understood(graph: State) -> None:
    for name, state in graph["States"].items():
        unknown = set(state) - UNDERSTOOD.get(state["Type"], set())
        if unknown:
            raise ValueError(f"the {state['Type']} {name} says {', '.join(sorted(unknown))}")
        if state["Type"] == "Map":
            _demand_understood(state["ItemProcessor"])


@dataclass(slots=True, eq=False)
class Execution:
    """One run of a machine, or of one task of a Map."""

    machine: StateMachine
    graph: State
    given: Json
    on_end: Callable[["Execution"], None]
    output: Json = None
    error: str | None = None
    """The name of the error by which it failed."""
    events: int = 1
    """Of its history."""
    tries: int = 0
    """Calls of functions so far, those of its children included."""
    is_over: bool = False
    _running: set["Execution"] = field(default_factory=set)
    """The tasks of a Map that run."""

    def begin(self) -> None:
        """Enters the first state."""
        self._enter(self.graph["StartAt"], self.given)

    def stop(self, error: str = "States.Aborted") -> None:
        """Ends it, and its children with it. Functions that it has called run on; their answers are not heard."""
        if self.is_over:
            return
        self.is_over, self.error = True, error
        for child in list(self._running):
            child.stop(error)
        self.on_end(self)

    def _enter(self, name: str, given: Json) -> None:
        state = self.graph["States"][name]
        do = {"Task": self._call, "Choice": self._choose, "Map": self._map}[state["Type"]]
        self._later(self.machine.pace.state_s, lambda: do(state, given))
        self._note(EVENTS_OF_A_STATE)

    def _leave(self, state: State, output: Json) -> None:
        if "Next" in state:
            self._enter(state["Next"], output)
            return
        self.output, self.is_over = output, True
        self.on_end(self)

    def _choose(self, state: State, given: Json) -> None:
        choices = state["Choices"]
        chosen = next((one["Next"] for one in choices if _at(one["Variable"], given) == one["StringEquals"]), None)
        self._enter(chosen or state["Default"], given)

    def _call(self, state: State, given: Json) -> None:
        called = _filled(state["Parameters"], given)
        tries = Tries(state["Retry"])

        def attempt() -> None:
            self.tries += 1
            if self._note(EVENTS_OF_A_TRY):
                self.machine.invoke(called["FunctionName"], called["Payload"], answer)

        def answer(result: Json | Failure) -> None:
            if self.is_over:
                return
            if not isinstance(result, Failure):
                self._leave(state, _at(state["OutputPath"], {"Payload": result}))
                return
            longest_s = tries.longest_delay_s(result.error)
            if longest_s is None:
                self._fail(state, given, result)
            else:
                self._later(self.machine.random.uniform(0, longest_s), attempt)

        attempt()

    def _fail(self, state: State, given: Json, failure: Failure) -> None:
        """Goes where the first catcher leads that names the error, which is added to the input; ends without one."""
        for catcher in state.get("Catch", ()):
            if stands_for(catcher["ErrorEquals"], failure.error):
                field_ = catcher["ResultPath"].removeprefix("$.")
                self._enter(catcher["Next"], {**given, field_: {"Error": failure.error, "Cause": failure.cause}})
                return
        self.stop(failure.error)

    def _map(self, state: State, given: Json) -> None:
        items = list(_at(state["ItemsPath"], given))[::-1]
        most = state["MaxConcurrency"] or len(items)
        is_distributed = state["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
        self._note(EVENTS_OF_A_MAP_RUN)

        def start_more() -> None:
            while items and len(self._running) < most and not self.is_over:
                begin(items.pop())
            if not items and not self._running and not self.is_over:
                self._leave(state, given)  # ResultPath is null: what the tasks answer is dropped

        def begin(item: Json) -> None:
            event = _filled(state["ItemSelector"], given, item)
            child = Execution(self.machine, state["ItemProcessor"], event, ended)
            self._running.add(child)
            self._later(self.machine.pace.child_s if is_distributed else 0, child.begin)

        def ended(child: Execution) -> None:
            self._running.discard(child)
            self.tries += child.tries
            self._note(0 if is_distributed else child.events)
            if child.error:
                self.stop(A_MAP_TASK_FAILED if is_distributed else child.error)
            start_more()

        start_more()

    def _later(self, delay_s: float, do: Callable[[], None]) -> None:
        self.machine.loop.call_after(delay_s, lambda: None if self.is_over else do())

    def _note(self, events: int) -> bool:
        """Adds events to the history; ends the execution, and returns False, where it is full."""
        self.events += events
        if self.events >= HISTORY_EVENTS:
            self.stop(HISTORY_IS_FULL)
        return not self.is_over


def _filled(template: Json, given: Json, item: Json = None) -> Json:
    """Returns a payload template with its paths followed; `item` is the value that a Map has come to."""
    if not isinstance(template, Mapping):
        return template
    return {
        key.removesuffix(".$"): _at(value, given, item) if key.endswith(".$") else _filled(value, given, item)
        for key, value in template.items()
    }


def _at(path: str, given: Json, item: Json = None) -> Json:
    """Returns what stands at a path. Raises KeyError where nothing does, as Step Functions fails."""
    if path == "$$.Map.Item.Value":
        return item
    for name in path.split(".")[1:]:
        given = given[name]
    return given
