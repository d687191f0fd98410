"""How records, claims and match keys lie in the records table, and the statements that change them.

| item | pk | sk | beside |
|---|---|---|---|
| record | REC#tenant#resource#shard | its id | doc: its fields as JSON; version; meta: all else as JSON |
| tombstone | the same | the same | as above without doc; expires_at |
| claim | CLAIM#tenant#resource#key | - | record_id, stamp, token, claimed_at_ms, for_version |
| match key | MATCH#tenant#resource#key | id of the record | for_version |
| shard count | SHARDS#tenant#resource | - | shards |

One JSON text costs a tenth of the CPU of a map of attributes, and no numeric precision. `for_version` is the version of
the record that a claim or match key was made for: it is dead once the record has that version and does not carry it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Origin, Record, Stamp, Write, shard_of
from chalicelib.model.rows import OUTCOME_BY_WORD
from chalicelib.stores.dynamodb.answers import Item
from chalicelib.stores.dynamodb.statements import Statement, StatementText, inserted, number_value, text_value

TOMBSTONE_S = 30 * 24 * 3600

SK = text_value("-")
"""The sort key of whatever is alone in its partition."""


class Claim(NamedTuple):
    """A record's hold on an identity key, for all its versions from `for_version` on."""

    key: str
    record_id: RecordId
    stamp: str
    """The row that took it."""
    token: str
    """The wave of writes that took it: two tasks for one row must not undo each other's claims."""
    claimed_at_ms: int
    for_version: int


class StoredRecord(NamedTuple):
    """A record with what only the store knows of it."""

    record: Record
    released: tuple[str, ...]
    """Claims its latest write let go of: a repeat of that write lets go of them again."""


@dataclass(frozen=True, slots=True)
class RecordPartition:
    """The place of one tenant's records of one resource in the records table."""

    table: str
    tenant_id: TenantId
    resource: str
    shards: int

    def record_pk(self, shard: int) -> str:
        """Returns the partition key of a shard."""
        return f"REC#{self.tenant_id}#{self.resource}#{shard}"

    def record_key(self, record_id: RecordId) -> Item:
        """Returns the key of a record."""
        return to_key(self.record_pk(shard_of(record_id, self.shards)), record_id)

    def claim_pk(self, key: str) -> str:
        """Returns the partition key of a claim on an identity key."""
        return f"CLAIM#{self.tenant_id}#{self.resource}#{key}"

    def match_pk(self, key: str) -> str:
        """Returns the partition key of a match key."""
        return f"MATCH#{self.tenant_id}#{self.resource}#{key}"

    def identity_key(self, claim: Item) -> str:
        """Returns the identity key that the item of a claim is about."""
        return str(claim["pk"]["S"])[len(self.claim_pk("")) :]

    def to_claim(self, item: Item) -> Claim:
        """Returns the claim that lies in an item."""
        return Claim(
            key=self.identity_key(item),
            record_id=RecordId(item["record_id"]["S"]),
            stamp=item["stamp"]["S"],
            token=item["token"]["S"],
            claimed_at_ms=int(item["claimed_at_ms"]["N"]),
            for_version=int(item["for_version"]["N"]),
        )


