"""The graphs of both machines, which neither the emulator nor cfn-lint checks: a wrong name would only show on AWS."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.exports.events import ExportRoute, Steering
from chalicelib.imports.events import ImportRoute, Step
from chalicelib.imports.workspace import BATCHES_PER_SPLIT
from chalicelib.model.ids import ImportId
from chalicelib.model.limits import Limits
from chalicelib.model.phases import FIRST_PHASE, PHASES, PhaseName, PhaseSpec
from local.template import definitions_of, to_definition_string
from statemachine.asl import DISTRIBUTED, logical_id
from statemachine.import_machine import state_of
from statemachine.retries import KILLED, RETRIES
from tests.import_world import TENANT
from tests.template import read_template

State = dict[str, Any]

DEFINITIONS = definitions_of("prod")

ENDS = {"Succeed", "Fail"}


def each_graph(graph: State, path: str = "") -> Iterator[tuple[str, State]]:
    """The machine's own graph, and that of every Map and Parallel in it."""
    yield path or "machine", graph
    for name, state in graph["States"].items():
        inner = [state["ItemProcessor"]] if "ItemProcessor" in state else state.get("Branches", [])
        for number, branch in enumerate(inner):
            yield from each_graph(branch, f"{path}{name}[{number}]")


EVERY_GRAPH = [
    (f"{machine} {path}", graph)
    for machine, definition in DEFINITIONS.items()
    for path, graph in each_graph(definition)
]
GRAPHS = [pytest.param(graph, id=path) for path, graph in EVERY_GRAPH]
STATES = [
    pytest.param(state, id=f"{path}.{name}") for path, graph in EVERY_GRAPH for name, state in graph["States"].items()
]


def each_next(state: State) -> Iterator[str]:
    for way in [state, *state.get("Choices", []), *state.get("Catch", [])]:
        if "Next" in way:
            yield way["Next"]
    if "Default" in state:
        yield state["Default"]


def reachable(graph: State) -> set[str]:
    seen: set[str] = set()
    ahead = [graph["StartAt"]]
    while ahead:
        name = ahead.pop()
        if name not in seen and name in graph["States"]:
            seen.add(name)
            ahead += each_next(graph["States"][name])
    return seen


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_next_state_exists(graph: State) -> None:
    named = {graph["StartAt"], *(name for state in graph["States"].values() for name in each_next(state))}

    assert named <= set(graph["States"])


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_state_is_reachable(graph: State) -> None:
    assert reachable(graph) == set(graph["States"])


@pytest.mark.parametrize("state", STATES)
def test_every_state_goes_on_or_ends(state: State) -> None:
    ways_on = [key for key in ("Next", "End", "Choices") if state.get(key)]

    assert len(ways_on) == (0 if state["Type"] in ENDS else 1)


@pytest.mark.parametrize("state", STATES)
def test_every_choice_has_a_default(state: State) -> None:
    assert state["Type"] != "Choice" or "Default" in state


@pytest.mark.parametrize("state", STATES)
def test_every_task_is_tried_again_in_the_same_way(state: State) -> None:
    assert state["Type"] != "Task" or state["Retry"] == list(RETRIES)


def is_last_resort(state: State) -> bool:
    """Whether killed functions lead to it; killed itself, it fails the execution, which then reaches the finaliser."""
    payload = state["Parameters"].get("Payload", {})
    return payload.get("step") == "finish" or state["Parameters"]["FunctionName"] in (
        "${FinishImportArn}",
        "${StopTaskArn}",
        "${WriteResultsArn}",
    )


@pytest.mark.parametrize("state", STATES)
def test_only_killed_functions_are_caught_and_all_that_do_work(state: State) -> None:
    if state["Type"] == "Task":
        caught = [(one["ErrorEquals"], one["ResultPath"]) for one in state.get("Catch", [])]

        assert caught == ([] if is_last_resort(state) else [(KILLED["ErrorEquals"], "$.killed")])


@pytest.mark.parametrize("machine", DEFINITIONS)
def test_no_two_states_of_a_machine_have_one_name(machine: str) -> None:
    """Source: "Each state name must be unique within the scope of the whole state machine", states-language.net."""
    names = [name for _, graph in each_graph(DEFINITIONS[machine]) for name in graph["States"]]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("state", STATES)
