"""A row whose record gave its identity away means the new holder, whoever asks: the try that wrote to it, the next one,
or whoever counts an import that died.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from chalicelib.imports.events import Event, FinishEvent
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S
from chalicelib.imports.tasks.rematch import rematch, retarget_written_rows
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Action, Import, Stats, Status
from chalicelib.model.records import Record, Stamp, Write, Written
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Draft, Fields, Outcome
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.schema.identity import identity_keys
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT, ImportWorld, run_import
from tests.task_contexts import started_context


class Crash(BaseException):
    """The process is gone."""


class GivenAway(MemoryRecords):
    """When a row's record is read, it gives its address away to another one; when that has been deleted, the process is
    gone."""

    is_given = is_gone = False

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        wanted = list(ids)
        found = super().get_many(tenant_id, resource, wanted)
        if not found or self.is_given:
            return found
        self.is_given = True
        before = next(iter(found.values()))
        moved: Fields = {"name": "Jane", "email": "moved@x.com"}
        taken: Fields = {"name": "Other", "email": "jane@x.com"}
        for write in (write_of(before.record_id, before, moved), write_of(RecordId("cus_theirs"), None, taken)):
            super().write_many(tenant_id, resource, [write], now_ms=1)
        return super().get_many(tenant_id, resource, wanted)

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        if not self.is_gone and any(one.stamp.outcome is Outcome.DELETED for one in writes):
            self.is_gone = True
            raise Crash
        return written


def write_of(record_id: RecordId, before: Record | None, fields: Fields) -> Write:
    return Write(
        record_id=record_id,
        before=before,
        fields=fields,
        claims=tuple(identity_keys(RESOURCES["customers"], fields)),
        stamp=Stamp(ImportId("imp_other"), 1, Outcome.UPDATED if before else Outcome.CREATED),
    )


@pytest.fixture
def world() -> ImportWorld:
    world = ImportWorld()
    world.stores = replace(world.stores, records=GivenAway())
    world.machine = replace(world.machine, stores=world.stores)
    world.run("name,email\nJane,jane@x.com\n")
    return world


def crashed(world: ImportWorld) -> Import:
    import_ = world.queue("email\njane@x.com\n", action=Action.DELETE)
    with pytest.raises(Crash):
        run_import(world.machine, import_)
    return import_


def test_the_next_try_counts_what_the_last_one_deleted(world: ImportWorld) -> None:
    import_ = crashed(world)

    run_import(world.machine, import_)

    assert world.get(import_).stats == Stats(total=1, deleted=1)
    assert [one.fields["name"] for one in world.records()] == ["Jane"]


def test_an_import_that_dies_counts_it_too(world: ImportWorld) -> None:
    import_ = crashed(world)

    world.clock.now_s += ATTEMPT_LIVES_S
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    world.machine.finish(
        FinishEvent(**event.model_dump(), stopped_by=StopReason(StopCode.FATAL, "it died"), is_dead=True)
    )

    assert (world.get(import_).status, world.get(import_).stats) == (Status.FAILED, Stats(total=1, deleted=1))


def test_an_identity_that_stands_behind_another_one_and_is_taken_fails_its_row() -> None:
    """The row looks for a user by the address that it says the user has so far: it would never find this one."""
    world = ImportWorld()
    world.run("email,full_name\na@x.com,Ann\n", resource="users")

    import_ = world.run("current_email,email,full_name\nnew@x.com,a@x.com,New\n", resource="users")

    assert world.codes(import_) == {1: ["identity_taken"]}


class OvertakenRecords(MemoryRecords):
    """Somebody else is faster: another record takes the address right before the first row is written."""

    is_taken = False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        if not self.is_taken:
            self.is_taken = True
            other = write_of(RecordId("cus_theirs"), None, {"name": "Other", "email": "jane@x.com"})
            super().write_many(tenant_id, resource, [other], now_ms=1)
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)


@pytest.mark.parametrize(
    ("match_by", "became"),
    [
        ((), Stats(total=1, updated=1)),
        (("email",), Stats(total=1, updated=1)),
        (("external_id",), Stats(total=1, failed=1)),
    ],
    ids=["by all", "by it", "by another"],
)
def test_a_row_whose_identity_was_taken_means_the_holder_if_rows_are_matched_by_it(
    match_by: tuple[str, ...], became: Stats
) -> None:
    world = ImportWorld()
    world.stores = replace(world.stores, records=OvertakenRecords())
    world.machine = replace(world.machine, stores=world.stores)
    source = "external_id,name,email\nX-1,Jane,jane@x.com\n"

    assert world.run(source, rules=RowRules(match_by=match_by)).stats == became


class ChangedRecords(MemoryRecords):
    """Somebody else changes a record between the look at it and the first write to it; its identity stays."""

    is_changed = False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        befores = [one.before for one in writes if one.before is not None]
        if befores and not self.is_changed:
            self.is_changed = True
            other = write_of(befores[0].record_id, befores[0], {"name": "Other", "email": "jane@x.com"})
            super().write_many(tenant_id, resource, [other], now_ms=1)
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)


def test_a_row_whose_record_was_changed_meanwhile_is_decided_again_once() -> None:
    world = ImportWorld()
    world.stores = replace(world.stores, records=ChangedRecords())
    world.machine = replace(world.machine, stores=world.stores)
    world.run("name,email\nJane,jane@x.com\n")

    import_ = world.run("name,email\nMine,jane@x.com\n")

    assert import_.stats == Stats(total=1, updated=1)
    [record] = world.records()
    assert (record.fields["name"], record.version) == ("Mine", 3)


def test_a_row_that_means_several_records_when_it_looks_again_fails(world: ImportWorld) -> None:
    world.stores.records.is_given = True  # type: ignore[attr-defined]  # nobody takes the address
    world.run("name,email\nBob,bob@x.com\n")
    claims = [claim for one in world.records() for claim in one.claims if claim.startswith("email:")]
    context = started_context(world, world.queue("name,email\nRob,bob@x.com\n"))

    going, ended = rematch(context, 0, [(Draft(1, 2, {"name": "Rob"}, claims), None)])

    assert going == []
    assert [(one.row_number, one.outcome) for one in ended] == [(1, Outcome.FAILED)]


@pytest.mark.parametrize("is_stamped", [True, False])
def test_a_row_is_pointed_at_a_record_that_bears_its_stamp_only(world: ImportWorld, is_stamped: bool) -> None:
    import_ = world.queue("name,email\nJane,jane@x.com\n")
    [jane] = world.records()
    stamp = Stamp(import_.import_id if is_stamped else ImportId("imp_other"), 1, Outcome.UPDATED)
    world.stores.records.is_given = True  # type: ignore[attr-defined]  # nobody takes the address
    written = replace(write_of(jane.record_id, jane, {"name": "New", "email": "jane@x.com"}), stamp=stamp)
    world.stores.records.write_many(TENANT, "customers", [written], now_ms=1)
    draft = Draft(1, 2, {}, [])

    done = retarget_written_rows(started_context(world, import_), [draft], {1: {jane.record_id}})

    assert (done, draft.record_id, draft.is_match) == (
        ({1}, jane.record_id, True) if is_stamped else (set(), None, False)
    )
