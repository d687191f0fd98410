"""An import that is done as a whole or not at all: a row that fails stops it, and what was written is undone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.access.context import Context
from chalicelib.errors import Conflict
from chalicelib.imports.due_undo import add_due_undo, surroundings
from chalicelib.imports.reaper import reap_imports
from chalicelib.imports.retry import RetryRequest, retry
from chalicelib.lifecycle.reaper import Run
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Import, Stats, Status
from chalicelib.model.limits import Limits
from chalicelib.model.records import Stamp, Write, Written
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Outcome
from chalicelib.model.status_changes import ImportChange
from tests.faults.recorder import Call, CallRecorder
from tests.import_world import TENANT, run_import
from tests.undoing import UndoWorld, WatchedRecords

WHOLE = GuardRails(all_or_nothing=True)
IN_BATCHES = Limits(small_source_bytes=0, batch_rows=2)
CSV = "external_id,name,email\nX-1,Ann,ann@x.com\nX-2,Bob,bob@x.com\nX-3,Cy,cy@x.com\n"


class ContestedRecords(WatchedRecords):
    """Records of which others create one in the moment before the last row of the file would."""

    is_contested = False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        cy = next((write for write in writes if write.fields.get("name") == "Cy"), None)
        if self.is_contested and cy:
            self.is_contested = False
            email = tuple(key for key in cy.claims if key.startswith("email:"))
            stamp = Stamp(ImportId("imp_others"), 1, Outcome.CREATED)
            other = Write(RecordId("cus_other"), None, stamp, {"name": "Other", "email": "cy@x.com"}, email)
            super().write_many(tenant_id, resource, [other], now_ms=now_ms)
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)


def a_world(limits: Limits = IN_BATCHES) -> UndoWorld:
    """A world in which the last row fails when it is written, and not before."""
    world, records = UndoWorld(limits), ContestedRecords()
    world.shown = records
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    world.run("external_id,name,email\nX-1,Ann Before,ann@x.com\n")
    records.is_contested = True
    return world


def names(world: UndoWorld) -> list[Any]:
    return sorted(one.fields["name"] for one in world.records())


def finish_undo(world: UndoWorld, import_: Import) -> Import:
    assert import_.busy_with is not None
    child = world.stores.imports.find(TENANT, import_.busy_with)
    assert child is not None
    run_import(world.machine, child)
    return world.get(child)


def contested(world: UndoWorld) -> Import:
    """A merge of two customers that are known or new, and of one whose address is taken in the last moment."""
    return world.run(CSV, guard_rails=WHOLE, rules=RowRules(match_by=("external_id",)))


def test_a_row_that_would_fail_stops_the_import_before_it_writes() -> None:
    world = UndoWorld()

    import_ = world.run("name,email\nAnn,ann@x.com\nBob,wrong\n", guard_rails=WHOLE)

    assert (import_.status, import_.reason) == (Status.FAILED, "all_or_nothing: 1 of 2 rows")
    assert import_.stats == Stats(total=2, failed=1, unprocessed=1)
    assert (world.records(), import_.undo_due, import_.busy_with) == ([], False, None)


def test_an_import_without_a_failing_row_is_done() -> None:
    world = UndoWorld()

    import_ = world.run(CSV, guard_rails=WHOLE)

    assert (import_.status, import_.stats.created, import_.undo_due) == (Status.COMPLETED, 3, False)


@pytest.mark.parametrize("limits", [IN_BATCHES, Limits()], ids=["in batches", "in one task"])
def test_a_row_that_fails_while_others_are_written_has_them_undone(limits: Limits) -> None:
    world = a_world(limits)

    import_ = contested(world)

    assert (import_.status, import_.reason) == (Status.FAILED, "all_or_nothing: row 3 identity_taken")
    assert import_.stats.failed == 1
    undo = finish_undo(world, import_)
    assert (undo.status, undo.undo_of, undo.created_by) == (Status.COMPLETED, import_.import_id, import_.created_by)
    assert names(world) == ["Ann Before", "Other"]
    assert world.get(import_).reverted_by == undo.import_id


def run_and_cancel(world: UndoWorld, import_: Import) -> Import:
    """Runs an import that is canceled once it has written."""
    change = ImportChange(to=Status.CANCELING, at=int(world.clock()))
    original = world.shown.write_many

    def write_and_cancel(*args: Any, **kwargs: Any) -> list[Written]:
        written = original(*args, **kwargs)
        world.stores.imports.change(TENANT, import_.import_id, change)
        return written

    world.shown.write_many = write_and_cancel  # type: ignore[method-assign] # a fake of its own
    run_import(world.machine, import_)
    world.shown.write_many = original  # type: ignore[method-assign]
    return world.get(import_)


def test_an_import_that_is_canceled_is_undone_too() -> None:
    world = a_world()

    ended = run_and_cancel(world, world.queue(CSV, guard_rails=WHOLE))

    assert ended.status is Status.CANCELED
    finish_undo(world, ended)
    assert names(world) == ["Ann Before"]


def test_a_cleanup_that_has_only_taken_a_record_from_its_location_is_undone_too() -> None:
    world = UndoWorld(IN_BATCHES)
    mo = '{"external_id":"m","name":"Mo","locations":["Berlin","Paris"]}'
    world.run(f'{mo}\n{{"external_id":"b","name":"Bob","locations":["Berlin"]}}', resource="contacts")
    before = world.contents()
    wanted = {"resource": "contacts", "action": "overwrite", "location_id": "Berlin"}

    ended = run_and_cancel(world, world.queue("external_id\nb\n", guard_rails=WHOLE, **wanted))

    assert (ended.status, ended.stats.written) == (Status.CANCELED, 0)
    assert world.contents() != before
    finish_undo(world, ended)
    assert world.contents() == before


def test_other_guard_rails_are_judged_as_ever() -> None:
    world = UndoWorld()

    import_ = world.run("name,email\nAnn,ann@x.com\nBob,wrong\n", guard_rails=GuardRails(max_failed=Tolerance(count=1)))

    assert import_.status is Status.COMPLETED


def own(world: UndoWorld, import_: Import) -> Context:
    return surroundings(world.stores, world.limits, world.clock, import_)


def added(world: UndoWorld, import_: Import) -> Import | None:
    return world.stores.imports.find(TENANT, ImportId(own(world, import_).new_id("imp")))


def reap(world: UndoWorld) -> None:
    world.clock.now_s += world.limits.child_start_s + 1
    reap_imports(Run(world.context, until=int(world.clock()) + 60))


def test_an_undo_whose_beginning_was_lost_is_begun_by_the_reaper() -> None:
    world = a_world()
    import_ = contested(world)
    undo_id = import_.busy_with
    assert undo_id is not None
    lost = world.stores.imports.find(TENANT, undo_id)
    assert lost is not None
    stored = world.stores.imports._imports  # type: ignore[attr-defined]
    stored[TENANT, undo_id] = replace(lost, status=Status.REQUESTED, deadline_at=int(world.clock()))
    stored[TENANT, import_.import_id] = replace(import_, busy_with=None, undo=None, undo_due=True)

    reap(world)

    again = world.get(import_)
    assert (again.busy_with, again.undo_due) == (undo_id, False)
    finish_undo(world, again)
    assert names(world) == ["Ann Before", "Other"]


def test_an_undo_is_there_before_its_import_has_ended() -> None:
    """Where the process dies then, the reaper finds the undo and begins it."""
    world = a_world()
    there: list[Import] = []

    def look(call: Call) -> Any:
        if call.name == "imports.change" and call.args[2].to is Status.FAILED:
            there.extend(one for one in world.stores.imports._imports.values() if one.undo_of)  # type: ignore[attr-defined]
        return call.perform()

    world.machine = replace(world.machine, stores=CallRecorder(world.stores, look).stores)
    import_ = contested(world)

    assert [(one.import_id, one.status) for one in there] == [(import_.busy_with, Status.REQUESTED)]


def test_while_an_undo_is_due_no_row_is_tried_again() -> None:
    world = a_world()
    import_ = contested(world)
    stored = world.stores.imports._imports  # type: ignore[attr-defined]
    stored[TENANT, import_.import_id] = replace(import_, busy_with=None, undo=None, undo_due=True)

    with pytest.raises(Conflict) as refusal:
        retry(world.context, world.caller, import_.import_id, RetryRequest(include=frozenset({Outcome.FAILED})))

    assert refusal.value.code == "import_busy"


def test_an_undo_that_is_due_waits_for_what_its_import_is_busy_with() -> None:
    world = a_world()
    import_ = contested(world)
    assert import_.busy_with is not None
    undo = world.stores.imports.find(TENANT, import_.busy_with)
    assert undo is not None
    stored = world.stores.imports._imports  # type: ignore[attr-defined]
    stored[TENANT, undo.import_id] = replace(undo, status=Status.REQUESTED, deadline_at=int(world.clock()))
    stored[TENANT, import_.import_id] = replace(import_, busy_with=ImportId("imp_another"), undo=None, undo_due=True)

    reap(world)
    assert world.get(undo).status is Status.REQUESTED
    world.stores.imports.release(TENANT, import_.import_id, ImportId("imp_another"))
    world.clock.now_s += world.limits.end_again_longest_s
    reap(world)

    assert world.get(import_).busy_with == undo.import_id


def test_an_undo_that_was_added_for_nothing_is_removed() -> None:
    world = UndoWorld()
    import_ = world.run(CSV)
    add_due_undo(own(world, import_), import_)

    reap(world)

    assert added(world, import_) is None


def test_an_undo_waits_for_the_end_of_its_import() -> None:
    world = UndoWorld()
    import_ = world.queue(CSV, guard_rails=WHOLE)
    add_due_undo(own(world, import_), import_)

    reap(world)

    waiting = added(world, import_)
    assert waiting is not None
    assert waiting.status is Status.REQUESTED
