"""Exports whose functions are killed for their memory, driven by the state machine that is deployed."""

from collections.abc import Callable

import pytest

from chalicelib.model.exports import Export, ExportStage, ExportStatus
from statemachine.interpreter import Invocation, Json, StateFailed, execute, run_in_order
from tests.export_world import ExportWorld
from tests.state_functions import EXPORT_MACHINE, export_functions

OUT_OF_MEMORY = (
    "out_of_memory: a task needed more memory than its function has. Ask for fewer fields or a narrower filter; the "
    "operator of the service can give its functions more memory."
)
CAUSE = '{"errorMessage": "RequestId: 1 Error: Runtime exited with error: signal: killed"}'


def run(world: ExportWorld, export: Export, is_killed: Callable[[str, Json], bool]) -> list[str]:
    """Runs the export's execution to its end, and returns the functions that were called; those of which `is_killed`
    says so by name and payload are killed as they begin."""
    functions, calls = export_functions(world.steps), list[str]()

    def invoke(invocation: Invocation) -> Json:
        calls.append(invocation.function)
        if is_killed(invocation.function, invocation.payload):
            raise StateFailed("Runtime.ExitError", CAUSE)
        return functions[invocation.function](invocation.payload)

    run_in_order(execute(EXPORT_MACHINE, {"tenant_id": export.tenant_id, "export_id": export.export_id}), invoke)
    return calls


KILLINGS: list[Callable[[str, Json], bool]] = [
    lambda function, payload: payload.get("step") == "start",
    lambda function, payload: function == "ExportShard" and payload["task"] == 1,
    lambda function, payload: payload.get("step") == "gate",
    lambda function, payload: function == "JoinExport",
]


@pytest.mark.parametrize("is_killed", KILLINGS, ids=["start", "a shard", "gate", "join"])
def test_whatever_is_killed_the_export_ends_after_two_tries_and_says_so(is_killed: Callable[[str, Json], bool]) -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann", "email": "ann@example.com"})
    export = world.ask()

    run(world, export, is_killed)

    ended = world.stored_export(export)
    assert (ended.status, ended.reason, ended.files) == (ExportStatus.FAILED, OUT_OF_MEMORY, ())
    assert world.stores.files.delete_files(f"work/{export.tenant_id}/{export.export_id}/") == 0


def test_shards_that_were_not_begun_are_not_read_once_another_was_killed() -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann", "email": "ann@example.com"})
    export = world.ask()

    calls = run(world, export, lambda function, payload: function == "ExportShard" and payload["task"] == 0)

    assert calls.count("ExportShard") == world.stored_export(export).progress.shards + 1
    assert world.stores.exports.list_results(export.export_id, ExportStage.SHARD) == []
