"""Imports whose functions are killed for their memory, driven by the state machine that is deployed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from chalicelib.imports.events import Event, ExecutionInput, FinishEvent, KilledTaskEvent, TaskEvent
from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, Stats, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Write, Written
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import end_of_canceling
from chalicelib.stores.memory import MemoryRecords
from statemachine.interpreter import Invocation, Json, StateFailed, execute, run_in_order
from tests.import_world import TENANT, ImportWorld
from tests.state_functions import IMPORT_MACHINE, import_functions

ROWS = 4 * WRITE_BATCH_ROWS
PEOPLE = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(ROWS))
CUT = Limits(small_source_bytes=0, split_bytes=len(PEOPLE) // 4, batch_rows=2 * WRITE_BATCH_ROWS)
OUT_OF_MEMORY = (
    "out_of_memory: a task needed more memory than its function has. Split the source, or leave out columns; the "
    "operator of the service can give its functions more memory."
)
ERROR = "Runtime.ExitError"
CAUSE = '{"errorMessage": "RequestId: 1 Error: Runtime exited with error: signal: killed"}'


class Killed(BaseException):
    """The process is gone."""


class DeadlyRecords(MemoryRecords):
    """The process that writes the n-th write batch is killed right after it, and each that comes after it before."""

    def __init__(self, nth: int) -> None:
        super().__init__()
        self._left = nth

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms) if self._left > 0 else []
        self._left -= 1
        if self._left <= 0:
            raise Killed
        return written


Killing = Callable[[str, Json], bool]
"""Says by the function and its payload whether its process is killed as it begins."""


def run(world: ImportWorld, import_: Import, is_killed: Killing) -> list[str]:
    """Runs the import's execution to its end, and returns the functions that were called."""
    functions, calls = import_functions(world.machine), list[str]()

    def invoke(invocation: Invocation) -> Json:
        calls.append(invocation.function)
        try:
            if is_killed(invocation.function, invocation.payload):
                raise Killed
            return functions[invocation.function](invocation.payload)
        except Killed:
            raise StateFailed(ERROR, CAUSE) from None

    event = ExecutionInput(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    run_in_order(execute(IMPORT_MACHINE, event.model_dump(mode="json")), invoke)
    return calls


def deadly(world: ImportWorld, nth: int) -> ImportWorld:
    world.stores = replace(world.stores, records=DeadlyRecords(nth))
    world.machine = replace(world.machine, stores=world.stores)
    return world


def survive(world: ImportWorld) -> None:
    """The process that comes next has the memory that it needs."""
    world.stores.records._left = 10**6  # type: ignore[attr-defined]


def reap(world: ImportWorld, import_: Import) -> Import:
    """What the reaper does with a canceling import that is due."""
    stored = world.get(import_)
    assert stored.deadline_at is not None
    world.clock.now_s = stored.deadline_at + 1
    world.machine.end(stored, end_of_canceling(stored))
    return world.get(import_)


def test_a_split_that_kills_its_function_ends_the_import_after_two_tries() -> None:
    world = ImportWorld(limits=CUT)
    import_ = world.queue(PEOPLE)

    calls = run(world, import_, lambda function, payload: function == "Prevalidate" and payload["task"] == 1)

    ended = world.get(import_)
    assert calls.count("StopTask") == 1
    assert (ended.status, ended.reason) == (Status.FAILED, OUT_OF_MEMORY)
    assert ended.stats == Stats(total=ended.stats.total, unprocessed=ended.stats.total)
    assert 0 < ended.stats.total < ROWS


def test_tasks_that_begin_after_another_was_killed_do_nothing() -> None:
    world = ImportWorld(limits=CUT)
    import_ = world.queue(PEOPLE)
    ids = {"tenant_id": TENANT, "import_id": import_.import_id, "attempt": 1, "phase": "prevalidation"}
    world.machine.plan(Event.model_validate(ids))

    killed = {"Error": ERROR, "Cause": CAUSE}
    world.machine.stop_task(KilledTaskEvent.model_validate({**ids, "task": 0, "killed": killed}))
    world.machine.run_task(TaskEvent.model_validate({**ids, "task": 1}))

    results = world.stores.results.list_results(import_.import_id, 1, PhaseName.PREVALIDATION)
    assert [(one.stopped_by.text, one.entered) for one in results if one.stopped_by] == [
        (OUT_OF_MEMORY, 0),
        ("canceled", 0),
    ]


@pytest.mark.parametrize("function", ["PlanImport", "ClosePhase", "FindDuplicates", "RunBatchPhase"])
def test_whatever_is_killed_the_import_says_so(function: str) -> None:
    world = ImportWorld(limits=CUT)
    import_ = world.queue(PEOPLE)

    run(world, import_, lambda called, _: called == function)

    ended = world.get(import_)
    assert (ended.status, ended.reason) == (Status.FAILED, OUT_OF_MEMORY)
    assert ended.stats.accounted == ended.stats.total
    assert world.records() == []


@pytest.mark.parametrize("limits", [Limits(), CUT], ids=["in one task", "in batches"])
def test_what_a_killed_task_has_written_is_counted_once_none_of_its_tries_can_live(limits: Limits) -> None:
    world = deadly(ImportWorld(limits=limits), nth=1)
    import_ = world.queue(PEOPLE)

    run(world, import_, lambda *_: False)

    stopping = world.get(import_)
    assert (stopping.status, stopping.reason) == (Status.CANCELING, OUT_OF_MEMORY)
    assert stopping.deadline_at is not None
    assert stopping.deadline_at <= world.clock.now_s + ATTEMPT_LIVES_S
    survive(world)
    ended = reap(world, import_)
    assert (ended.status, ended.reason) == (Status.FAILED, OUT_OF_MEMORY)
    assert ended.stats == Stats(total=ROWS, created=WRITE_BATCH_ROWS, unprocessed=ROWS - WRITE_BATCH_ROWS)
    assert len(world.records()) == WRITE_BATCH_ROWS


def test_a_caller_who_canceled_first_reads_canceled() -> None:
    world = ImportWorld(limits=CUT)
    import_ = world.queue(PEOPLE)

    def cancel_and_kill(function: str, payload: Json) -> bool:
        if function == "Prevalidate":
            change = ImportChange(to=Status.CANCELING, at=int(world.clock()))
            world.stores.imports.change(TENANT, import_.import_id, change)
        return bool(function == "Prevalidate" and payload["task"] == 0)

    run(world, import_, cancel_and_kill)

    assert (world.get(import_).status, world.get(import_).reason) == (Status.CANCELED, "canceled")


def test_a_process_that_crashed_for_another_reason_is_told_apart() -> None:
    world = ImportWorld()
    import_ = world.queue(PEOPLE)
    event = ExecutionInput(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    killed = {"Error": "Runtime.ExitError", "Cause": '{"errorMessage": "Runtime exited with error: exit status 1"}'}

    world.machine.finish(FinishEvent.model_validate({**event.model_dump(), "killed": killed}))

    reason = "task_crashed: the process of a task ended before its work did. Try again."
    assert (world.get(import_).status, world.get(import_).reason) == (Status.FAILED, reason)
