"""The Lambda functions behind the states of both machines, as `app.py` has them, over machines that are passed in.

Each takes the payload of a Task and returns its answer, both as JSON, by the function's logical id in the template.
"""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from chalicelib.exports.events import ExportEvent, ShardEvent
from chalicelib.exports.handlers import ExportMachine
from chalicelib.imports.events import Event, FinishEvent, GateEvent, KilledTaskEvent, SectionEvent, TaskEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.model.phases import PHASES
from local.template import LOCAL_STAGE, definitions_of
from statemachine.asl import logical_id

Json = Any
Function = Callable[[Json], Json]

DEFINITIONS = definitions_of(LOCAL_STAGE)
"""Both machines as they are deployed, by their logical ids; tasks of a Map share their execution's history."""
IMPORT_MACHINE, EXPORT_MACHINE = DEFINITIONS["ImportMachine"], DEFINITIONS["ExportMachine"]


def import_functions(machine: ImportMachine) -> dict[str, Function]:
    """Returns the functions that the machine of imports calls."""
    of_tasks = {one for phase in PHASES for one in (phase.function, phase.workbook_function) if one}
    functions: dict[str, Function] = {
        "plan_import": lambda payload: _json(machine.plan(Event.model_validate(payload))),
        "run_phases": lambda payload: _json(machine.run_phases(Event.model_validate(payload))),
        "run_phases_on_workbook": lambda payload: _json(machine.run_phases(Event.model_validate(payload))),
        "stop_task": lambda payload: machine.stop_task(KilledTaskEvent.model_validate(payload)),
        "close_phase": lambda payload: _json(machine.close_phase(GateEvent.model_validate(payload))),
        "describe_source": lambda payload: machine.describe_source(Event.model_validate(payload)),
        "finish_import": lambda payload: _json(machine.finish(FinishEvent.model_validate(payload))),
        "write_results": lambda payload: _json(machine.write_results(SectionEvent.model_validate(payload))),
        **dict.fromkeys(of_tasks, lambda payload: _json(machine.run_task(TaskEvent.model_validate(payload)))),
    }
    return {logical_id(name): function for name, function in functions.items()}


def export_functions(machine: ExportMachine) -> dict[str, Function]:
    """Returns the functions that the machine of exports calls."""
    return {
        "SteerExport": machine.steer,
        "ExportShard": lambda payload: _json(machine.read(ShardEvent.model_validate(payload))),
        "JoinExport": lambda payload: _json(machine.join(ExportEvent.model_validate(payload))),
    }


def _json(answer: BaseModel) -> Json:
    return answer.model_dump(mode="json")
