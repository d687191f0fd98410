"""Exports whose functions are killed for their memory, driven by the state machine that is deployed."""

from collections.abc import Callable
from random import Random

import pytest

from bench.event_loop import EventLoop
from bench.state_machine import Execution, Failure, Json, Respond, StateMachine, substituted
from chalicelib.exports.events import ExportEvent, ShardEvent
from chalicelib.model.exports import Export, ExportStage, ExportStatus
from local.template import definitions_of
from tests.export_world import ExportWorld

OUT_OF_MEMORY = (
    "out_of_memory: a task needed more memory than its function has. Ask for fewer fields or a narrower filter; the "
    "operator of the service can give its functions more memory."
)
KILLED = Failure(
    "Runtime.ExitError", '{"errorMessage": "RequestId: 1 Error: Runtime exited with error: signal: killed"}'
)


class Functions:
    """The functions of an export over a world, each in a process that `is_killed` may end as it begins."""

    def __init__(self, world: ExportWorld, is_killed: Callable[[str, Json], bool]) -> None:
        self.world, self.is_killed = world, is_killed
        self.calls: list[str] = []

    def invoke(self, function: str, payload: Json, respond: Respond) -> None:
        self.calls.append(function)
        respond(KILLED if self.is_killed(function, payload) else self._answer(function, payload))

    def _answer(self, function: str, payload: Json) -> Json:
        steps = self.world.steps
        if function == "ExportShard":
            return steps.read(ShardEvent.model_validate(payload))
        if function == "JoinExport":
            return steps.join(ExportEvent.model_validate(payload)).model_dump(mode="json")
        return steps.steer(payload)


def run(functions: Functions, export: Export) -> Execution:
    loop = EventLoop()
    definition = substituted(definitions_of("prod")["ExportMachine"], MaxConcurrency=1)
    machine = StateMachine(definition=definition, invoke=functions.invoke, loop=loop, random=Random(7))
    execution = machine.start({"tenant_id": export.tenant_id, "export_id": export.export_id})
    loop.run()
    return execution


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

    execution = run(Functions(world, is_killed), export)

    ended = world.stored_export(export)
    assert execution.error is None
    assert (ended.status, ended.reason, ended.files) == (ExportStatus.FAILED, OUT_OF_MEMORY, ())
    assert world.stores.files.delete_files(f"work/{export.tenant_id}/{export.export_id}/") == 0


def test_shards_that_were_not_begun_are_not_read_once_another_was_killed() -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann", "email": "ann@example.com"})
    export = world.ask()
    functions = Functions(world, lambda function, payload: function == "ExportShard" and payload["task"] == 0)

    run(functions, export)

    assert functions.calls.count("ExportShard") == world.stored_export(export).progress.shards + 1
    assert world.stores.exports.list_results(export.export_id, ExportStage.SHARD) == []
