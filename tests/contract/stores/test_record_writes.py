"""What `Records.write_many` promises for one writer at a time."""

from dataclasses import replace

import pytest

from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.records import MISSING_STEP, STAMPS_KEPT, Origin, Record, Write, WriteStatus, Written
from chalicelib.model.rows import Fields, Outcome
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_deletion, a_stamp, a_write, created, stored

WRITTEN = Written(WriteStatus.WRITTEN)
STALE = Written(WriteStatus.STALE)

FIELDS: Fields = {
    "text": 'it\'s "quoted" – ünïcode 😀 \u0000',
    "empty": "",
    "decimal": "12345678901234567890.123456789",
    "number": 1.5,
    "integer": 9007199254740993,
    "no": False,
    "nothing": None,
    "list": ["a", ["b", {}]],
    "map": {"": {"x": [1, None]}},
}


def write(stores: Stores, tenant: TenantId, *writes: Write, now_ms: int = NOW_MS) -> list[Written]:
    return stores.records.write_many(tenant, CONTACTS, writes, now_ms=now_ms)


def test_a_created_record_is_read_as_it_was_written(stores: Stores, tenant: TenantId) -> None:
    written = write(stores, tenant, a_write("con_1", fields=FIELDS, claims=("e:1", "x:1"), match_keys=("m:1",)))

    assert written == [WRITTEN]
    assert stored(stores, tenant, "con_1") == Record(
        record_id=RecordId("con_1"),
        fields=FIELDS,
        version=1,
        created_at=NOW_MS,
        updated_at=NOW_MS,
        claims=("e:1", "x:1"),
        match_keys=("m:1",),
        stamps=(a_stamp(),),
    )


@pytest.mark.parametrize("record_id", ["con_1", 'a customer\'s "own" id #7', "ünï/код", "x" * 900])
def test_any_id_is_kept(stores: Stores, tenant: TenantId, record_id: str) -> None:
    assert created(stores, tenant, record_id, claims=(f"e:{record_id}",)).record_id == record_id


