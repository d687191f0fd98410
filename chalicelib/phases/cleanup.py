"""Cleanup: what an overwrite leaves behind. Old records that no row names are deleted.

In come the records of one shard and the ids that rows name; out go the records to delete. A record goes only if it was
there when the import began, nobody has changed it since, it lies in the import's location, and no row names it,
whatever became of that row.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.resources import Resource
from chalicelib.rules.derived import is_at_location


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which records an overwrite may clean up at all."""

    began_ms: int
    """When the import began, in epoch milliseconds."""
    resource: Resource
    location_id: str | None = None
    """Limits the cleanup to records of this location; None means everywhere."""

    def covers(self, record: Record) -> bool:
        is_old = record.updated_at < self.began_ms
        return is_old and is_at_location(self.resource, record.fields, self.location_id)


def clean_up(records: Iterable[Record], named: Container[RecordId], reach: Reach) -> Iterator[Record]:
    """Lazy. A record created later was updated later too, so that one time covers both."""
    return (record for record in records if reach.covers(record) and record.record_id not in named)
