"""What a rehearsal would have written is judged and remembered as a store would, and is stored nowhere."""

from dataclasses import replace

from chalicelib.imports.rehearsed_records import RehearsedRecords
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Record, Stamp, Write, WriteStatus
from chalicelib.model.rows import Fields, Outcome
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT

NAME = "customers"
STORED, OTHER = RecordId("cus_1"), RecordId("cus_2")


def a_write(record_id: RecordId, *claims: str, before: Record | None = None, row: int = 1, **fields: str) -> Write:
    outcome = Outcome.UPDATED if before else Outcome.CREATED
    given: Fields = {**fields}
    return Write(record_id, before, Stamp(ImportId("imp_1"), row, outcome), given, claims)


def a_store() -> MemoryRecords:
    records = MemoryRecords()
    records.write_many(TENANT, NAME, [a_write(STORED, "email:a", name="Ann")], now_ms=1)
    return records


def rehearse(records: RehearsedRecords, *writes: Write) -> list[WriteStatus]:
    return [one.status for one in records.write_many(TENANT, NAME, writes, now_ms=2)]


def test_a_write_is_found_by_later_reads_and_not_stored() -> None:
    stored = a_store()
    records = RehearsedRecords(stored)

    assert rehearse(records, a_write(OTHER, "email:b", name="Bob")) == [WriteStatus.WRITTEN]

    assert records.find_claims(TENANT, NAME, ["email:a", "email:b", "id:cus_2"]) == {
        "email:a": STORED,
        "email:b": OTHER,
        "id:cus_2": OTHER,
    }
    assert records.get_many(TENANT, NAME, [STORED, OTHER])[OTHER].fields == {"name": "Bob"}
    assert stored.get_many(TENANT, NAME, [STORED, OTHER]).keys() == {STORED}


def test_an_identity_that_a_stored_record_holds_is_taken() -> None:
    records = RehearsedRecords(a_store())

    (written,) = records.write_many(TENANT, NAME, [a_write(OTHER, "email:a")], now_ms=2)

    assert (written.status, written.claim, written.holder) == (WriteStatus.TAKEN, "email:a", STORED)


def test_an_identity_that_a_rehearsed_record_holds_is_taken() -> None:
    records = RehearsedRecords(a_store())

    assert rehearse(records, a_write(OTHER, "email:b"), a_write(RecordId("cus_3"), "email:b", row=2)) == [
        WriteStatus.WRITTEN,
        WriteStatus.TAKEN,
    ]


def test_an_identity_that_a_rehearsed_record_gives_up_is_free() -> None:
    records = RehearsedRecords(a_store())
    stored = records.get_many(TENANT, NAME, [STORED])[STORED]

    moved, new = a_write(STORED, "email:c", before=stored), a_write(OTHER, "email:a", row=2)

    assert rehearse(records, moved, new) == [WriteStatus.WRITTEN, WriteStatus.WRITTEN]
    assert records.find_claims(TENANT, NAME, ["email:a"]) == {"email:a": OTHER}


def test_a_claim_whose_record_does_not_carry_it_is_free() -> None:
    stored = a_store()
    stored._partition(TENANT, NAME).claims["email:left"] = STORED

    assert rehearse(RehearsedRecords(stored), a_write(OTHER, "email:left")) == [WriteStatus.WRITTEN]


def test_a_record_that_was_rehearsed_meanwhile_is_stale() -> None:
    records = RehearsedRecords(a_store())
    stored = records.get_many(TENANT, NAME, [STORED])[STORED]

    first, second = (a_write(STORED, "email:a", before=stored, row=row) for row in (1, 2))

    assert rehearse(records, first, second) == [WriteStatus.WRITTEN, WriteStatus.STALE]


def test_a_deletion_leaves_a_tombstone_and_frees_the_identities() -> None:
    records = RehearsedRecords(a_store())
    stored = records.get_many(TENANT, NAME, [STORED])[STORED]
    gone = replace(a_write(STORED, before=stored), stamp=Stamp(ImportId("imp_1"), 1, Outcome.DELETED))

    rehearse(records, gone)

    assert records.get_many(TENANT, NAME, [STORED])[STORED].is_deleted
    assert records.find_claims(TENANT, NAME, ["email:a", "id:cus_1"]) == {}


def test_a_claim_whose_record_is_not_there_any_more_is_taken_over() -> None:
    stored = a_store()
    stored._partitions[TENANT, NAME].claims["email:left"] = RecordId("cus_gone")
    records = RehearsedRecords(stored)

    assert rehearse(records, a_write(OTHER, "email:left")) == [WriteStatus.WRITTEN]
