"""The graphs of the state machines as packaged for AWS: kinds of states and the ways between them.

States are numbered from the first one on, breadth first; functions have the names of their effect. Left out is what
states hand to functions and compare, which are words between the two.
"""

import json
import re
from typing import Any

from tests.snapshots.references import filled, plain
from tests.snapshots.stack import Names, names_of, template_of_stage

State = dict[str, Any]

STAGE = "prod"

BARE = re.compile(r"(?<=\"):(\$\{\w+\})")
"""A number that a parameter decides."""

COMPARISONS = {f"{kind}Equals" for kind in ("String", "Numeric", "Boolean", "Timestamp")}

BETWEEN = {"Comment", "ItemSelector", "ItemsPath", "Parameters"}
BETWEEN |= {f"{place}{what}" for place in ("Input", "Output", "Result") for what in ("Path", "Selector")}


def graphs() -> State:
    """By the machine's name."""
    resources, names = template_of_stage(STAGE)["Resources"], names_of(STAGE)
    machines = {name: one for name, one in resources.items() if one["Type"].endswith("::StateMachine")}
    return {names[name]: _graph(_definition(one["Properties"], names)) for name, one in machines.items()}


def _definition(properties: State, names: Names) -> State:
    """With its substitutions in place, numbers as texts; what a condition decides keeps its name."""
    substitutions = plain(properties["DefinitionSubstitutions"], names)
    given = {name: one for name, one in substitutions.items() if isinstance(one, str)}
    quoted = BARE.sub(r':"\1"', properties["DefinitionString"])
    definition: State = json.loads(filled(quoted, given))
    return definition


def _graph(graph: State) -> list[State]:
    """The states in their order."""
    numbers = {name: number for number, name in enumerate(_in_order(graph))}
    return [{"number": number, **_normalised(graph["States"][name], numbers)} for name, number in numbers.items()]


def _in_order(graph: State) -> list[str]:
    order: list[str] = []
    ahead = [graph["StartAt"]]
    while ahead:
        name = ahead.pop(0)
        if name not in order:
            order.append(name)
            ahead += _next_ones(graph["States"][name])
    return order


def _next_ones(state: State) -> list[str]:
    ways = [*state.get("Choices", []), {"Next": state.get("Default")}, state, *state.get("Catch", [])]
    return [way["Next"] for way in ways if way.get("Next")]


def _normalised(state: State, numbers: dict[str, int]) -> State:
    shown = {name: one for name, one in state.items() if name not in BETWEEN}
    for name in {"Next", "Default"} & set(state):
        shown[name] = numbers[state[name]]
    if "Choices" in state:
        shown["Choices"] = [_way(one, numbers) for one in state["Choices"]]
    for name in {"Retry", "Catch"} & set(state):
        shown[name] = [_way(one, numbers) for one in state[name]]
    if "ItemProcessor" in state:
        shown["ItemProcessor"] = state["ItemProcessor"]["ProcessorConfig"] | {"States": _graph(state["ItemProcessor"])}
    if "Branches" in state:
        shown["Branches"] = [_graph(one) for one in state["Branches"]]
    return shown | {"function": state["Parameters"]["FunctionName"]} if "Parameters" in state else shown


def _way(way: State, numbers: dict[str, int]) -> State:
    """A choice, of which only the kind of comparison is shown, or when to try again, or what is caught."""
    shown = {name: one for name, one in way.items() if name not in {"Variable", "ResultPath"}}
    shown |= dict.fromkeys(COMPARISONS & set(way))
    if "ErrorEquals" in way:
        shown["ErrorEquals"] = " ".join(sorted(way["ErrorEquals"]))
    if "Next" in way:
        shown["Next"] = numbers[way["Next"]]
    return shown
