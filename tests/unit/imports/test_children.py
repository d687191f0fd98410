"""Children of an import: whatever breaks off, each runs once or is gone, and keeps its parent busy while it runs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.access.context import Context
from chalicelib.errors import Conflict
from chalicelib.imports import service
from chalicelib.imports.children import busy, child_of, release_parent, start_apart, start_child, take_up_child
from chalicelib.imports.confirm import confirm
from chalicelib.imports.undo import undo
from chalicelib.imports.uploads import receive_file
from chalicelib.maintenance import reap_all
from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status, UndoSummary
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.memory import MemoryImports
from chalicelib.stores.memory.machine import execution_name
from tests.faults.crash import Crash
from tests.faults.recorder import Call, CallRecorder
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, World, an_import

SOURCE = b"name,email\nAnn,ann@x.com\nBob,bob@x.com\n"


def a_world(imports: type[MemoryImports] = MemoryImports) -> tuple[World, Import]:
    """A world with a preview that has completed."""
    world = World()
    world.stores = replace(world.stores, imports=imports(clock=lambda: world.now))
    world.context = replace(world.context, stores=world.stores)
    connect_pipeline(world)
    preview = world.add_import(is_preview=True)
    file = world.uploaded(preview, SOURCE)
    receive_file(world.context, file.key, file.version_id)
    run(world, preview)
    return world, world.stored_import(preview)


def run(world: World, import_: Import) -> None:
    run_import(connect_pipeline(world), world.stored_import(import_))


def children(world: World) -> list[Import]:
    listed = world.stores.imports.list_page(OURS, page=1, per_page=100).entries
    return [one for one in listed if one.preview_of]


def records(world: World) -> int:
    return len(world.stores.records.list_records(OURS, "contacts", limit=100, cursor=None).records)


def broken_at(world: World, number: int, *, is_performed: bool) -> tuple[Context, Callable[[], bool]]:
    """A context whose process dies at a call, and whether it has come to that call."""
    seen: list[int] = []

    def intercept(call: Call) -> Any:
        seen.append(call.number)
        if call.number != number:
            return call.perform()
        if is_performed:
            call.perform()
        raise Crash

    return replace(world.context, stores=CallRecorder(world.stores, intercept).stores), lambda: number in seen


def reap(world: World) -> None:
    """Twice, as a run may find what the one before has begun."""
    for _ in range(2):
        world.now += world.context.limits.child_start_s + 1
        reap_all(world.context)


@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_confirm_that_breaks_off_at_any_call_is_done_once_or_not_at_all(is_performed: bool) -> None:
    for number in range(60):
        world, preview = a_world()
        context, was_reached = broken_at(world, number, is_performed=is_performed)
        try:
            confirm(context, world.caller(), preview.import_id)
        except Crash:
            assert was_reached()
        reap(world)
        waiting = [one for one in children(world) if one.status is Status.QUEUED]
        assert {execution_name(one) for one in waiting} <= {*world.started}, number
        assert try_to_confirm(world.context, world, preview) in ("already_confirmed", *confirmed_as(world, preview))
        (child,) = children(world)
        run(world, child)

        ended, parent = world.stored_import(child), world.stored_import(preview)
        assert (ended.status, ended.stats.created, records(world)) == (Status.COMPLETED, 2, 2), number
        assert (parent.busy_with, parent.confirmed_as) == (None, child.import_id)
        if not was_reached():
            return
    raise AssertionError("there are more calls")


class Interruption:
    """Another caller confirms the same preview right before one call."""

    def __init__(self, world: World, preview: Import, number: int) -> None:
        self._world = world
        self._preview = preview
        self._number = number
        self.answer = ""

    def __call__(self, call: Call) -> Any:
        if call.number == self._number:
            self.answer = try_to_confirm(self._world.context, self._world, self._preview)
        return call.perform()


def confirmed_twice(number: int, imports: type[MemoryImports] = MemoryImports) -> list[str] | None:
    """What is wrong after two callers have confirmed a preview at once; None where there is no call of this number."""
    world, preview = a_world(imports)
    interruption = Interruption(world, preview, number)
    context = replace(world.context, stores=CallRecorder(world.stores, interruption).stores)
    answers = [try_to_confirm(context, world, preview), interruption.answer]
    reap(world)
    if not interruption.answer:
        return None
    wrong = [] if answers.count("already_confirmed") == 1 else [f"both were told {answers}"]
    found = [one.import_id for one in children(world)]
    return wrong if found == [*confirmed_as(world, preview)] else [*wrong, f"there are {found}"]


def try_to_confirm(context: Context, world: World, preview: Import) -> str:
    """Returns the id of the import that is made of a preview, or why none is."""
    try:
        return confirm(context, world.caller(), preview.import_id).import_id
    except Conflict as refusal:
        return refusal.code


def confirmed_as(world: World, preview: Import) -> tuple[str, ...]:
    stored = world.stored_import(preview).confirmed_as
    return (stored,) if stored else ()


def test_of_two_who_confirm_at_once_one_is_refused() -> None:
    """The second one asks between any two calls of the first."""
    found = [confirmed_twice(number) for number in range(30)]

    assert found.count([]) > 5
    assert [wrong for wrong in found if wrong] == []


class NeverBusy(MemoryImports):
    """Lets any number of children be made of an import at once."""

    def _may_occupy(self, import_: Import, occupation: Occupation) -> bool:
        return True


def test_without_the_condition_two_imports_are_made_of_one_preview() -> None:
    assert any(confirmed_twice(number, NeverBusy) for number in range(30))


@pytest.mark.parametrize("is_started", [False, True], ids=["before it starts", "while it runs"])
def test_a_child_that_is_canceled_leaves_its_parent(is_started: bool) -> None:
    world, preview = a_world()
    child = confirm(world.context, world.caller(), preview.import_id)
    if is_started:
        machine = connect_pipeline(world)
        machine._start(child)  # type: ignore[arg-type]  # the first thing that the execution does
    service.cancel(world.context, world.caller(), child.import_id)
    if is_started:
        run(world, child)

    assert world.stored_import(child).status is Status.CANCELED
    assert world.stored_import(preview).busy_with is None
    assert records(world) == 0


def test_a_child_that_is_canceled_while_its_parent_becomes_busy_leaves_it() -> None:
    """The cancel has released the parent before it was busy, and comes to its end after the confirm."""
    world, preview = a_world()

    def cancel(call: Call) -> Any:
        if call.name == "imports.occupy":
            (child,) = children(world)
            world.stores.imports.change(OURS, child.import_id, ImportChange(to=Status.CANCELING, at=world.now))
        return call.perform()

    context = replace(world.context, stores=CallRecorder(world.stores, cancel).stores)
    child = confirm(context, world.caller(), preview.import_id)

    assert child.status is Status.CANCELING
    assert world.stored_import(preview).busy_with is None


def test_an_undo_that_is_canceled_while_its_parent_becomes_busy_is_told_as_canceled() -> None:
    world, _ = a_world()
    undone = world.add_import(Status.COMPLETED, "imp_2", undo_until=world.now + 9)
    child = replace(child_of(world.context, world.caller(), undone), undo_of=undone.import_id)

    def cancel(call: Call) -> Any:
        if call.name == "imports.occupy":
            world.stores.imports.change(OURS, child.import_id, ImportChange(to=Status.CANCELING, at=world.now))
        return call.perform()

    context = replace(world.context, stores=CallRecorder(world.stores, cancel).stores)
    start_child(context, child, Occupation(busy_with=child.import_id))

    left = world.stored_import(undone)
    assert left.undo is not None
    assert (left.undo.status, left.busy_with) == (Status.CANCELED, None)


def test_a_request_that_follows_one_that_broke_off_goes_on_with_its_child() -> None:
    world, preview = a_world()
    child = replace(child_of(world.context, world.caller(), preview), preview_of=preview.import_id)
    occupation = Occupation(busy_with=child.import_id)
    start_child(world.context, child, occupation)

    again = start_child(world.context, child, occupation)

    assert again is not None
    assert (again.import_id, again.status) == (child.import_id, Status.QUEUED)
    assert [one.import_id for one in children(world)] == [child.import_id]


def test_a_preview_with_which_nothing_is_busy_starts_at_once() -> None:
    world, parent = a_world()
    child = replace(child_of(world.context, world.caller(), parent), is_preview=True, retry_of=parent.import_id)

    queued = start_apart(world.context, child)

    assert queued.status is Status.QUEUED
    assert world.started[-1] == execution_name(child)
    assert world.stored_import(parent).busy_with is None


def test_a_child_whose_parent_is_gone_is_removed() -> None:
    world, preview = a_world()
    child = replace(child_of(world.context, world.caller(), preview), preview_of=ImportId("imp_gone"))
    world.stores.imports.add(child)

    take_up_child(world.context, child)

    assert children(world) == []


@pytest.mark.parametrize(
    ("busy_with", "message"),
    [
        ("imp_given", "The import is being deleted. Wait until that has ended."),
        ("imp_child", "The import is busy with imp_child. Wait until that has ended."),
    ],
)
def test_a_refusal_says_what_an_import_is_busy_with(busy_with: str, message: str) -> None:
    assert busy(an_import(busy_with=ImportId(busy_with))).message == message


def test_a_child_that_its_parent_does_not_know_is_removed_by_the_reaper() -> None:
    world, preview = a_world()
    child = replace(child_of(world.context, world.caller(), preview), preview_of=preview.import_id)
    world.stores.imports.add(child)

    reap(world)

    assert children(world) == []
    assert world.stored_import(preview).busy_with is None


def test_nothing_is_made_of_an_import_that_is_busy() -> None:
    world, preview = a_world()
    world.stores.imports.occupy(OURS, preview.import_id, Occupation(busy_with=ImportId("imp_other")))
    child = replace(child_of(world.context, world.caller(), preview), preview_of=preview.import_id)

    assert start_child(world.context, child, Occupation(busy_with=child.import_id)) is None

    assert children(world) == []


def test_an_attempt_that_a_newer_one_has_taken_over_does_not_release_the_parent() -> None:
    world, preview = a_world()
    child = confirm(world.context, world.caller(), preview.import_id)

    release_parent(world.stores, replace(child, attempt=child.attempt - 1), Status.COMPLETED)
    assert world.stored_import(preview).busy_with == child.import_id

    release_parent(world.stores, child, Status.COMPLETED)
    assert world.stored_import(preview).busy_with is None


class Late(MemoryImports):
    """The reaper removes a child between the two writes of a request that takes very long."""

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        self.discard(tenant_id, occupation.busy_with)
        return super().occupy(tenant_id, import_id, occupation)


@pytest.mark.parametrize("is_due", [False, True])
def test_an_undo_so_slow_that_its_child_is_gone_leaves_no_trace(is_due: bool) -> None:
    world, _ = a_world(Late)
    before = UndoSummary(import_id=ImportId("imp_undo"), status=Status.FAILED, failed=1)
    undone = world.add_import(Status.COMPLETED, "imp_2", undo_until=world.now + 9, undo=before, undo_due=is_due)

    with pytest.raises(Conflict):
        undo(world.context, world.caller(), undone.import_id)

    left = world.stored_import(undone)
    assert (left.busy_with, left.undo, left.undo_due) == (None, before, is_due)


def test_a_confirm_so_slow_that_its_child_is_gone_can_be_made_again() -> None:
    world, preview = a_world(Late)

    with pytest.raises(Conflict):
        confirm(world.context, world.caller(), preview.import_id)

    left = world.stored_import(preview)
    assert (left.busy_with, left.confirmed_as, children(world)) == (None, None, [])
