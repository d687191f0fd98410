"""What becomes due when: the watch items of the control table, in a few shards that do not depend on time.

A watch says only that an import, or an export, may be due; whoever reads it looks at the thing itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from zlib import crc32

from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.stores.dynamodb.control_table import ControlTable

SHARDS = 4


@dataclass(frozen=True, slots=True, order=True)
class Watch:
    """One thing at one time."""

    due_at: int
    tenant_id: TenantId
    id: str
    """Of an import or an export."""

    @property
    def shard(self) -> int:
        return crc32(self.id.encode()) % SHARDS

    @property
    def sk(self) -> str:
        return f"{_padded(self.due_at)}#{self.tenant_id}#{self.id}"


class Watches:
    """The watch items of all imports, or of all exports, for one purpose."""

    def __init__(self, table: ControlTable, purpose: str = "WATCH") -> None:
        self._table = table
        self._purpose = purpose

    def put(self, watch: Watch) -> None:
        """Once more changes nothing."""
        self._table.put({"pk": self._pk(watch.shard), "sk": watch.sk}, condition="attribute_not_exists(#pk)")

    def remove(self, watch: Watch) -> None:
        self._table.remove(self._pk(watch.shard), watch.sk)

    def each_before(self, now: int) -> Iterator[Watch]:
        """Earliest first."""
        shards = [self._table.each_of(self._pk(shard), before=_padded(now)) for shard in range(SHARDS)]
        return merge(*(map(_to_watch, (str(item["sk"]) for item in shard)) for shard in shards))

    def _pk(self, shard: int) -> str:
        return f"{self._purpose}#{shard}"


def watches_of(import_: Import) -> set[Watch]:
    """For all times at which the import is, or was, due."""
    times = {import_.upload_expires_at, import_.deadline_at, import_.due_at} - {None}
    return {Watch(at, import_.tenant_id, import_.import_id) for at in times if at is not None}


def _to_watch(sk: str) -> Watch:
    due_at, tenant_id, id_ = sk.split("#", 2)
    return Watch(int(due_at), TenantId(tenant_id), id_)


def _padded(at: int) -> str:
    return f"{at:012d}"
