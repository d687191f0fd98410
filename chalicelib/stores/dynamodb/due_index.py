"""What becomes due when: items of the control table in the order of time, spread over a few partitions.

Comes in: what may become due, and the time. Goes out: the entries whose time has come, of all tenants. An entry is a
hint that is written before what it stands for and removed after it, so that a crash leaves one too many at worst; every
reader looks at the import, export, schedule or run itself, and removes entries that mean nothing any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from zlib import crc32

from chalicelib.model.exports import Export
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import ItemKey

PARTITIONS = 4
"""More of them take more writes a second; every look reads them all."""
STALE_ENTRY_S = 20 * 60
"""An entry that fits nothing stored may belong to a write that is under way; once it is as old as this, it does not."""


class DueKind(StrEnum):
    """What entries stand for; the value begins their partition keys."""

    IMPORT = "DUE-IMPORT"
    EXPORT = "DUE-EXPORT"
    UNPUBLISHED_IMPORT = "UNPUBLISHED-IMPORT"
    """An import that has ended and whose event may not have been published."""
    UNPUBLISHED_EXPORT = "UNPUBLISHED-EXPORT"
    KEPT_SOURCE = "KEPT-SOURCE"
    """The source of an import that has ended, which is not to be saved and may be needed for a while."""
    SCHEDULE = "DUE-SCHEDULE"
    OPEN_RUN = "OPEN-RUN"
    """A run of a schedule that has not ended."""


@dataclass(frozen=True, slots=True, order=True)
class DueEntry:
    """One thing at one time; entries are ordered by time."""

    due_at: int
    """Epoch seconds."""
    tenant_id: TenantId
    id: str
    """Of the import, the export, the schedule or the run."""

    @property
    def partition(self) -> int:
        """Returns the number of the partition in which the entry lies."""
        return crc32(self.id.encode()) % PARTITIONS

    @property
    def sk(self) -> str:
        """Returns the entry's sort key, which sorts as entries do."""
        return f"{_padded(self.due_at)}#{self.tenant_id}#{self.id}"


class DueIndex:
    """All entries of one kind."""

    def __init__(self, table: ControlTable, kind: DueKind) -> None:
        self._table = table
        self._kind = kind

    def put(self, entry: DueEntry) -> None:
        """Adds an entry; adding it again changes nothing."""
        self._table.put(self.item_of(entry), condition="attribute_not_exists(#pk)")

    def key_of(self, entry: DueEntry) -> ItemKey:
        """Returns the key of an entry's item."""
        return self._pk(entry.partition), entry.sk

    def item_of(self, entry: DueEntry) -> ItemValues:
        """Returns the item of an entry, to be written together with what it stands for."""
        pk, sk = self.key_of(entry)
        return {"pk": pk, "sk": sk}

    def remove(self, entry: DueEntry) -> None:
        """Removes an entry, if it is there."""
        self._table.remove(self._pk(entry.partition), entry.sk)

    def each_before(self, now: int) -> Iterator[DueEntry]:
        """Yields the entries whose time lies before `now`, earliest first, page by page."""
        found = [self._table.each_of(self._pk(number), before=_padded(now)) for number in range(PARTITIONS)]
        return merge(*(map(_to_entry, (str(item["sk"]) for item in items)) for items in found))

    def _pk(self, partition: int) -> str:
        return f"{self._kind}#{partition}"


def set_postponed(table: ControlTable, pk: str, job: Import | Export, until: int) -> ItemValues | None:
    """Notes in the item of a job one more try to end it, and when the next one is due. Returns the item as it is then,
    or None where the status, or the number of tries, is not that of `job` any more.
    """
    return table.set(
        pk,
        {"end_tries": job.end_tries + 1, "postponed_until": until},
        condition="#status = :status_meant AND (attribute_not_exists(#end_tries) OR #end_tries = :tries_meant)",
        parameters={"status_meant": job.status, "tries_meant": job.end_tries},
    )


def _to_entry(sk: str) -> DueEntry:
    due_at, tenant_id, id_ = sk.split("#", 2)
    return DueEntry(int(due_at), TenantId(tenant_id), id_)


def _padded(at: int) -> str:
    return f"{at:012d}"
