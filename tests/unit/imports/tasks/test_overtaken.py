"""Rows of a task that was interrupted, whose records others have written so often since that their stamps are gone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Stats
from chalicelib.model.limits import Limits
from chalicelib.model.records import STAMPS_KEPT, Record, Stamp, Write, WriteStatus, Written
from chalicelib.model.rows import Outcome
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT, ImportWorld, run_import

JANE = "id,name,email\ncus_jane,Jane,jane@x.com\n"


class Crash(BaseException):
    """The process is gone."""


class BusyRecords(MemoryRecords):
    """The process is gone at the first write of an import, before or after it is performed; right after that, others
    change every record a few times.
    """

    def __init__(self, *, times: int, is_performed: bool = True) -> None:
        super().__init__()
        self._times, self._is_performed, self.is_armed = times, is_performed, False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        if not self.is_armed:
            return super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        self.is_armed = False
        if self._is_performed:
            super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        for number in range(1, self._times + 1):
            for record in self.get_many(tenant_id, resource, [one.record_id for one in writes]).values():
                super().write_many(tenant_id, resource, [of_others(record, number)], now_ms=now_ms)
        raise Crash


def of_others(record: Record, number: int) -> Write:
    return Write(
        record_id=record.record_id,
        before=record,
        fields=record.fields | {"name": f"Of others {number}"},
        claims=record.claims,
        stamp=Stamp(ImportId("imp_others"), number, Outcome.UPDATED),
    )


def a_world(records: MemoryRecords, **limits: Any) -> ImportWorld:
    world = ImportWorld(limits=Limits(**limits))
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    return world


def interrupted(world: ImportWorld, source: str, **options: Any) -> Any:
    """Runs an import that is interrupted at its first write, and tried again."""
    import_ = world.queue(source, **options)
    assert isinstance(world.stores.records, BusyRecords)
    world.stores.records.is_armed = True
    with pytest.raises(Crash):
        run_import(world.machine, import_)
    run_import(world.machine, import_)
    return world.get(import_)


@pytest.mark.parametrize("is_performed", [True, False], ids=["written", "about to be written"])
def test_a_row_whose_record_does_not_tell_whether_it_was_written_fails_and_changes_nothing(is_performed: bool) -> None:
    times = STAMPS_KEPT if is_performed else STAMPS_KEPT + 1
    world = a_world(BusyRecords(times=times, is_performed=is_performed))
    world.run(JANE)

    ended = interrupted(world, "email,name\njane@x.com,Jane Doe\n")

    assert ended.stats == Stats(total=1, failed=1)
    assert world.codes(ended) == {1: ["overtaken"]}
    assert [one.fields["name"] for one in world.records()] == [f"Of others {times}"]


def test_a_row_whose_stamp_is_still_there_is_counted_by_it() -> None:
    world = a_world(BusyRecords(times=STAMPS_KEPT - 1))
    world.run(JANE)

    ended = interrupted(world, "email,name\njane@x.com,Jane Doe\n")

    assert ended.stats == Stats(total=1, updated=1)
    assert [one.fields["name"] for one in world.records()] == [f"Of others {STAMPS_KEPT - 1}"]


def test_a_row_that_stamps_prove_not_to_be_written_is_written() -> None:
    world = a_world(BusyRecords(times=STAMPS_KEPT, is_performed=False))
    world.run(JANE)

    ended = interrupted(world, "email,name\njane@x.com,Jane Doe\n")

    assert ended.stats == Stats(total=1, updated=1)
    assert [one.fields["name"] for one in world.records()] == ["Jane Doe"]


def test_a_record_that_only_the_row_can_have_made_is_counted_as_created() -> None:
    world = a_world(BusyRecords(times=STAMPS_KEPT))

    ended = interrupted(world, "email,name\njane@x.com,Jane Doe\n")

    assert ended.stats == Stats(total=1, created=1)
    assert [one.fields["name"] for one in world.records()] == [f"Of others {STAMPS_KEPT}"]


def test_a_record_under_an_id_that_the_row_gives_may_be_of_others() -> None:
    world = a_world(BusyRecords(times=STAMPS_KEPT))

    ended = interrupted(world, JANE)

    assert world.codes(ended) == {1: ["overtaken"]}


def test_a_record_that_is_older_than_the_import_was_not_made_by_it() -> None:
    """The record of the last row was deleted long ago, after many changes, and the row was not reached before."""
    world = a_world(BusyRecords(times=0))
    world.run("id,name,email\ncus_bob,Bob,bob@x.com\n")
    for number in range(STAMPS_KEPT + 1):
        change_bob(world, number)
    change_bob(world, 9, outcome=Outcome.DELETED)
    world.clock.now_s += 1
    others = "".join(f",P,p{number}@x.com\n" for number in range(WRITE_BATCH_ROWS))

    ended = interrupted(world, f"id,name,email\n{others}cus_bob,Bob,bob@x.com\n")

    assert ended.stats == Stats(total=WRITE_BATCH_ROWS + 1, created=WRITE_BATCH_ROWS + 1)


def change_bob(world: ImportWorld, number: int, *, outcome: Outcome = Outcome.UPDATED) -> None:
    (bob,) = world.records()
    write = of_others(bob, number)
    write = replace(write, stamp=replace(write.stamp, outcome=outcome))
    now_ms = int(world.clock() * 1000)
    (written,) = world.stores.records.write_many(TENANT, "customers", [write], now_ms=now_ms)
    assert written.status is WriteStatus.WRITTEN


def test_without_images_a_row_is_decided_on_what_is_stored() -> None:
    world = a_world(BusyRecords(times=STAMPS_KEPT), undo_days=0)
    world.run(JANE)

    ended = interrupted(world, "email,name\njane@x.com,Jane Doe\n")

    assert ended.stats == Stats(total=1, updated=1)
