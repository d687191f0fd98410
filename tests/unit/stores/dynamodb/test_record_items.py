"""How records lie in their table, and which condition each of their changes has."""

import orjson
import pytest

from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.dynamodb.record_items import Claim, RecordPartition, Statements, from_item, to_key, to_meta

PARTITION = RecordPartition("records", TenantId("t"), "contacts", 16)
RECORD = Record(
    record_id=RecordId("con_1"),
    fields={"name": "Ann"},
    version=3,
    created_at=1,
    updated_at=2,
    claims=("email:a@example.com",),
    match_keys=("name:ann",),
    stamps=(Stamp(ImportId("imp_1"), 7, Outcome.UPDATED),),
)


def test_a_record_is_read_as_it_was_written() -> None:
    item = {
        **to_key("REC#t#contacts#0", "con_1"),
        "doc": {"S": '{"name":"Ann"}'},
        "version": {"N": "3"},
        "meta": {"S": to_meta(RECORD, ("email:old@example.com",))},
    }

    stored = from_item(item)

    assert (stored.record, stored.released) == (RECORD, ("email:old@example.com",))


def test_an_item_without_document_is_a_tombstone() -> None:
    item = {**to_key("REC#t#contacts#0", "con_1"), "version": {"N": "4"}, "meta": {"S": "{}"}}

    assert from_item(item).record.is_deleted


def test_the_identity_key_of_a_claim_may_hold_separators() -> None:
    item = to_key(PARTITION.claim_pk("email:a#b@example.com"))

    assert PARTITION.identity_key(item) == "email:a#b@example.com"


@pytest.mark.parametrize(
    ("before", "verb", "condition"),
    [(None, "INSERT INTO", "VALUE"), (RECORD, "UPDATE", '"version"=?')],
    ids=["new", "changed"],
)
def test_a_record_is_written_if_it_is_as_it_was_read(before: Record | None, verb: str, condition: str) -> None:
    write = Write(
        record_id=RecordId("con_1"),
        before=before,
        fields={"name": "Bo"},
        stamp=Stamp(ImportId("i"), 1, Outcome.UPDATED),
    )

    statement = orjson.loads(Statements(PARTITION).write(write.after(9), write, ()))

    assert statement["Statement"].startswith(f'{verb} "records"')
    assert condition in statement["Statement"]
    assert before is None or statement["Parameters"][-1] == {"N": "3"}


def test_a_claim_is_taken_over_as_it_was_found() -> None:
    found = Claim("email:a", RecordId("con_1"), "i#1", "old", 1, 1)

    statement = orjson.loads(Statements(PARTITION).take_over(found._replace(token="new"), found))

    assert statement["Statement"].endswith('AND "token"=?')
    assert statement["Parameters"][-1] == {"S": "old"}
