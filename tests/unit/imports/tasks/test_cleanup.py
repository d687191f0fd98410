"""Sources in splits and batches that are refused as a whole, or whose rows name no record: decided once for all."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.plan import plan
from chalicelib.imports.tasks.cleanup import clean_up_shard
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import PhaseStatus, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Stamp, Write, Written
from chalicelib.model.rows import Outcome
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

CUT = Limits(small_source_bytes=0, split_bytes=40, batch_rows=2)


@pytest.fixture
def world() -> ImportWorld:
    world = ImportWorld(CUT)
    world.run("".join(f'{{"external_id":"s{n}","name":"S{n}"}}\n' for n in range(8)))
    return world


@pytest.mark.parametrize("action", ["overwrite", "update", "delete"])
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("".join(f"{n},2,3\n" for n in range(50)), "no_known_header", id="CSV"),
        pytest.param("".join(f'{{"sku":{n},"x{n}":1}}\n' for n in range(50)), "no_known_header", id="NDJSON"),
        pytest.param("".join(f'{{"name":"S{n}"}}\n' for n in range(50)), "no_identity_column", id="without identity"),
    ],
)
def test_a_source_in_splits_is_refused_once(world: ImportWorld, source: str, reason: str, action: str) -> None:
    header = "" if source.startswith("{") else "sku,quantity,price\n"

    import_ = world.run(header + source, action=action)

    assert (import_.status, str(import_.reason).partition(":")[0]) == (Status.FAILED, reason)
    assert len(world.records()) == 8
    assert import_.stats.total == import_.stats.unprocessed + import_.stats.failed
    assert [one.status for one in import_.phases] == [PhaseStatus.FAILED, *[PhaseStatus.SKIPPED] * 6]


def test_keys_of_one_split_are_enough_for_all(world: ImportWorld) -> None:
    rows = ['{"sku":"A"}\n' * 20, '{"external_id":"s0"}\n', '{"sku":"B"}\n' * 20]

    import_ = world.run("".join(rows), action="overwrite")

    assert import_.status is Status.COMPLETED
    assert str(import_.reason).startswith("cleanup_not_done: 40 rows carry no identity that can be read")
    assert len(world.records()) == 8


def test_the_keys_of_all_splits_are_reported(world: ImportWorld) -> None:
    import_ = world.run("".join(f'{{"a{n}":1}}\n' for n in range(30)), action="merge")

    assert "it has: a0, a1, a2, " in str(import_.reason)
    assert "a19 and 10 more. " in str(import_.reason)


def test_rows_without_identity_are_counted_over_all_splits(world: ImportWorld) -> None:
    rows = [f"s{n},S{n}\n" if n < 3 else f",S{n}\n" for n in range(30)]

    import_ = world.run("external_id,name\n" + "".join(rows), action="overwrite")

    assert import_.reason == (
        "cleanup_not_done: 27 rows carry no identity that can be read and might name any record; "
        "5 records that no row names were not deleted"
    )
    assert len(world.records()) == 8 + 27


def test_what_is_told_as_spared_is_what_is_deleted_once_all_rows_name_their_record(world: ImportWorld) -> None:
    spared = world.run("external_id,name\ns0,S0\n,New\n", action="overwrite")

    import_ = world.run("external_id,name\ns0,S0\n", action="overwrite")

    assert "; 7 records " in str(spared.reason)
    assert import_.stats.overwritten == 7 + 1  # the row without identity had made one


BERLIN = {"resource": "contacts", "action": "overwrite", "location_id": "Berlin"}
AT_LOCATIONS = (
    '{"external_id":"m","name":"M","locations":["Berlin","Paris"]}\n'
    '{"external_id":"b","name":"B","locations":["Berlin"]}\n'
    '{"external_id":"p","name":"P","locations":["Paris"]}\n'
)


def test_a_task_that_is_tried_again_counts_what_its_first_try_did() -> None:
    world = ImportWorld()
    world.run(AT_LOCATIONS, resource="contacts")
    import_ = world.queue('{"external_id":"z","name":"Z"}\n', **BERLIN)
    context = started_context(world, import_)
    plan(context)
    run_phases(context, until=PhaseName.PROCESSING)
    shards = range(context.workspace.get_manifest().shards)

    first = [clean_up_shard(context, shard) for shard in shards]
    again = [clean_up_shard(context, shard) for shard in shards]

    for results in (first, again):
        assert sum(one.stats.overwritten for one in results) == 1
        assert sum(one.relocated for one in results) == 1
    versions = {str(one.fields["external_id"]): one.version for one in world.records("contacts")}
    assert versions == {"m": 2, "p": 1, "z": 1}


def test_a_record_that_somebody_changed_meanwhile_keeps_its_locations() -> None:
    world = ImportWorld()
    world.run(AT_LOCATIONS, resource="contacts")
    context = started_context(world, world.queue('{"external_id":"z","name":"Z"}\n', **BERLIN))
    plan(context)
    run_phases(context, until=PhaseName.PROCESSING)
    world.run('{"external_id":"m","notes":"seen"}\n', resource="contacts")

    results = [clean_up_shard(context, shard) for shard in range(context.workspace.get_manifest().shards)]

    assert sum(one.relocated for one in results) == 0
    (changed,) = (one for one in world.records("contacts") if one.fields["external_id"] == "m")
    assert changed.fields["locations"] == ["Berlin", "Paris"]


class ChangedRecords(MemoryRecords):
    """Somebody else changes a record between its being read by a cleanup and its deletion."""

    is_changed = False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        deleted = next((one for one in writes if one.stamp.outcome is Outcome.DELETED), None)
        if deleted and not self.is_changed:
            self.is_changed = True
            stamp = Stamp(ImportId("imp_other"), 1, Outcome.UPDATED)
            super().write_many(tenant_id, resource, [replace(deleted, stamp=stamp, fields={"name": "New"})], now_ms=1)
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)


def test_a_record_that_was_changed_since_a_cleanup_read_it_is_neither_deleted_nor_counted() -> None:
    world = ImportWorld()
    world.stores = replace(world.stores, records=ChangedRecords())
    world.machine = replace(world.machine, stores=world.stores)
    world.run("external_id,name\na,A\nb,B\n")

    import_ = world.run("external_id,name\na,A\n", action="overwrite")

    assert import_.stats.overwritten == 0
    assert {str(one.fields["name"]) for one in world.records()} == {"A", "New"}
