"""Runs a state machine as its definition says, one state after the other, for tests.

Comes in: a definition that `statemachine/` returns, the input, and how a Lambda function is invoked. Three kinds of
state are known, for ours have no others: tasks that invoke functions, choices between texts, and Maps over a list.
Nothing is tried again.
"""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Invoke = Callable[[str, Json], Json]
"""Invokes the function of this logical id with an event; returns what it answers."""


class Killed(Exception):
    """Raised by a function that is killed for its memory."""


def run_machine(graph: Json, given: Json, invoke: Invoke) -> Json:
    """Returns the output of the last state."""
    name, value = graph["StartAt"], given
    while True:
        state = graph["States"][name]
        if state["Type"] == "Choice":
            name = _next_state(state, value)
            continue
        try:
            value = _run_map(state, value, invoke) if state["Type"] == "Map" else _run_task(state, value, invoke)
        except Killed:
            name = state["Catch"][0]["Next"]
            value |= {"killed": {"Error": "Runtime.OutOfMemory", "Cause": "{}"}}
            continue
        if state.get("End"):
            return value
        name = state["Next"]


def _run_task(state: Json, value: Json, invoke: Invoke) -> Json:
    parameters = state["Parameters"]
    event = value if parameters.get("Payload.$") == "$" else _selected(parameters["Payload"], value)
    return invoke(parameters["FunctionName"].removeprefix("${").removesuffix("Arn}"), event)


def _run_map(state: Json, value: Json, invoke: Invoke) -> Json:
    """Its result is thrown away."""
    assert state["ResultPath"] is None
    for item in _at(state["ItemsPath"], value):
        run_machine(state["ItemProcessor"], _selected(state["ItemSelector"], value, item), invoke)
    return value


def _next_state(state: Json, value: Json) -> str:
    for choice in state["Choices"]:
        if _at(choice["Variable"], value) == choice["StringEquals"]:
            return str(choice["Next"])
    return str(state["Default"])


def _selected(wanted: Json, value: Json, item: object = None) -> Json:
    return {
        name.removesuffix(".$"): _at(one, value, item) if name.endswith(".$") else one for name, one in wanted.items()
    }


def _at(path: str, value: Json, item: object = None) -> Any:
    return item if path == "$$.Map.Item.Value" else value[path.removeprefix("$.")]
