"""Imports whose time is over, or whose execution died, and those that wait for a slot."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.reaper import delete_kept_sources, look_after_imports, reap_imports
from chalicelib.lifecycle.reaper import Reaped, Run
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import FINAL, Import, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.stop_reasons import StopReason, end_reason_of
from chalicelib.stores.interfaces import ExecutionStatus
from chalicelib.stores.memory import MemoryImportExecutions
from tests.reaping import a_run
from tests.world import NOW, World, an_import

LIMITS = Limits(end_tries=3)


def kept_source(world: World, **fields: Any) -> Import:
    """Adds an import that has ended, with a source that was needed until a moment ago."""
    file = world.uploaded(an_import())
    source = Source(key=file.key, version_id=file.version_id)
    wanted: dict[str, Any] = {"source": source, "source_until": NOW - 1}
    return world.add_import(Status.COMPLETED, **(wanted | fields))


def has_source(world: World, import_: Import) -> bool:
    assert import_.source is not None
    return world.stores.files.find_file(import_.source.key) is not None


def test_a_source_that_was_kept_for_a_while_goes() -> None:
    world = World()
    import_ = kept_source(world)

    assert reap_all(world.context) == Reaped()

    assert not has_source(world, import_)
    assert world.stored_import(import_).source_until is None


@pytest.mark.parametrize(
    ("fields", "is_left"),
    [
        pytest.param({"source_until": NOW + 1}, True, id="before its time"),
        pytest.param({"busy_with": "imp_child", "confirmed_as": "imp_child"}, True, id="while it is being imported"),
        pytest.param({"busy_with": "imp_undo"}, True, id="while it is being undone"),
        pytest.param({"confirmed_as": "imp_child"}, False, id="that another import takes care of"),
    ],
)
def test_a_source_that_is_needed_stays(fields: dict[str, object], is_left: bool) -> None:
    world = World()
    import_ = kept_source(world, **fields)

    delete_kept_sources(a_run(world.context))

    assert has_source(world, import_)
    assert (world.stored_import(import_).source_until is not None) is is_left


def test_sources_that_there_is_no_time_for_go_in_the_next_run() -> None:
    world = World()
    import_ = kept_source(world)

    delete_kept_sources(a_run(world.context, time_s=0))

    assert has_source(world, import_)


def test_an_upload_that_never_came_expires() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED, upload_expires_at=NOW - 1)

    reaped = reap_all(world.context)

    expired = world.stored_import(import_)
    assert reaped == Reaped(ended=1)
    assert (expired.status, expired.ended_at) == (Status.EXPIRED, NOW)
    assert expired.reason == "upload_not_received: no file arrived until 2023-11-14T22:13:19Z."


def test_a_file_whose_event_was_lost_begins_instead_of_expiring() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED, upload_expires_at=NOW - 1)
    world.uploaded(import_)

    reap_all(world.context)

    begun = world.stored_import(import_)
    assert (begun.status, begun.end_tries, begun.due_at) == (Status.QUEUED, 0, begun.deadline_at)
    assert world.started == ["imp_given-1"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.QUEUED, "timed_out: the import was not done by 2023-11-14T22:13:19Z."),
        (Status.PROCESSING, "timed_out: the import was not done by 2023-11-14T22:13:19Z."),
        (Status.CANCELING, "canceled"),
    ],
)
def test_what_is_past_its_deadline_is_ended_by_an_execution_of_its_own(status: Status, reason: str) -> None:
    world = World()
    import_ = world.add_import(status, deadline_at=NOW - 1)

    reaped = reap_imports(a_run(world.context))

    (execution,) = world.executions
    assert (reaped, world.runner.ended) == (Reaped(ended=1), [])
    assert (execution.name, execution.is_dead) == (f"imp_given-1-end-{NOW + 300}", False)
    assert execution.ending is not None
    assert execution.ending.text == reason
    assert world.stored_import(import_).status is status


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
def test_what_still_has_time_is_left_alone(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)

    assert reap_all(world.context) == Reaped()
    assert world.stored_import(import_) == import_


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
def test_what_no_execution_can_end_has_failed_after_some_tries(status: Status) -> None:
    world = World(LIMITS)
    import_ = world.add_import(status, deadline_at=NOW - 1, upload_expires_at=NOW - 1, resource="unicorns")
    if status is Status.REQUESTED:
        world.context = replace(world.context, stores=replace(world.stores, files=Broken()))  # type: ignore[arg-type]

    for _ in range(LIMITS.end_tries + 1):
        assert not world.stored_import(import_).is_final
        reap_imports(a_run(world.context))
        world.now += 3601

    ended = world.stored_import(import_)
    assert (ended.status, ended.has_errors_file) == (Status.FAILED, False)
    assert ended.reason == "internal_error: the import could not be ended in 3 tries; it has no files"
    assert len(world.executions) == (0 if status is Status.REQUESTED else 3)
    assert reap_imports(a_run(world.context)) == Reaped()


class Broken:
    """A store in which everything fails."""

    def __getattr__(self, name: str) -> object:
        raise TypeError(f"{name} is broken")


def test_a_poisoned_import_keeps_none_of_a_hundred_others_waiting() -> None:
    world = World(LIMITS)
    poisoned = world.add_import(Status.PROCESSING, "imp_poisoned", deadline_at=NOW - 200)
    for number in range(100):
        world.add_import(Status.PROCESSING, f"imp_{number:03}", deadline_at=NOW - 100 + number)
    executions = PoisonedExecutions(world)
    world.context = replace(world.context, stores=replace(world.stores, import_executions=executions))

    runs = [reap_imports(Run(world.context, until=world.now + 60)) for _ in range(2)]

    assert runs == [Reaped(ended=59, failed=1), Reaped(ended=41)]
    assert executions.ended == [f"imp_{number:03}" for number in range(100)]
    for _ in range(LIMITS.end_tries):
        world.now += 3601
        reap_imports(a_run(world.context, time_s=1))
    assert world.stored_import(poisoned).status is Status.FAILED


class PoisonedExecutions(MemoryImportExecutions):
    """Ending an import takes a second, and of one import it takes more memory than there is."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.ended: list[ImportId] = []
        self._world = world

    def start_ending(self, import_: Import, stopped_by: StopReason, *, is_dead: bool) -> None:
        """Ends the import at once, and notes it."""
        self._world.now += 1
        if import_.import_id == "imp_poisoned":
            raise MemoryError
        self.ended.append(import_.import_id)
        self._world.runner.end(import_, end_reason_of(stopped_by))


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED", "SUCCEEDED"])
def test_an_import_whose_execution_died_without_a_word_is_ended(status: str) -> None:
    world = World()
    import_ = world.add_import(Status.PROCESSING)
    died(world, import_, ExecutionStatus(status))

    reaped = reap_all(world.context)

    (_, execution) = world.executions
    assert reaped == Reaped(ended=1)
    assert (execution.name, execution.is_dead) == (f"imp_given-1-end-{NOW + 300}", True)
    assert execution.ending is not None
    assert execution.ending.text == f"internal_error: the import's execution ended as {status}"