def test_many_writes_are_answered_in_their_order(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_5")
    writes = [a_write(f"con_{number}", row=number, by="imp_two", claims=(f"e:{number}",)) for number in range(60)]

    written = write(stores, tenant, *writes)

    assert written == [STALE if number == 5 else WRITTEN for number in range(60)]
    records = stores.records.get_many(tenant, CONTACTS, [one.record_id for one in writes])
    assert sorted(records) == sorted(one.record_id for one in writes)


def test_no_writes_are_no_work(stores: Stores, tenant: TenantId) -> None:
    assert write(stores, tenant) == []


def test_an_update_replaces_the_fields_and_keeps_the_birthday(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", fields={"name": "old", "phone": "1"})

    written = write(
        stores, tenant, a_write("con_1", before=before, by="imp_two", fields={"name": "new"}), now_ms=NOW_MS + 5
    )

    assert written == [WRITTEN]
    assert stored(stores, tenant, "con_1") == Record(
        record_id=RecordId("con_1"),
        fields={"name": "new"},
        version=2,
        created_at=NOW_MS,
        updated_at=NOW_MS + 5,
        stamps=(a_stamp(), a_stamp(outcome=Outcome.UPDATED, import_id="imp_two")),
    )


def test_a_record_that_changed_since_it_was_read_is_left_alone(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1")
    write(stores, tenant, a_write("con_1", before=before, by="imp_two", fields={"name": "two"}))
    after = stored(stores, tenant, "con_1")

    written = write(
        stores,
        tenant,
        a_write("con_1", before=before, by="imp_three", fields={"name": "three"}, claims=("e:1",), match_keys=("m",)),
    )

    assert written == [STALE]
    assert stored(stores, tenant, "con_1") == after
    assert stores.records.find_claims(tenant, CONTACTS, ["e:1"]) == {}
    assert stores.records.find_matches(tenant, CONTACTS, ["m"]) == {}


def test_a_record_that_came_in_between_is_not_created_again(stores: Stores, tenant: TenantId) -> None:
    there = created(stores, tenant, "con_1")

    assert write(stores, tenant, a_write("con_1", by="imp_two")) == [STALE]
    assert stored(stores, tenant, "con_1") == there


def test_a_deletion_of_what_changed_since_is_refused(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1")
    write(stores, tenant, a_write("con_1", before=before, by="imp_two"))

    assert write(stores, tenant, a_deletion(before, by="imp_three")) == [STALE]
    assert not stored(stores, tenant, "con_1").is_deleted


def test_nothing_cannot_be_deleted(stores: Stores, tenant: TenantId) -> None:
    deletion = a_write("con_1", outcome=Outcome.DELETED)

    assert write(stores, tenant, deletion) == [STALE]
    assert stores.records.get_many(tenant, CONTACTS, [RecordId("con_1")]) == {}


def test_a_deletion_leaves_a_tombstone_without_contents(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", claims=("e:1",), match_keys=("m:1",))

    written = write(stores, tenant, a_deletion(before), now_ms=NOW_MS + 5)

    assert written == [WRITTEN]
    assert stored(stores, tenant, "con_1") == Record(
        record_id=RecordId("con_1"),
        fields={},
        version=2,
        created_at=NOW_MS,
        updated_at=NOW_MS + 5,
        stamps=(a_stamp(), a_stamp(outcome=Outcome.DELETED, import_id="imp_two")),
        is_deleted=True,
    )


def test_a_deletion_frees_claims_and_match_keys(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", claims=("e:1",), match_keys=("m:1",))

    write(stores, tenant, a_deletion(before))

    assert stores.records.find_claims(tenant, CONTACTS, ["e:1", "id:con_1"]) == {}
    assert stores.records.find_matches(tenant, CONTACTS, ["m:1"]) == {}
    assert write(stores, tenant, a_write("con_2", by="imp_three", claims=("e:1",))) == [WRITTEN]


def test_a_tombstone_can_be_written_over(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", claims=("e:1",))
    write(stores, tenant, a_deletion(before))
    tombstone = stored(stores, tenant, "con_1")

    written = write(
        stores,
        tenant,
        a_write("con_1", before=tombstone, by="imp_three", claims=("e:1",), outcome=Outcome.CREATED),
        now_ms=NOW_MS + 9,
    )

    assert written == [WRITTEN]
    reborn = stored(stores, tenant, "con_1")
    assert (reborn.version, reborn.created_at, reborn.is_deleted) == (3, NOW_MS + 9, False)
    assert stores.records.find_claims(tenant, CONTACTS, ["e:1", "id:con_1"]) == {"e:1": "con_1", "id:con_1": "con_1"}
    assert [one.record_id for one in stores.records.list_records(tenant, CONTACTS, limit=5, cursor=None).records] == [
        "con_1"
    ]


def test_a_tombstone_is_not_overlooked(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1")
    write(stores, tenant, a_deletion(before))

    assert write(stores, tenant, a_write("con_1", by="imp_three")) == [STALE]
    assert stored(stores, tenant, "con_1").is_deleted


def test_a_repeated_write_changes_nothing(stores: Stores, tenant: TenantId) -> None:
    again = a_write("con_1", claims=("e:1",), match_keys=("m:1",))
    write(stores, tenant, again)
    once = stored(stores, tenant, "con_1")

    assert write(stores, tenant, again, now_ms=NOW_MS + 5) == [WRITTEN]
    assert stored(stores, tenant, "con_1") == once
    assert stores.records.find_claims(tenant, CONTACTS, ["e:1"]) == {"e:1": "con_1"}


def test_a_write_that_read_its_own_work_changes_nothing(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", claims=("e:1",))
    write(stores, tenant, a_write("con_1", before=before, by="imp_two", claims=("e:2",)))
    after = stored(stores, tenant, "con_1")

    assert write(stores, tenant, a_write("con_1", before=after, by="imp_two", claims=("e:2",))) == [WRITTEN]
    assert stored(stores, tenant, "con_1") == after


def test_a_repeat_counts_as_written_after_others_have_written(stores: Stores, tenant: TenantId) -> None:
    first = a_write("con_1", claims=("e:1",))
    write(stores, tenant, first)
    before = stored(stores, tenant, "con_1")
    write(stores, tenant, a_write("con_1", before=before, by="imp_two", claims=("e:2",)))
    write(stores, tenant, a_write("con_2", by="imp_two", claims=("e:1",)))

    assert write(stores, tenant, first) == [WRITTEN]
    assert stored(stores, tenant, "con_1").claims == ("e:2",)
    assert stores.records.find_claims(tenant, CONTACTS, ["e:1", "e:2"]) == {"e:1": "con_2", "e:2": "con_1"}


def test_a_repeat_that_was_seen_counts_as_written_however_many_others_write_meanwhile(
    stores: Stores, tenant: TenantId
) -> None:
    write(stores, tenant, a_write("con_1", by="imp_two"))
    seen = record = stored(stores, tenant, "con_1")
    for number in range(STAMPS_KEPT):
        write(stores, tenant, a_write("con_1", before=record, by=f"imp_other{number}"))
        record = stored(stores, tenant, "con_1")

    assert write(stores, tenant, a_write("con_1", before=seen, by="imp_two")) == [WRITTEN]
    assert stored(stores, tenant, "con_1") == record


def test_a_repeated_deletion_changes_nothing(stores: Stores, tenant: TenantId) -> None:
    deletion = a_deletion(created(stores, tenant, "con_1", claims=("e:1",)))
    write(stores, tenant, deletion)
    tombstone = stored(stores, tenant, "con_1")

    assert write(stores, tenant, deletion) == [WRITTEN]
    assert stored(stores, tenant, "con_1") == tombstone


def test_a_row_may_write_to_one_record_in_two_steps(stores: Stores, tenant: TenantId) -> None:
    first = replace(a_write("con_1"), stamp=replace(a_stamp(), step=MISSING_STEP))
    write(stores, tenant, first)
    made = stored(stores, tenant, "con_1")

    again = write(stores, tenant, first)
    second = write(stores, tenant, a_write("con_1", before=made))

    assert (again, second) == ([WRITTEN], [WRITTEN])
    assert [one.step for one in stored(stores, tenant, "con_1").stamps] == [MISSING_STEP, 0]


def test_the_latest_four_stamps_are_kept(stores: Stores, tenant: TenantId) -> None:
    record = created(stores, tenant, "con_1", by="imp_0")
    for number in range(1, 6):
        write(stores, tenant, a_write("con_1", before=record, by=f"imp_{number}"))
        record = stored(stores, tenant, "con_1")

    assert [one.import_id for one in record.stamps] == ["imp_2", "imp_3", "imp_4", "imp_5"]


def test_what_was_given_away_is_not_what_is_stored(stores: Stores, tenant: TenantId) -> None:
    fields: Fields = {"list": ["a"]}
    write(stores, tenant, a_write("con_1", fields=fields))

    fields["list"] = []
    stored(stores, tenant, "con_1").fields.clear()

    assert stored(stores, tenant, "con_1").fields == {"list": ["a"]}


def test_a_restored_record_is_as_old_as_it_was_and_tells_who_made_its_version(stores: Stores, tenant: TenantId) -> None:
    first = created(stores, tenant, "con_a", claims=("email:a",), match_keys=("phone:1",))
    changed = a_write("con_a", before=first, by="imp_two", fields={"name": "Changed"}, claims=("email:b",))
    stores.records.write_many(tenant, CONTACTS, [changed], now_ms=NOW_MS + 1)
    second = stored(stores, tenant, "con_a")
    stores.records.write_many(tenant, CONTACTS, [a_deletion(second, by="imp_three")], now_ms=NOW_MS + 2)
    tombstone = stored(stores, tenant, "con_a")

    back = a_write("con_a", before=tombstone, by="imp_undo", outcome=Outcome.CREATED, restores=first)
    back.fields, back.claims, back.match_keys = first.fields, first.claims, first.match_keys
    (written,) = stores.records.write_many(tenant, CONTACTS, [back], now_ms=NOW_MS + 3)

    assert written.status is WriteStatus.WRITTEN
    restored = stored(stores, tenant, "con_a")
    assert (restored.fields, restored.claims, restored.match_keys) == (first.fields, first.claims, first.match_keys)
    assert (restored.version, restored.created_at, restored.updated_at) == (4, NOW_MS, NOW_MS + 3)
    assert restored.origin == restored.maker == Origin(ImportId("imp_one"), 1)
    assert stores.records.find_claims(tenant, CONTACTS, ["email:a", "email:b"]) == {"email:a": "con_a"}
    assert tombstone.origin is None
