"""A record, the stamps that say which rows made it, and the writes that a store is asked to perform.

A write holds the record as it was read (`before`), so that a store can make it conditional: what came in between is
never overwritten.

Like drafts these objects are made once per row, hence slotted and not frozen; they are never changed after they were
made. Where each row makes one, its values are passed by position: keywords would cost as much again as the object.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

import orjson

from chalicelib.model.identity_keys import id_key
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.rows import Fields, Outcome


def shard_of(record_id: RecordId, shards: int) -> int:
    """Returns the number of the shard in which a record lies, the same on every machine."""
    return crc32(record_id.encode()) % shards


STAMPS_KEPT = 4
"""Stamps that a record remembers; a retry that comes after more changes than that reads the result of its own batch."""


MISSING_STEP = 1
"""The step of a row that makes a record which it names and which does not exist; 0 is what it does to its own."""


@dataclass(slots=True)
class Stamp:
    """Which row of which import did what to a record; a repeated write recognises itself by it."""

    import_id: ImportId
    row_number: int
    outcome: Outcome
    step: int = 0
    """Which of a row's writes it was: 0 that of its own record, or `MISSING_STEP`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which import made a version of a record."""

    import_id: ImportId
    version: int


@dataclass(slots=True)
class Record:
    """A record in the store, or the tombstone of a deleted one."""

    record_id: RecordId
    fields: Fields
    version: int
    """1 when created; rises with every write, deletion included."""
    created_at: int
    """Epoch milliseconds, as all times of a record."""
    updated_at: int
    claims: tuple[str, ...] = ()
    """Identity keys the record holds, `id` excepted."""
    match_keys: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    """Latest last, at most `STAMPS_KEPT`."""
    is_deleted: bool = False
    """A tombstone: it has no fields, claims or match keys, and lives for 30 days."""
    origin: Origin | None = None
    """Who made the version that an undo has restored here; None for a version that is new."""

    @property
    def maker(self) -> Origin | None:
        """Returns who has made the record as it is: the import of the last stamp, unless that one has restored what
        another one had made. None for a record without a stamp.
        """
        if self.origin is not None or not self.stamps:
            return self.origin
        return Origin(self.stamps[-1].import_id, self.version)

    @property
    def identity_keys(self) -> tuple[str, ...]:
        """Returns the keys of all its identities."""
        return (id_key(self.record_id), *self.claims)

    def find_stamp(self, import_id: ImportId, row_number: int, step: int = 0) -> Stamp | None:
        """Returns what this very row has already done to the record in this step, None where it has done nothing."""
        for one in self.stamps:
            if one.row_number == row_number and one.import_id == import_id and one.step == step:
                return one
        return None

    def remembers(self, version: int) -> bool:
        """Returns whether its stamps tell which row has made this version, or that none has made it yet; those of older
        versions were pushed out.
        """
        return self.version - version < len(self.stamps)

    def find_row_of(self, import_id: ImportId) -> int | None:
        """Returns which row of an import has written the record last; None where none has, as far as stamps tell."""
        for one in reversed(self.stamps):
            if one.import_id == import_id and one.row_number and not one.step:
                return one.row_number
        return None


@dataclass(slots=True)
class Write:
    """One change to one record. `stamp.outcome` says which: created, updated or deleted."""

    record_id: RecordId
    before: Record | None
    """As read; None where no record is there. A tombstone may be written over."""
    stamp: Stamp
    fields: Fields = field(default_factory=dict)
    """All fields of the record afterwards; empty for a deletion."""
    claims: tuple[str, ...] = ()
    match_keys: tuple[str, ...] = ()
    spelled: str = ""
    """The fields as JSON, where they have been serialised already."""
    restores: Record | None = None
    """The version that an undo writes once more; None for any other write, and where there was no record before."""

    @property
    def is_repeat(self) -> bool:
        """Returns whether the record that was read bears the stamp of this write already."""
        stamp = self.stamp
        return self.before is not None and bool(self.before.find_stamp(stamp.import_id, stamp.row_number, stamp.step))

    def document(self) -> str:
        """Returns the fields as JSON, which is how stores keep them: as text, because bytes from orjson keep a kilobyte
        or more of buffer."""
        return self.spelled or orjson.dumps(self.fields).decode()

    def after(self, now_ms: int) -> Record:
        """Returns the record, or the tombstone, that this write leaves.

        A record written over a tombstone is new, but its version goes on rising. One that is restored is as old as it
        was.
        """
        before, stamps, is_deletion = self.before, (self.stamp,), self.stamp.outcome is Outcome.DELETED
        fields, claims, match_keys = ({}, (), ()) if is_deletion else (self.fields, self.claims, self.match_keys)
        if before is None:
            return Record(self.record_id, fields, 1, now_ms, now_ms, claims, match_keys, stamps, is_deletion)
        restored = self.restores
        created_at = restored.created_at if restored else now_ms if before.is_deleted else before.created_at
        return Record(
            record_id=self.record_id,
            fields=fields,
            version=before.version + 1,
            created_at=created_at,
            updated_at=now_ms,
            claims=claims,
            match_keys=match_keys,
            stamps=(before.stamps + stamps)[-STAMPS_KEPT:],
            is_deleted=is_deletion,
            origin=restored.maker if restored else None,
        )


class WriteStatus(StrEnum):
    """How a write ended."""

    WRITTEN = "written"
    STALE = "stale"
    """The record is no longer as `before` says: read again and decide again."""
    TAKEN = "taken"
    """Another record holds one of the claims: match again, or fail the row."""


@dataclass(slots=True)
class Written:
    """How one write ended; stores return one for each write, in the order of the writes."""

    status: WriteStatus
    claim: str | None = None
    """The claim that is taken."""
    holder: RecordId | None = None
    """The record that holds it."""
