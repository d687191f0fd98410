"""Imports that are ended from outside: by an execution of their own, or without files."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.imports.endings import end_without_files, execution_stopped
from chalicelib.imports.events import FinishEvent, ImportRoute, StoppedEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.workspace import Workspace
from chalicelib.maintenance import reap_all
from chalicelib.model.guard_rails import GuardRails
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import FINAL, Action, Import, PhaseStatus, Source, Stats, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.retention import DAY_S
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.memory import MemoryEvents, MemoryTaskResults
from tests.real_pipeline import connect_pipeline
from tests.world import NOW, OURS, World

LIMITS = Limits(end_tries=2)
ALL_OR_NOTHING = GuardRails(all_or_nothing=True)


def stopped(import_: Import, *, route: ImportRoute = ImportRoute.PLAN) -> StoppedEvent:
    given = {"tenant_id": OURS, "import_id": import_.import_id, "attempt": import_.attempt, "route": route}
    return StoppedEvent.model_validate({"status": "ABORTED", "input": orjson.dumps(given).decode()})


def test_an_import_whose_execution_failed_is_ended_by_another() -> None:
    world = World()
    import_ = world.add_import(Status.PROCESSING)

    for _ in range(2):
        execution_stopped(world.stores, stopped(import_))

    (execution,) = world.executions
    assert (execution.name, execution.is_dead) == (f"imp_given-1-end-{import_.deadline_at}", True)
    assert execution.ending is not None
    assert execution.ending.text == "internal_error: the import's execution ended as ABORTED"
    assert world.stored_import(import_) == import_


def test_an_ending_that_failed_is_left_to_the_reaper() -> None:
    world = World()

    execution_stopped(world.stores, stopped(world.add_import(Status.PROCESSING), route=ImportRoute.FINISH))

    assert world.started == []


def test_the_end_of_an_older_attempt_and_of_what_is_gone_or_has_ended_means_nothing() -> None:
    world = World()
    newer = world.add_import(Status.PROCESSING, attempt=2)
    ended = world.add_import(Status.TIMED_OUT, "imp_ended")

    for import_ in (replace(newer, attempt=1), replace(newer, import_id=ImportId("imp_gone")), ended):
        execution_stopped(world.stores, stopped(import_))

    assert world.started == []


def test_an_end_that_was_not_published_yet_is_taken_up() -> None:
    world = World()

    execution_stopped(world.stores, stopped(world.add_import(Status.FAILED, unpublished_since=NOW)))

    assert len(world.started) == 1


def with_results(world: World, import_: Import) -> Stats:
    """Adds what tasks have told, and returns the stats that follow: 10 rows, of which 4 have no outcome."""
    read = TaskResult(phase=PhaseName.PREVALIDATION, task=0, entered=10, left=3, stats=Stats(total=10, failed=3))
    written = TaskResult(
        phase=PhaseName.PROCESSING, task=0, entered=3, stats=Stats(created=2, updated=1), problem_counts={"missing": 3}
    )
    for result in (read, written):
        world.stores.results.put_once(import_.import_id, import_.attempt, result)
    return Stats(total=10, failed=3, created=2, updated=1, unprocessed=4)


def test_without_files_every_row_that_tasks_told_of_has_one_outcome_and_no_phase_stays_open() -> None:
    world = World(LIMITS)
    import_ = world.add_import(Status.PROCESSING, resource="unicorns", end_tries=3)
    begun = tuple(replace(one, status=PhaseStatus.PROCESSING) for one in import_.phases[:1])
    import_ = replace(import_, phases=(*begun, *import_.phases[1:]))
    world.stores.imports.report(import_)
    wanted = with_results(world, import_)
    for pool, holder in (("import", f"{OURS}#imp_given"), (f"import#{OURS}", "imp_given")):
        world.stores.slots.take(pool, holder, slots=5)

    ended = end_without_files(world.context, import_)

    assert ended is not None
    assert (ended.status, ended.stats, ended.stats.accounted) == (Status.FAILED, wanted, 10)
    assert ended.problem_counts == {"missing": 3}
    assert [one.status for one in ended.phases] == [PhaseStatus.FAILED] + [PhaseStatus.SKIPPED] * 6
    assert ended.phases[0].success == 7
    assert world.stores.slots.list_holders("import", slots=5) == []
    assert isinstance(world.stores.events, MemoryEvents)
    assert [one.event_type for one in world.stores.events.published] == ["import.failed"]
    assert end_without_files(world.context, import_) is None


@pytest.mark.parametrize("reason", [None, "canceled: by its caller"])
def test_without_files_the_reason_of_an_import_that_was_ending_stays(reason: str | None) -> None:
    world = World(LIMITS)
    import_ = world.add_import(Status.PROCESSING, end_tries=3, reason=reason)

    ended = end_without_files(world.context, import_)

    assert ended is not None
    own = "internal_error: the import could not be ended in 2 tries; it has no files"
    assert ended.reason == (reason or own)


def test_rows_that_do_not_add_up_are_made_to() -> None:
    world = World(LIMITS)
    import_ = world.add_import(Status.PROCESSING, end_tries=3)
    world.stores.results.put_once(
        import_.import_id, 1, TaskResult(phase=PhaseName.PROCESSING, task=0, stats=Stats(total=1, created=3))
    )

    ended = end_without_files(world.context, import_)

    assert ended is not None
    assert ended.stats == Stats(total=3, created=3)


WRITTEN = TaskResult(phase=PhaseName.PROCESSING, task=0, entered=1, stats=Stats(created=1))
RELOCATED = TaskResult(phase=PhaseName.CLEANUP, task=0, relocated=1)
NAMED = TaskResult(phase=PhaseName.PROCESSING, task=0, stats=Stats(failed=1, created_references={"companies": 1}))
FAILED = TaskResult(phase=PhaseName.PREVALIDATION, task=0, entered=1, left=1, stats=Stats(total=1, failed=1))


@pytest.mark.parametrize(
    ("result", "fields", "is_changed"),
    [
        pytest.param(WRITTEN, {}, True, id="it has created"),
        pytest.param(NAMED, {}, True, id="it has created what a row names"),
        pytest.param(RELOCATED, {"action": Action.OVERWRITE}, True, id="its cleanup has relocated"),
        pytest.param(FAILED, {}, False, id="no row was written"),
        pytest.param(WRITTEN, {"is_preview": True}, False, id="a preview"),
    ],
)
def test_what_was_written_can_be_undone_without_files_too(
    result: TaskResult, fields: dict[str, Any], is_changed: bool
) -> None:
    world = World(LIMITS)
    import_ = world.add_import(Status.PROCESSING, end_tries=3, **fields)
    whole = world.add_import(Status.PROCESSING, "imp_whole", end_tries=3, guard_rails=ALL_OR_NOTHING, **fields)
    for one in (import_, whole):
        world.stores.results.put_once(one.import_id, 1, result)
        end_without_files(world.context, one)

    assert world.stored_import(import_).undo_until == (NOW + LIMITS.undo_days * DAY_S if is_changed else None)
    assert world.stored_import(import_).busy_with is None
    assert (world.stored_import(whole).busy_with is not None) is is_changed


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_task_that_died_before_it_could_tell_may_have_changed_records(has_begun: bool) -> None:
    world = World(LIMITS)
    import_ = world.add_import(Status.PROCESSING, end_tries=3, guard_rails=ALL_OR_NOTHING)
    if has_begun:
        attempts = Workspace(world.stores.files, import_, attempt_id="try1").attempts
        attempts.mark_started(PhaseName.PROCESSING, 0, world.now)

    end_without_files(world.context, import_)

    ended = world.stored_import(import_)
    assert (ended.undo_until is not None, ended.busy_with is not None) == (has_begun, has_begun)


class UnreadableResults(MemoryTaskResults):
    """No result can be read."""

    def list_results(self, *_: object) -> list[TaskResult]:
        """Raises what reading damaged JSON raises."""
        raise ValueError("no JSON")


def test_where_not_even_results_can_be_read_what_the_import_shows_is_believed() -> None:
    world = World(LIMITS)
    world.context = replace(world.context, stores=replace(world.stores, results=UnreadableResults()))
    shown = Stats(total=5, created=2)
    import_ = world.add_import(Status.PROCESSING, end_tries=3, stats=shown)

    with pytest.raises(ValueError, match="no JSON"):
        end_without_files(world.context, import_)
    ended = end_without_files(world.context, replace(import_, end_tries=4))

    assert ended is not None
    assert ended.stats == Stats(total=5, created=2, unprocessed=3)
    assert ended.undo_until is not None


def test_a_dropped_file_finds_its_result_without_files_too() -> None:
    world = World(LIMITS)
    key = f"drop/{OURS}/contacts/merge/people.csv"
    import_ = world.add_import(Status.PROCESSING, end_tries=3, dialect="drop", source=Source(key=key))

    end_without_files(world.context, import_)

    result = orjson.loads(world.stores.files.read_file(f"{key}.result.json"))
    assert (result["status"], result["errors_file"]) == ("failed", None)


def run_endings(world: World, machine: ImportMachine, done: set[str]) -> None:
    """Runs what was started to end imports; what raises has failed."""
    for execution in world.executions:
        if execution.ending and execution.name not in done:
            done.add(execution.name)
            try:
                machine.finish(FinishEvent.model_validate(execution.given))
            except Exception:
                execution.stopped_by = "an error"


@pytest.mark.parametrize("is_dead", [False, True], ids=["overdue", "dead"])
def test_an_import_of_an_unknown_resource_ends_after_some_tries_and_others_before_it(is_dead: bool) -> None:
    world, done = World(LIMITS), set[str]()
    machine = connect_pipeline(world)
    deadline_at = NOW + 9_999_999 if is_dead else NOW - 1
    poisoned = world.add_import(Status.PROCESSING, "imp_poisoned", deadline_at=deadline_at, resource="unicorns")
    wanted = with_results(world, poisoned)
    healthy = [world.add_import(Status.PROCESSING, f"imp_{number}", deadline_at=NOW - 1) for number in range(3)]
    if is_dead:
        execution_stopped(world.stores, stopped(poisoned))
    reap_all(world.context)
    run_endings(world, machine, done)

    assert [world.stored_import(one).status for one in healthy] == [Status.TIMED_OUT] * 3
    for _ in range(4):
        assert world.stored_import(poisoned).status not in FINAL
        world.now += 3601
        reap_all(world.context)
        run_endings(world, machine, done)
        if world.stored_import(poisoned).is_final:
            break

    ended = world.stored_import(poisoned)
    assert (ended.status, ended.stats) == (Status.FAILED, wanted)
    assert reap_all(world.context).failed == 0