class Statements:
    """Every change of the records table as a PartiQL statement, each on its condition. Names are quoted, since some are
    reserved words.
    """

    def __init__(self, partition: RecordPartition) -> None:
        self._partition = partition
        self._record_pks = [text_value(partition.record_pk(shard)) for shard in range(partition.shards)]
        into, update, delete = (f'{verb} "{partition.table}"' for verb in ("INSERT INTO", "UPDATE", "DELETE FROM"))
        key = '"pk"=? AND "sk"=?'
        claim = '"record_id"=? SET "stamp"=? SET "token"=? SET "claimed_at_ms"=? SET "for_version"=?'
        written = f'{update} SET "doc"=? SET "meta"=? SET "version"=?'
        condition = f'WHERE {key} AND "version"=?'
        buried = '"meta"=? SET "version"=? SET "expires_at"=? REMOVE "doc"'
        self._create = StatementText(inserted(into, "pk", "sk", "doc", "meta", "version"))
        self._change = StatementText(f"{written} {condition}")
        self._revive = StatementText(f'{written} REMOVE "expires_at" {condition}')
        self._bury = StatementText(f"{update} SET {buried} {condition}")
        self._claim = StatementText(inserted(into, "pk", "sk", *Claim._fields[1:]))
        self._take_over = StatementText(f'{update} SET {claim} WHERE {key} AND "token"=?')
        self._undo = StatementText(f'{delete} WHERE {key} AND "token"=?')
        self._release = StatementText(f'{delete} WHERE {key} AND "record_id"=? AND "for_version"<=?')
        self._match = StatementText(inserted(into, "pk", "sk", "for_version"))
        self._lift = StatementText(f'{update} SET "for_version"=? WHERE {key} AND "for_version"<?')
        self._unmatch = StatementText(f'{delete} WHERE {key} AND "for_version"<=?')

    def write(self, after: Record, write: Write, released: tuple[str, ...]) -> Statement:
        """Returns the statement that writes a record, if it is not there, or has the version that was read."""
        record_id, shard = after.record_id, shard_of(after.record_id, self._partition.shards)
        pk, sk, version = self._record_pks[shard], text_value(record_id), number_value(after.version)
        meta = text_value(to_meta(after, released))
        if after.is_deleted:
            expires_at = number_value(after.updated_at // 1000 + TOMBSTONE_S)
            return self._bury.with_values(meta, version, expires_at, pk, sk, number_value(after.version - 1))
        before, doc = write.before, text_value(write.document())
        if before is None:
            return self._create.with_values(pk, sk, doc, meta, version)
        text = self._revive if before.is_deleted else self._change
        return text.with_values(doc, meta, version, pk, sk, number_value(before.version))

    def claim(self, claim: Claim) -> Statement:
        """Returns the statement that takes a claim, if no record has it."""
        return self._claim.with_values(self._claim_pk(claim.key), SK, *_claim_values(claim))

    def take_over(self, claim: Claim, found: Claim) -> Statement:
        """Returns the statement that takes over a claim, if it is as it was found."""
        pk = self._claim_pk(claim.key)
        return self._take_over.with_values(*_claim_values(claim), pk, SK, text_value(found.token))

    def undo(self, claim: Claim) -> Statement:
        """Returns the statement that deletes a claim, if the same wave took it."""
        return self._undo.with_values(self._claim_pk(claim.key), SK, text_value(claim.token))

    def release(self, key: str, record: Record) -> Statement:
        """Returns the statement that deletes a claim of a record, if the record has it and it was not made for a later
        version.
        """
        values = text_value(record.record_id), number_value(record.version)
        return self._release.with_values(self._claim_pk(key), SK, *values)

    def match(self, key: str, record: Record) -> Statement:
        """Returns the statement that adds a match key, if it is not there."""
        return self._match.with_values(*self._match_key(key, record), number_value(record.version))

    def lift_match(self, key: str, record: Record) -> Statement:
        """Returns the statement that renews a match key for a record's version, if it was made for an earlier one."""
        version = number_value(record.version)
        return self._lift.with_values(version, *self._match_key(key, record), version)

    def unmatch(self, key: str, record: Record) -> Statement:
        """Returns the statement that deletes a match key, if it was not made for a later version."""
        return self._unmatch.with_values(*self._match_key(key, record), number_value(record.version))

    def _claim_pk(self, key: str) -> bytes:
        return text_value(self._partition.claim_pk(key))

    def _match_key(self, key: str, record: Record) -> tuple[bytes, bytes]:
        return text_value(self._partition.match_pk(key)), text_value(record.record_id)


def to_key(pk: str, sk: str = "-") -> Item:
    """Returns the key of an item."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def to_meta(record: Record, released: tuple[str, ...]) -> str:
    """Returns all of a record but id, fields and version as JSON with short names, and only what is there: a small
    record should fit into one write unit of 1 KB.
    """
    meta: dict[str, object] = {
        "created": record.created_at,
        "updated": record.updated_at,
        "stamps": [
            (one.import_id, one.row_number, one.outcome, one.step)
            if one.step
            else (one.import_id, one.row_number, one.outcome)
            for one in record.stamps
        ],
        "claims": record.claims,
        "matches": record.match_keys,
        "released": released,
        "origin": record.origin and (record.origin.import_id, record.origin.version),
    }
    return orjson.dumps({name: value for name, value in meta.items() if value}).decode()


def from_item(item: Item) -> StoredRecord:
    """Returns the record that lies in an item."""
    meta: Mapping[str, Any] = orjson.loads(item["meta"]["S"])
    doc = item.get("doc")
    record = Record(
        record_id=RecordId(item["sk"]["S"]),
        fields=orjson.loads(doc["S"]) if doc else {},
        version=int(item["version"]["N"]),
        created_at=meta.get("created", 0),
        updated_at=meta.get("updated", 0),
        claims=tuple(meta.get("claims", ())),
        match_keys=tuple(meta.get("matches", ())),
        stamps=tuple([Stamp(by, row, OUTCOME_BY_WORD[did], *step) for by, row, did, *step in meta.get("stamps", ())]),
        is_deleted=doc is None,
        origin=Origin(*meta["origin"]) if "origin" in meta else None,
    )
    return StoredRecord(record, tuple(meta.get("released", ())))


def _claim_values(claim: Claim) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    return (
        text_value(claim.record_id),
        text_value(claim.stamp),
        text_value(claim.token),
        number_value(claim.claimed_at_ms),
        number_value(claim.for_version),
    )
