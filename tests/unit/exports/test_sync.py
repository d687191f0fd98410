"""Records, selected."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Refused, Retryable
from chalicelib.exports.sync import RecordSelection, SelectedRecords, select_records
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.filters import Condition, Operator
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.limits import Limits
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Fields, Outcome
from chalicelib.stores.memory import MemoryRecords
from tests.world import NOW, OURS, THEIRS, World

CONTACTS = RESOURCES["contacts"]


def selected(world: World, **wanted: Any) -> SelectedRecords:
    given: dict[str, Any] = {"limit": 100, "fields": ("name",), "sort_by": "name", "is_descending": False}
    asked = RecordSelection(**(given | wanted))
    return select_records(world.context, world.caller(), CONTACTS, asked)


def names(found: SelectedRecords) -> list[Any]:
    return [record["name"] for record in found.each_record()]


def test_the_first_of_many_come_in_order_and_all_that_match_are_counted() -> None:
    world = World()
    for number in range(500):
        world.record(f"con_{number}", {"name": f"N{number:03d}", "status": "odd" if number % 2 else "even"})

    found = selected(world, limit=3, filter=Condition("status", Operator.EQ, "odd"), is_descending=True)

    assert names(found) == ["N499", "N497", "N495"]
    assert found.matching == 250


def test_documents_have_the_wanted_fields_in_their_order() -> None:
    world = World()
    world.record("con_1", {"name": "Ann", "email": "ann@example.com", "tags": ["vip"]})

    found = selected(world, fields=("tags", "phone", "id", "created_at", "tags"))

    assert found.fields == ("tags", "phone", "id", "created_at")
    assert found.documents == (b'{"tags":["vip"],"phone":null,"id":"con_1","created_at":"2023-11-14T22:13:20Z"}',)


def test_all_fields_are_those_of_the_resource() -> None:
    world = World()
    world.record("con_1", {"name": "Ann"})

    found = selected(world, fields=())

    declared = [field.name for field in CONTACTS.fields if field.name != "object"]
    assert list(found.fields) == declared
    assert list(json.loads(found.documents[0])) == declared


def test_tombstones_and_other_tenants_records_are_not_seen() -> None:
    world = World()
    world.record("con_1", {"name": "Ann"})
    world.record("con_2", {"name": "Gone"})
    world.record("con_3", {"name": "Eve"}, tenant_id=THEIRS)
    deleted(world, "con_2")

    assert (names(selected(world)), selected(world).matching) == (["Ann"], 1)


def deleted(world: World, record_id: str) -> None:
    before = world.stores.records.get_many(OURS, "contacts", [RecordId(record_id)])[RecordId(record_id)]
    stamp = Stamp(ImportId("imp_delete"), 1, Outcome.DELETED)
    write = Write(record_id=RecordId(record_id), before=before, stamp=stamp)
    world.stores.records.write_many(OURS, "contacts", [write], now_ms=NOW * 1000)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"fields": ("name", "shoe_size")}, "unknown_field"),
        ({"fields": ("object",)}, "unknown_field"),
        ({"sort_by": "shoe_size"}, "unknown_field"),
        ({"filter": Condition("shoe_size", Operator.EQ, 44)}, "unknown_field"),
        ({"filter": Condition("is_primary", Operator.GT, True)}, "invalid_filter"),
        ({"limit": 0}, "invalid_parameter"),
        ({"limit": 10_001}, "invalid_parameter"),
    ],
    ids=str,
)
def test_what_cannot_be_selected_is_refused_before_anything_is_read(wanted: Fields, code: str) -> None:
    world = World()
    world.context = replace(world.context, stores=replace(world.stores, records=Unreadable()))

    with pytest.raises(Refused) as refusal:
        selected(world, **wanted)

    assert refusal.value.code == code


class Unreadable(MemoryRecords):
    """Any read is a failure."""

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        raise Retryable("the table is throttled")


class Slow(MemoryRecords):
    """Every record takes a second to be read."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.read = 0

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        for record in super().each_record(tenant_id, resource, shard, after=after):
            self._world.now += 1
            self.read += 1
            yield record


def a_slow_world(records: int, limits: Limits) -> tuple[World, Slow]:
    world = World(limits)
    slow = Slow(world)
    world.stores = replace(world.stores, records=slow)
    world.context = replace(world.context, stores=world.stores)
    for number in range(records):
        world.record(f"con_{number}", {"name": "Ann"})
    return world, slow


def test_reading_that_takes_too_long_is_given_up() -> None:
    world, slow = a_slow_world(5000, Limits(sync_export_time_s=20))

    with pytest.raises(Refused) as refusal:
        selected(world)

    assert refusal.value.code == "selection_too_long"
    assert "asynchronous export" in refusal.value.message
    assert slow.read < 5000


def test_reading_that_takes_its_time_is_not() -> None:
    world, _ = a_slow_world(19, Limits(sync_export_time_s=20))

    assert selected(world).matching == 19


def test_a_failing_store_fails_the_selection() -> None:
    world = World()
    world.context = replace(world.context, stores=replace(world.stores, records=Unreadable()))

    with pytest.raises(Retryable):
        selected(world)


def test_more_than_can_be_held_is_refused() -> None:
    world = World(Limits(sync_export_bytes=1000))
    for number in range(20):
        world.record(f"con_{number}", {"name": "x" * 100})

    with pytest.raises(Refused) as refusal:
        selected(world)

    assert refusal.value.code == "selection_too_large"
    assert selected(world, limit=5).matching == 20