def test_no_map_catches_so_that_a_failed_run_can_be_redriven(state: State) -> None:
    assert state["Type"] != "Map" or "Catch" not in state


MAPS = [state for state in STATES if state.values[0]["Type"] == "Map"]  # type: ignore[index]


@pytest.mark.parametrize("state", MAPS)
def test_every_map_is_distributed_and_takes_its_tasks_from_the_state(state: State) -> None:
    assert state["ItemProcessor"]["ProcessorConfig"] == DISTRIBUTED
    assert (state["ItemsPath"], state["ResultPath"]) == ("$.tasks", None)


@pytest.mark.parametrize(("stage", "mode"), [("local", "INLINE"), ("dev", "DISTRIBUTED"), ("prod", "DISTRIBUTED")])
def test_maps_are_inline_on_this_machine_alone(stage: str, mode: str) -> None:
    definitions = definitions_of(stage).values()

    graphs = [found for definition in definitions for found in each_graph(definition)]
    configs = [inner["ProcessorConfig"] for path, inner in graphs if path != "machine"]

    assert {config["Mode"] for config in configs} == {mode}
    assert all(("ExecutionType" in config) == (config["Mode"] == "DISTRIBUTED") for config in configs)
    assert len(configs) == len(MAPS)


def test_the_largest_list_of_tasks_fits_into_a_state() -> None:
    """Step Functions takes 256 KiB as a state's input or output. Tasks are numbered from 0; batches by span, the last
    of which is the highest."""
    limits = Limits()
    splits = limits.parts_upload_bytes // limits.split_bytes
    largest = [splits * BATCHES_PER_SPLIT - number for number in range(limits.tasks)]
    step = Step(tenant_id=TENANT, import_id=ImportId("i" * 30), attempt=1, route="transforming", tasks=tuple(largest))

    assert len(json.dumps(step.model_dump(mode="json"))) < 200 * 1024


@pytest.mark.parametrize("machine", DEFINITIONS)
def test_the_template_gives_every_substitution(machine: str) -> None:
    given = read_template()["Resources"][machine]["Properties"]["DefinitionSubstitutions"]

    assert set(re.findall(r"\$\{(\w+)\}", to_definition_string(DEFINITIONS[machine]))) <= set(given)


def test_the_export_machine_speaks_the_words_of_its_functions() -> None:
    states = DEFINITIONS["ExportMachine"]["States"]
    payloads = [state["Parameters"]["Payload"] for state in states.values() if "Payload" in state.get("Parameters", {})]
    routes = {choice["StringEquals"] for state in states.values() for choice in state.get("Choices", [])}

    assert {payload["step"] for payload in payloads} == set(Steering)
    assert routes | {"finish"} == set(ExportRoute)


def test_the_import_machine_has_a_way_for_every_route() -> None:
    states = DEFINITIONS["ImportMachine"]["States"]
    routes = {choice["StringEquals"] for state in states.values() for choice in state.get("Choices", [])}

    assert routes | {"plan", "done", FIRST_PHASE} == {*ImportRoute, *PhaseName}


@pytest.mark.parametrize("phase", PHASES, ids=lambda one: one.name)
def test_every_phase_is_a_map_over_its_function_and_a_gate(phase: PhaseSpec) -> None:
    states, name = DEFINITIONS["ImportMachine"]["States"], state_of(phase)

    inner = states[name]["ItemProcessor"]["States"].values()
    called = [one["Parameters"]["FunctionName"] for one in inner if one["Type"] == "Task"]
    assert called == [f"${{{logical_id(phase.function)}Arn}}", "${StopTaskArn}"]
    assert (states[name]["ItemSelector"]["phase"], states[name]["Next"]) == (phase.name, f"{name}Gate")
    assert states[f"{name}Gate"]["Parameters"]["Payload"]["phase"] == phase.name


def test_a_substituted_number_is_a_number() -> None:
    text = to_definition_string({"MaxConcurrency": "${MaxConcurrency}", "Comment": "${Comment}"})

    filled = text.replace("${MaxConcurrency}", "40").replace("${Comment}", "forty")

    assert json.loads(filled) == {"MaxConcurrency": 40, "Comment": "forty"}
