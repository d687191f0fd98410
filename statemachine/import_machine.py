"""One import as a state machine, made from the table of phases (`chalicelib/model/phases.py`).

    Begin → PlanImport → Route → RunPhases ⟲ ─────────────────────────→ FinishImport      a small source, in one task
                               → Prevalidation → PrevalidationGate → … → Cleanup → CleanupGate → FinishImport
    RunPhases → ImportFinished                                                            where it has ended it, too
    FinishImport → WriteResults → FinishImport                                            where there are many rows

A phase is a Map over its tasks with a gate after it, which answers with the next phase: rehearsals are left out where
an import has nothing to rehearse. Phases that write records run fewer tasks at a time, because the records table takes
only so many writes a second. Where the time of a function is too short for a task, it is called again and goes on (⟲,
and in each Map). Workbooks go the same two ways through functions with more memory. A function that is killed leads to
FinishImport, inside a Map to `stop_task` first. What became of many rows is written by a Map of its own before
FinishImport puts it together; where a function is killed there, the machine fails, and another execution goes on. An
execution that does nothing but end an import begins at FinishImport; one that looks at its source does nothing else,
and is over also where that takes too much memory.
"""

from collections.abc import Mapping

from chalicelib.imports.events import ImportRoute
from chalicelib.model.phases import PHASES, PhaseName, PhaseSpec, phases_behind
from statemachine.asl import (
    MAX_CONCURRENCY,
    PROCESSING_CONCURRENCY,
    State,
    States,
    TaskStates,
    call,
    choose,
    each_task,
    from_input,
)

IMPORT = from_input("tenant_id", "import_id", "attempt")

FINISH = "FinishImport"
FINISHED = "ImportFinished"


def import_machine(mode: Mapping[str, str]) -> State:
    """Returns the definition; `mode` is how its Maps run."""
    first = state_of(PHASES[0])
    states: States = {
        "Begin": choose(
            {ImportRoute.FINISH.value: FINISH, ImportRoute.DESCRIBE.value: "DescribeSource"}, otherwise="PlanImport"
        ),
        "DescribeSource": call("describe_source", then="SourceDescribed", when_killed="SourceDescribed"),
        "SourceDescribed": {"Type": "Succeed"},
        "PlanImport": call("plan_import", then="Route", when_killed=FINISH),
        "Route": choose(
            {
                ImportRoute.RUN_PHASES.value: "RunPhases",
                ImportRoute.RUN_PHASES_ON_WORKBOOK.value: "RunPhasesOnWorkbook",
                ImportRoute.PREVALIDATE.value: first,
                ImportRoute.PREVALIDATE_WORKBOOK.value: f"{first}OfWorkbook",
            },
            otherwise=FINISH,
        ),
        "RunPhases": call("run_phases", then="AfterRunPhases", when_killed=FINISH),
        "AfterRunPhases": _after_run_phases("RunPhases"),
        "RunPhasesOnWorkbook": call("run_phases_on_workbook", then="AfterRunPhasesOnWorkbook", when_killed=FINISH),
        "AfterRunPhasesOnWorkbook": _after_run_phases("RunPhasesOnWorkbook"),
    }
    for phase in PHASES:
        states |= _phase(phase, mode)
    sections = TaskStates("write_results", IMPORT)
    states |= {
        FINISH: call("finish_import", then="AfterFinishImport"),
        "AfterFinishImport": choose({ImportRoute.WRITE_RESULTS.value: "WriteResults"}, otherwise=FINISHED),
        "WriteResults": each_task("WriteResults", sections, mode, then=FINISH),
        FINISHED: {"Type": "Succeed"},
    }
    return {"Comment": "One import; see statemachine/import_machine.py.", "StartAt": "Begin", "States": states}


def _after_run_phases(state: str) -> State:
    return choose({ImportRoute.CONTINUE.value: state, ImportRoute.DONE.value: FINISHED}, otherwise=FINISH)


def state_of(phase: PhaseSpec) -> str:
    """Returns the name of the state that runs a phase."""
    return _state_named(phase.name)


def _state_named(name: PhaseName) -> str:
    return name.value.title().replace("_", "")


def _phase(phase: PhaseSpec, mode: Mapping[str, str]) -> States:
    """A Map over the tasks, a gate that closes the phase, and after all but the last a choice by its answer."""
    name, following = state_of(phase), phases_behind(phase.name)
    event, gate, after = {**IMPORT, "phase": phase.name.value}, f"{name}Gate", f"After{name}"
    concurrency = PROCESSING_CONCURRENCY if phase.writes_records else MAX_CONCURRENCY
    states: States = {}
    for state, function in ((name, phase.function), (f"{name}OfWorkbook", phase.workbook_function)):
        if function:
            task = TaskStates(function, event, call("stop_task"))
            states[state] = each_task(state, task, mode, then=gate, concurrency=concurrency)
    if not following:
        return states | {gate: call("close_phase", event, then=FINISH, when_killed=FINISH)}
    states[gate] = call("close_phase", event, then=after, when_killed=FINISH)
    states[after] = choose({one.value: _state_named(one) for one in following}, otherwise=FINISH)
    return states
