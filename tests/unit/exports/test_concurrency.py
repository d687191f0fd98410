"""Every way to the end of an export starts the next that waits."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.errors import Retryable
from chalicelib.exports import service
from chalicelib.exports.events import FinishExportEvent
from chalicelib.exports.handlers import ExportMachine
from chalicelib.exports.request import ExportRequest
from chalicelib.maintenance import reap_all
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.limits import Limits
from chalicelib.model.status_changes import ExportChange
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.stores.memory import MemoryExportExecutions
from tests.world import OURS, World

LIMITS = Limits(tenant_exports=1)


def ask(world: World) -> Export:
    return service.request_export(world.context, world.caller(), ExportRequest(dialect="packagex", resource="contact"))


def started(world: World) -> list[str]:
    executions = world.stores.export_executions
    assert isinstance(executions, MemoryExportExecutions)
    return list(executions.started)


def finish(world: World, export: Export) -> None:
    machine = ExportMachine(stores=world.stores, limits=LIMITS, now=lambda: world.now, new_attempt_id=lambda: "att_1")
    stopped_by = StopReason(StopCode.INTERNAL_ERROR, "the execution ended")
    machine.finish(FinishExportEvent(tenant_id=OURS, export_id=export.export_id, stopped_by=stopped_by))


def cancel(world: World, export: Export) -> None:
    service.cancel(world.context, world.caller(), export.export_id)


def time_out(world: World, export: Export) -> None:
    """The deadline of the one that waits lies later."""
    world.now = (export.deadline_at or 0) + 1
    reap_all(world.context)


def fail_and_crash(world: World, export: Export) -> None:
    """The process that ended it dies before it gives the slot back."""
    change = ExportChange(to=ExportStatus.FAILED, at=world.now)
    world.stores.exports.change(OURS, export.export_id, change)
    reap_all(world.context)


ENDS: list[Callable[[World, Export], None]] = [finish, cancel, time_out, fail_and_crash]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_the_end_of_an_export_starts_the_next(end: Callable[[World, Export], None]) -> None:
    world = World(LIMITS)
    first = ask(world)
    world.now += 60
    second = ask(world)
    assert (second.status, started(world)) == (ExportStatus.QUEUED, [first.export_id])

    end(world, first)

    assert started(world) == [first.export_id, second.export_id]


def test_an_export_that_could_not_be_started_keeps_no_slot() -> None:
    class Broken(MemoryExportExecutions):
        def start(self, export: Export) -> None:
            raise Retryable("no machine")

    world = World(LIMITS)
    healthy = world.context
    world.context = replace(healthy, stores=replace(world.stores, export_executions=Broken()))
    with pytest.raises(Retryable):
        ask(world)

    world.context = healthy
    next_one = ask(world)

    assert started(world) == [next_one.export_id]


def test_the_time_that_an_export_may_take_begins_when_it_begins() -> None:
    world = World(LIMITS)
    export = ask(world)
    world.now += 3600

    machine = ExportMachine(stores=world.stores, limits=LIMITS, now=lambda: world.now, new_attempt_id=lambda: "att_1")
    machine.steer({"tenant_id": OURS, "export_id": export.export_id, "step": "start"})

    begun = service.get_export(world.context, world.caller(), export.export_id)
    assert (export.deadline_at, begun.deadline_at) == (world.now + 5 * 3600, world.now + 6 * 3600)
