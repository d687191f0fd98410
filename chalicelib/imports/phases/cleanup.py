"""Cleanup: what an overwrite leaves behind. Old records that no row names are deleted, or leave the import's location.

In come the records of one shard and the ids that rows name; out go the changes to make. A record is changed only if it
was there when the import began, nobody has changed it since, it lies in the import's location, and no row names it,
whatever became of that row. One that belongs to further locations is kept, and only loses the import's.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Fields
from chalicelib.schema.defaults import is_at_location, without_location


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupScope:
    """Which records an overwrite may clean up at all."""

    began_ms: int
    """When the import began, in epoch milliseconds."""
    resource: Resource
    location_id: str | None = None
    """Limits the cleanup to records of this location; None means everywhere."""

    def covers(self, record: Record) -> bool:
        is_old = record.updated_at < self.began_ms
        return is_old and is_at_location(self.resource, record.fields, self.location_id)


@dataclass(frozen=True, slots=True)
class UnnamedRecord:
    """A record that no row names."""

    record: Record
    fields: Fields | None
    """What it keeps, without the import's location; None where it is to be deleted."""


def clean_up(records: Iterable[Record], named: Container[RecordId], reach: CleanupScope) -> Iterator[UnnamedRecord]:
    """Lazy. A record created later was updated later too, so that one time covers both."""
    for record in records:
        if reach.covers(record) and record.record_id not in named:
            yield UnnamedRecord(record, without_location(reach.resource, record.fields, reach.location_id))
