"""Cleanup: in an overwrite, old records that no row names are deleted, or taken out of the import's location.

In come the records of one shard and the ids that rows name; out go the records to change. A record is changed only if
it was there when the import began, it has not been changed since, it lies in the import's location, and no row names
it, even one that failed. One that belongs to further locations is kept, and only loses the import's.
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
    """When the import began, or that of which it is made strictly, in epoch milliseconds."""
    resource: Resource
    location_id: str | None = None
    """Limits the cleanup to records of this location; None means everywhere."""

    def covers(self, record: Record) -> bool:
        """Returns whether the record is older than the import and belongs to its location."""
        is_old = record.updated_at < self.began_ms
        return is_old and is_at_location(self.resource, record.fields, self.location_id)


@dataclass(frozen=True, slots=True)
class UnnamedRecord:
    """A record that no row names."""

    record: Record
    fields: Fields | None
    """What it keeps, without the import's location; None where it is to be deleted."""


def clean_up(records: Iterable[Record], named: Container[RecordId], scope: CleanupScope) -> Iterator[UnnamedRecord]:
    """Yields the records that no row names, lazily.

    A record that was created after the import began was updated after it too, so that one time is enough.
    """
    for record in records:
        if scope.covers(record) and record.record_id not in named:
            yield UnnamedRecord(record, without_location(scope.resource, record.fields, scope.location_id))