def test_it_is_ended_again_later_where_that_did_not_help_and_not_before() -> None:
    world = World()
    died(world, world.add_import(Status.PROCESSING))

    reap_all(world.context)
    world.now += 300
    at_once = reap_all(world.context)
    world.now += 1
    later = reap_all(world.context)

    assert (at_once, later) == (Reaped(), Reaped(ended=1))
    assert [one.is_dead for one in world.executions[1:]] == [True, True]
    why = [one.ending.text for one in world.executions[1:] if one.ending]
    assert why[1] == "internal_error: the import's execution died"


def test_an_import_whose_death_was_told_of_is_left_to_its_deadline() -> None:
    world = World()
    died(world, world.add_import(Status.CANCELING, reason="internal_error: it died"))

    assert look_after_imports(a_run(world.context)) == Reaped()
    assert len(world.executions) == 1


def test_an_import_that_was_being_canceled_when_its_execution_died_is_ended() -> None:
    world = World()
    died(world, world.add_import(Status.CANCELING))

    assert look_after_imports(a_run(world.context)) == Reaped(ended=1)
    assert [one.is_dead for one in world.executions] == [False, True]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.PROCESSING, Status.CANCELING])
def test_an_import_whose_execution_was_never_started_is_started(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)
    world.stores.imports.watch(import_)

    look_after_imports(a_run(world.context))

    assert world.started == ["imp_given-1"]


def test_an_import_that_never_started_waits_for_its_turn_like_any_other() -> None:
    world = World(Limits(tenant_imports=1))
    running, waiting = (world.add_import(Status.PROCESSING, f"imp_{name}") for name in ("running", "waiting"))
    import_queue(world.context.stores, world.context.limits, world.context.clock).start_or_enqueue(running)
    world.stores.imports.watch(waiting)

    look_after_imports(a_run(world.context))

    assert world.started == ["imp_running-1"]


def test_an_import_whose_execution_runs_is_left_alone() -> None:
    world = World()
    died(world, world.add_import(Status.PROCESSING), ExecutionStatus.RUNNING)

    assert look_after_imports(a_run(world.context)) == Reaped()
    assert world.started == ["imp_given-1"]


def died(world: World, import_: Import, status: ExecutionStatus = ExecutionStatus.FAILED) -> None:
    """Starts the execution of an import, which ends without a word."""
    world.stores.imports.watch(import_)
    world.stores.import_executions.start(import_)
    world.executions[-1].status = status
