"""A match is looked at once more before anything is written: the record may have changed since, or been given away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Stats
from chalicelib.model.records import Record, Stamp, Write, Written
from chalicelib.model.rows import Outcome
from chalicelib.schema.identity import identity_keys
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import ImportWorld, run_import

CUSTOMERS = RESOURCES["customers"]


class MovedRecords(MemoryRecords):
    """Before the first row is written, somebody else gives the record another address."""

    has_moved = False

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        wanted = list(ids)
        found = super().get_many(tenant_id, resource, wanted)
        if found and not self.has_moved:
            self.has_moved = True
            self.write_many(tenant_id, resource, [moved(next(iter(found.values())))], now_ms=1)
            found = super().get_many(tenant_id, resource, wanted)
        return found


def moved(record: Record) -> Write:
    fields = {**record.fields, "email": "moved@x.com"}
    return Write(
        record_id=record.record_id,
        before=record,
        fields=fields,
        claims=tuple(identity_keys(CUSTOMERS, fields)),
        stamp=Stamp(ImportId("imp_other"), 1, Outcome.UPDATED),
    )


def test_a_row_does_not_follow_a_record_that_has_given_its_identity_away() -> None:
    world = ImportWorld()
    world.stores = replace(world.stores, records=MovedRecords())
    world.machine = replace(world.machine, stores=world.stores)
    world.run("name,email\nJane,jane@x.com\n")

    import_ = world.run("name,email\nNew Jane,jane@x.com\n")

    assert (import_.stats.created, import_.stats.updated) == (1, 0)
    assert {str(one.fields["email"]): one.fields["name"] for one in world.records()} == {
        "moved@x.com": "Jane",
        "jane@x.com": "New Jane",
    }


class WatchedRecords(MemoryRecords):
    """Remembers which records were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[RecordId] = []

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        wanted = list(ids)
        self.asked += wanted
        return super().get_many(tenant_id, resource, wanted)


def test_records_that_only_this_import_can_have_made_are_not_read_before_they_are_written() -> None:
    world, records = ImportWorld(), WatchedRecords()
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)

    world.run("id,name,email\n,Jane,jane@x.com\ncus_bob,Bob,bob@x.com\n")

    assert records.asked == ["cus_bob"]


class Crash(BaseException):
    """The process is gone."""


class CrashedRecords(MemoryRecords):
    """The process is gone once the first rows are written."""

    has_crashed = False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        if not self.has_crashed:
            self.has_crashed = True
            raise Crash
        return written


def test_a_task_that_is_tried_again_finds_the_records_that_its_first_try_made() -> None:
    world, records = ImportWorld(), CrashedRecords()
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    import_ = world.queue("name,email\nJane,jane@x.com\nBob,bob@x.com\n")

    with pytest.raises(Crash):
        run_import(world.machine, import_)
    run_import(world.machine, import_)

    assert world.get(import_).stats == Stats(total=2, created=2)
    assert [one.version for one in world.records()] == [1, 1]
