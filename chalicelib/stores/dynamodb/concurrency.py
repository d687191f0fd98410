"""Concurrency slots in the control table, as `stores.interfaces.ConcurrencySlots` promises.

| item | pk | sk | beside |
|---|---|---|---|
| slot | SLOT#pool#number | - | holder, while a job has it |
| waiting job | WAITING#kind#tenant | since#job id | |
| tenant with waiting jobs | WAITING#kind | tenant | last_start, of a job of it that waited |

Every slot is an item of its own, and takers begin their search at different slots, so that none of them is written more
often than the others.
"""

from collections.abc import Iterator
from zlib import crc32

from chalicelib.model.events import JobKind
from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.control_table import ControlTable

PAGE = 10
"""Waiting jobs that are read at a time: nearly always the first one is started, however many wait behind it."""


class DynamoDBConcurrencySlots:
    """Keeps the promises of `stores.interfaces.ConcurrencySlots`: a slot is an item that one job has at a time, by
    conditional update.
    """

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def take(self, pool: str, holder: str, *, slots: int) -> bool:
        """Does what `ConcurrencySlots.take` promises."""
        holders = self._holders(pool, slots)
        if holder in holders.values():
            return True
        free = (pk for pk in _slot_keys(pool, slots, first=_first_of(holder)) if pk not in holders)
        return any(self._take(pk, holder) or self._has_slot(pool, holder, slots) for pk in free)

    def leave(self, pool: str, holder: str, *, slots: int) -> None:
        """Does what `ConcurrencySlots.leave` promises. Most holders have the slot at which they began to look."""
        if self._leave(_slot_keys(pool, slots, first=_first_of(holder))[0], holder):
            return
        for pk, one in self._holders(pool, slots).items():
            if one == holder:
                self._leave(pk, holder)

    def list_holders(self, pool: str, *, slots: int) -> list[str]:
        """Does what `ConcurrencySlots.list_holders` promises."""
        return sorted(set(self._holders(pool, slots).values()))

    def wait(self, kind: JobKind, tenant_id: TenantId, job_id: str, *, since: int) -> None:
        """Does what `ConcurrencySlots.wait` promises."""
        self._table.put({"pk": _jobs(kind, tenant_id), "sk": _place(since, job_id)}, condition=_ABSENT)
        self._add_tenant(kind, tenant_id, last_start=since)

    def stop_waiting(self, kind: JobKind, tenant_id: TenantId, job_id: str, *, since: int) -> None:
        """Does what `ConcurrencySlots.stop_waiting` promises."""
        self._table.remove(_jobs(kind, tenant_id), _place(since, job_id))

    def each_waiting(self, kind: JobKind, tenant_id: TenantId) -> Iterator[tuple[int, str]]:
        """Does what `ConcurrencySlots.each_waiting` promises."""
        for item in self._table.each_of(_jobs(kind, tenant_id), page=PAGE):
            since, job_id = str(item["sk"]).split("#", 1)
            yield int(since), job_id

    def list_last_starts(self, kind: JobKind) -> dict[TenantId, int]:
        """Does what `ConcurrencySlots.list_last_starts` promises."""
        return {TenantId(item["sk"]): item["last_start"] for item in self._table.each_of(_tenants(kind))}

    def note_start(self, kind: JobKind, tenant_id: TenantId, *, at: int) -> None:
        """Does what `ConcurrencySlots.note_start` promises."""
        exists = "attribute_exists(#pk)"
        self._table.set(_tenants(kind), {"last_start": at}, condition=exists, parameters={}, sk=tenant_id)

    def remove_idle(self, kind: JobKind, tenant_id: TenantId) -> None:
        """Removes a tenant without waiting jobs, and adds it again if one has come meanwhile."""
        if next(self.each_waiting(kind, tenant_id), None):
            return
        self._table.remove(_tenants(kind), tenant_id)
        first = next(self.each_waiting(kind, tenant_id), None)
        if first:
            self._add_tenant(kind, tenant_id, last_start=first[0])

    def _add_tenant(self, kind: JobKind, tenant_id: TenantId, *, last_start: int) -> None:
        self._table.put({"pk": _tenants(kind), "sk": tenant_id, "last_start": last_start}, condition=_ABSENT)

    def _holders(self, pool: str, slots: int) -> dict[str, str]:
        """Returns who has each slot that is taken, by the slot's pk."""
        items = self._table.find_many(_slot_keys(pool, slots))
        return {pk: str(item["holder"]) for pk, item in items.items() if "holder" in item}

    def _has_slot(self, pool: str, holder: str, slots: int) -> bool:
        """Asked where a slot was lost to another call, which may be one for the same holder."""
        return holder in self._holders(pool, slots).values()

    def _take(self, pk: str, holder: str) -> bool:
        return (
            self._table.set(pk, {"holder": holder}, condition="attribute_not_exists(#holder)", parameters={})
            is not None
        )

    def _leave(self, pk: str, holder: str) -> bool:
        is_mine = "#holder = :mine"
        return self._table.set(pk, {"holder": None}, condition=is_mine, parameters={"mine": holder}) is not None


_ABSENT = "attribute_not_exists(#pk)"


def _first_of(holder: str) -> int:
    return crc32(holder.encode())


def _slot_keys(pool: str, slots: int, *, first: int = 0) -> list[str]:
    return [f"SLOT#{pool}#{(first + number) % slots}" for number in range(slots)]


def _jobs(kind: JobKind, tenant_id: TenantId) -> str:
    return f"WAITING#{kind}#{tenant_id}"


def _tenants(kind: JobKind) -> str:
    return f"WAITING#{kind}"


def _place(since: int, job_id: str) -> str:
    return f"{since:012d}#{job_id}"
