"""Concurrency slots in the control table, as `stores.interfaces.ConcurrencySlots` promises.

| item | pk | sk | beside |
|---|---|---|---|
| slot | SLOT#tenant#number | - | import_id, while an import has it |
| waiting import | WAITING#tenant | since#import id | |
| tenant with waiting imports | WAITING | tenant | |
"""

from collections.abc import Iterator

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.stores.dynamodb.control_table import ControlTable

TENANTS = "WAITING"


class DynamoDBConcurrencySlots:
    """Keeps the promises of `stores.interfaces.ConcurrencySlots`: a slot is an item that one import has at a time, by
    conditional update.
    """

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def take(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> bool:
        """Does what `ConcurrencySlots.take` promises."""
        holders = self._holders(tenant_id, slots)
        if import_id in holders.values():
            return True
        return any(self._take(pk, import_id) for pk in _slot_keys(tenant_id, slots) if pk not in holders)

    def leave(self, tenant_id: TenantId, import_id: ImportId, *, slots: int) -> None:
        """Does what `ConcurrencySlots.leave` promises."""
        for pk, holder in self._holders(tenant_id, slots).items():
            if holder == import_id:
                self._table.set(pk, {"import_id": None}, condition="#import_id = :mine", parameters={"mine": import_id})

    def list_holders(self, tenant_id: TenantId, *, slots: int) -> list[ImportId]:
        """Does what `ConcurrencySlots.list_holders` promises."""
        return sorted(set(self._holders(tenant_id, slots).values()))

    def wait(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None:
        """Does what `ConcurrencySlots.wait` promises."""
        self._table.put({"pk": _waiting(tenant_id), "sk": _place(since, import_id)}, condition=_ABSENT)
        self._table.put({"pk": TENANTS, "sk": tenant_id}, condition=_ABSENT)

    def stop_waiting(self, tenant_id: TenantId, import_id: ImportId, *, since: int) -> None:
        """Does what `ConcurrencySlots.stop_waiting` promises."""
        self._table.remove(_waiting(tenant_id), _place(since, import_id))

    def each_waiting(self, tenant_id: TenantId) -> Iterator[tuple[int, ImportId]]:
        """Does what `ConcurrencySlots.each_waiting` promises."""
        for item in self._table.each_of(_waiting(tenant_id)):
            since, import_id = str(item["sk"]).split("#", 1)
            yield int(since), ImportId(import_id)

    def list_tenants(self) -> list[TenantId]:
        """Does what `ConcurrencySlots.list_tenants` promises."""
        tenants = [TenantId(item["sk"]) for item in self._table.each_of(TENANTS)]
        return [one for one in tenants if self._is_waited_for(one)]

    def _is_waited_for(self, tenant_id: TenantId) -> bool:
        """Removes a tenant without waiting imports, and adds it again if one has come meanwhile."""
        if next(self.each_waiting(tenant_id), None):
            return True
        self._table.remove(TENANTS, tenant_id)
        if next(self.each_waiting(tenant_id), None):
            self._table.put({"pk": TENANTS, "sk": tenant_id}, condition=_ABSENT)
            return True
        return False

    def _holders(self, tenant_id: TenantId, slots: int) -> dict[str, ImportId]:
        """Returns which import has each slot that is taken, by the slot's pk."""
        items = self._table.find_many(_slot_keys(tenant_id, slots))
        return {pk: ImportId(item["import_id"]) for pk, item in items.items() if "import_id" in item}

    def _take(self, pk: str, import_id: ImportId) -> bool:
        taken = self._table.set(
            pk, {"import_id": import_id}, condition="attribute_not_exists(#import_id)", parameters={}
        )
        return taken is not None


_ABSENT = "attribute_not_exists(#pk)"


def _slot_keys(tenant_id: TenantId, slots: int) -> list[str]:
    return [f"SLOT#{tenant_id}#{number}" for number in range(slots)]


def _waiting(tenant_id: TenantId) -> str:
    return f"WAITING#{tenant_id}"


def _place(since: int, import_id: ImportId) -> str:
    return f"{since:012d}#{import_id}"
