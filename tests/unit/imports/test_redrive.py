"""An import that broke off at any call goes on where it was, and comes to what it would have come to."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Conflict, Retryable
from chalicelib.imports.events import FinishEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.redrive import redrive
from chalicelib.imports.service import cancel
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S
from chalicelib.imports.undo import undo
from chalicelib.imports.uploads import receive_file
from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, DuplicateHandling, Import, Status, UndoSummary
from chalicelib.model.limits import Limits
from chalicelib.model.retention import DAY_S
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.stores.memory import MemoryEvents, MemoryImports
from tests.faults.crash import Crash
from tests.faults.recorder import Call, CallRecorder
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.retries import imported, outcomes_of, records, requested_again, run
from tests.world import NOW, World

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=4, split_bytes=150)
BEFORE = b"name,email\nOld Ann,ann@x.com\nOld Bob,bob@x.com\nGone,gone@x.com\n"
SOURCE = "name,email\nAnn,ann@x.com\nBob,bob@x.com\nWrong,wrong\nTwin,ann@x.com\n" + "".join(
    f"Person {n},person{n}@x.com\n" for n in range(8)
)
DIED = StopReason(StopCode.INTERNAL_ERROR, "the import's execution ended as FAILED")


def a_world(limits: Limits, action: Action, *, is_empty: bool = False) -> tuple[World, Import]:
    """A world with records or none, and an import that is queued."""
    world = World(limits)
    if not is_empty:
        imported(world, BEFORE, "imp_before")
    world.now += 60
    import_ = world.add_import(action=action, duplicate_handling=DuplicateHandling.USE_FIRST)
    file = world.uploaded(import_, SOURCE.encode())
    receive_file(world.context, file.key, file.version_id)
    return world, world.stored_import(import_)


def machine_that_dies(world: World, number: int, *, is_performed: bool) -> tuple[ImportMachine, list[int]]:
    """A machine whose process dies at a call, and the calls that it has come to."""
    seen: list[int] = []

    def intercept(call: Call) -> Any:
        seen.append(call.number)
        if call.number != number:
            return call.perform()
        if is_performed:
            call.perform()
        raise Crash

    machine = connect_pipeline(world)
    return replace(machine, stores=CallRecorder(world.stores, intercept).stores), seen


def broken_off(world: World, import_: Import, after: str = "records.write_many") -> Import:
    """Returns an import as it ended that died right after the second of these calls."""
    calls: list[Call] = []

    def intercept(call: Call) -> Any:
        answer = call.perform()
        calls.extend([call] if call.name == after else [])
        if len(calls) == 2:
            raise Crash
        return answer

    with pytest.raises(Crash):
        run_import(replace(connect_pipeline(world), stores=CallRecorder(world.stores, intercept).stores), import_)
    return ended_after_death(world, import_)


def ended_after_death(world: World, import_: Import) -> Import:
    """Returns the import as it ends when its tasks can live no longer."""
    world.now += ATTEMPT_LIVES_S + 1
    stored = world.stored_import(import_)
    event = FinishEvent(
        tenant_id=stored.tenant_id, import_id=stored.import_id, attempt=stored.attempt, stopped_by=DIED, is_dead=True
    )
    for _ in range(2):  # the first notes that tasks are to stop
        connect_pipeline(world).finish(event)
    return world.stored_import(import_)


def balance(import_: Import) -> int:
    return import_.stats.total - import_.stats.accounted


@pytest.mark.parametrize("action", [Action.MERGE, Action.OVERWRITE])
@pytest.mark.parametrize(
    ("limits", "step", "is_empty"),
    [(Limits(), 1, False), (Limits(held_source_bytes=0), 7, False), (IN_BATCHES, 7, False), (IN_BATCHES, 7, True)],
    ids=["in memory", "in one task", "in batches", "in batches, the first records"],
)
def test_an_import_that_dies_at_any_call_goes_on(limits: Limits, step: int, is_empty: bool, action: Action) -> None:
    undisturbed, import_ = a_world(limits, action, is_empty=is_empty)
    expected = run(undisturbed, import_)
    for number in range(0, 100_000, step):
        world, import_ = a_world(limits, action, is_empty=is_empty)
        machine, seen = machine_that_dies(world, number, is_performed=bool(number % 2))
        try:
            run_import(machine, import_)
        except Crash:
            assert number in seen
        if world.stored_import(import_).is_final:
            assert number > 12
            return
        broken = ended_after_death(world, import_)
        assert (broken.status, balance(broken)) == (Status.FAILED, 0), number

        again = redrive(world.context, world.caller(), import_.import_id)
        assert (again.status, again.attempt, again.reason) == (Status.QUEUED, 2, None)
        done = run(world, again)

        assert (done.status, done.stats) == (Status.COMPLETED, expected.stats), number
        assert outcomes_of(world, done) == outcomes_of(undisturbed, expected), number
        assert records(world) == records(undisturbed), number
    raise AssertionError("there are more calls")


@pytest.mark.parametrize("after", ["results.put_once", "records.write_many"])
@pytest.mark.parametrize("split_bytes", [60, 1_000])
def test_an_import_goes_on_as_it_was_divided_whatever_the_limits_are_now(after: str, split_bytes: int) -> None:
    undisturbed, import_ = a_world(IN_BATCHES, Action.MERGE)
    expected = run(undisturbed, import_)
    world, import_ = a_world(IN_BATCHES, Action.MERGE)
    broken = broken_off(world, import_, after)

    limits = replace(IN_BATCHES, split_bytes=split_bytes, batch_rows=2)
    world.context = replace(world.context, limits=limits)
    done = run(world, redrive(world.context, world.caller(), broken.import_id))

    assert (done.status, done.stats) == (Status.COMPLETED, expected.stats)
    assert outcomes_of(world, done) == outcomes_of(undisturbed, expected)
    assert records(world) == records(undisturbed)


@pytest.mark.parametrize("action", [Action.MERGE, Action.OVERWRITE])
def test_an_import_that_has_gone_on_is_undone_as_a_whole(action: Action) -> None:
    world, import_ = a_world(IN_BATCHES, action)
    before = records(world)
    broken = broken_off(world, import_)
    done = run(world, redrive(world.context, world.caller(), broken.import_id))
    assert (done.status, done.attempt) == (Status.COMPLETED, 2)
    assert records(world) != before

    undone = run(world, undo(world.context, world.caller(), done.import_id))

    assert (undone.status, undone.stats.skipped, undone.stats.failed) == (Status.COMPLETED, 0, 0)
    assert records(world) == before


def test_an_undo_does_not_go_on() -> None:
    world = World()
    failed = world.add_import(Status.TIMED_OUT, undo_of=ImportId("imp_undone"))

    with pytest.raises(Conflict, match="cannot_redrive") as refused:
        redrive(world.context, world.caller(), failed.import_id)

    assert refused.value.code == "cannot_redrive"


def a_late_import(world: World) -> Import:
    """An import whose time was over before it began."""
    import_ = world.add_import()
    file = world.uploaded(import_, SOURCE.encode())
    receive_file(world.context, file.key, file.version_id)
    queued = world.stored_import(import_)
    world.now = queued.deadline_at or 0
    machine = connect_pipeline(world)
    late = StopReason(StopCode.TIMED_OUT, "the import was not done")
    machine.finish(FinishEvent(tenant_id=queued.tenant_id, import_id=queued.import_id, attempt=1, stopped_by=late))
    return world.stored_import(import_)


def test_an_import_whose_time_was_over_goes_on_with_new_time() -> None:
    world = World()
    late = a_late_import(world)
    assert late.status is Status.TIMED_OUT

    again = redrive(world.context, world.caller(), late.import_id)

    assert (again.deadline_at or 0) > world.now
    assert run(world, again).status is Status.COMPLETED


def test_asking_again_changes_nothing() -> None:
    world = World()
    late = a_late_import(world)

    first = redrive(world.context, world.caller(), late.import_id)
    second = redrive(world.context, world.caller(), late.import_id)

    assert first == second
    assert len(world.started) == 2


def test_a_cancel_before_it_begins_again_keeps_what_was_counted() -> None:
    world, import_ = a_world(IN_BATCHES, Action.MERGE)
    broken = broken_off(world, import_)
    assert broken.stats.created

    redrive(world.context, world.caller(), import_.import_id)
    cancel(world.context, world.caller(), import_.import_id)
    ended = run(world, import_)

    assert (ended.status, ended.stats) == (Status.CANCELED, broken.stats)
    assert outcomes_of(world, ended) == outcomes_of(world, broken)


def refused(world: World, import_: Import) -> str:
    with pytest.raises(Conflict) as refusal:
        redrive(world.context, world.caller(), import_.import_id)
    return refusal.value.code


def test_what_has_come_to_its_end_does_not_go_on() -> None:
    world = World()

    assert refused(world, imported(world, SOURCE.encode())) == "cannot_redrive"


def test_an_import_goes_on_for_a_week() -> None:
    world = World()
    late = a_late_import(world)
    world.now = (late.ended_at or 0) + 7 * DAY_S

    assert refused(world, late) == "cannot_redrive"
    world.now -= 1
    assert redrive(world.context, world.caller(), late.import_id).status is Status.QUEUED


def test_an_import_does_not_go_on_whose_rows_were_tried_again() -> None:
    world, import_ = a_world(IN_BATCHES, Action.MERGE)
    broken = broken_off(world, import_)
    child = requested_again(world, broken, include=["unprocessed"])
    assert refused(world, world.stored_import(broken)) == "cannot_redrive"

    done = run(world, child)

    assert done.status is Status.COMPLETED
    assert world.stored_import(broken).mended == done.stats.created + done.stats.updated
    assert refused(world, world.stored_import(broken)) == "cannot_redrive"


def test_nothing_goes_on_that_is_busy() -> None:
    world = World()
    late = a_late_import(world)
    world.stores.imports.occupy(late.tenant_id, late.import_id, Occupation(busy_with=ImportId("imp_other")))

    with pytest.raises(Conflict, match="The import is busy with imp_other"):
        redrive(world.context, world.caller(), late.import_id)


@pytest.mark.parametrize(
    "fields",
    [
        {"undo": UndoSummary(import_id=ImportId("imp_undo"), status=Status.COMPLETED)},
        {"undo_due": True},
    ],
    ids=["was undone", "is to be undone"],
)
def test_an_import_does_not_go_on_that_was_undone(fields: dict[str, Any]) -> None:
    world = World()
    ended = world.add_import(Status.TIMED_OUT, source=None, **fields)

    assert refused(world, ended) == "cannot_redrive"


def test_an_import_goes_on_only_once_its_end_was_told() -> None:
    world = World()
    late = replace(a_late_import(world), import_id=ImportId("imp_untold"), unpublished_since=world.now)
    assert world.stores.imports.add(late)
    events = world.stores.events
    assert isinstance(events, MemoryEvents)
    events.raises = Retryable("slow down")

    with pytest.raises(Retryable, match="still to be announced"):
        redrive(world.context, world.caller(), late.import_id)
    events.raises = None

    assert redrive(world.context, world.caller(), late.import_id).status is Status.QUEUED


class OvertakenImports(MemoryImports):
    """Something is made of an import right before it would go on."""

    def redrive(self, again: Import) -> Import | None:
        return None


def test_an_import_that_has_changed_meanwhile_does_not_go_on() -> None:
    world = World()
    overtaken = OvertakenImports(clock=lambda: world.now)
    world.context = replace(world.context, stores=replace(world.stores, imports=overtaken))
    late = a_late_import(World())
    assert overtaken.add(late)
    assert late.source is not None
    world.stores.files.write_file(late.source.key, b"name")
    world.now = late.ended_at or 0

    assert refused(world, late) == "import_busy"
    assert overtaken.find(late.tenant_id, late.import_id) == late


def test_an_import_without_its_file_does_not_go_on() -> None:
    world = World()
    late = a_late_import(world)
    assert late.source is not None
    world.stores.files.delete_files(late.source.key)

    assert refused(world, late) == "cannot_redrive"
    assert world.now > NOW
