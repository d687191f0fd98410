"""Slots: how many imports of one tenant run at the same time, so that no tenant takes the functions of all.

An import whose tenant has a slot left starts at once. The others wait, first come first served. An import that ends
starts the next, and the reaper starts those whose slot a crash has kept. Queued, therefore, is an import that waits.
"""

from dataclasses import dataclass

from chalicelib.access.context import Context
from chalicelib.imports.lifecycle import IMPORTS
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import
from chalicelib.stores.interfaces import Stores


def import_queue(context: Context) -> "ImportQueue":
    """Returns the queue in which the imports of each tenant wait for a slot."""
    return ImportQueue(context.stores, context.limits.tenant_imports)


@dataclass(frozen=True, slots=True)
class ImportQueue:
    """The imports of each tenant that run, and those that wait until a slot is free."""

    stores: Stores
    slots: int
    """Of each tenant, at the same time."""

    def start_or_enqueue(self, import_: Import) -> None:
        """Starts the machine, or lets the import wait. Doing it again changes nothing."""
        if self._start_if_free(import_):
            return
        tenant_id, import_id, since = import_.tenant_id, import_.import_id, import_.created_at
        self.stores.slots.wait(tenant_id, import_id, since=since)
        if self._start_if_free(import_):  # an import that ended meanwhile had not seen it wait
            self.stores.slots.stop_waiting(tenant_id, import_id, since=since)

    def release(self, import_: Import) -> None:
        """Gives the slot of an import that has ended to the next that waits. An import that goes on keeps its slot."""
        if not self._is_over(import_.tenant_id, import_.import_id):
            return
        self.stores.slots.leave(import_.tenant_id, import_.import_id, slots=self.slots)
        self.start_waiting(import_.tenant_id)

    def start_waiting(self, tenant_id: TenantId) -> None:
        """Starts as many waiting imports of a tenant as there are free slots, those that have waited longest first."""
        for since, import_id in self.stores.slots.each_waiting(tenant_id):
            import_ = self.stores.imports.find(tenant_id, import_id)
            if import_ is not None and not import_.is_final and not self._start_if_free(import_):
                return
            self.stores.slots.stop_waiting(tenant_id, import_id, since=since)

    def start_all_waiting(self) -> None:
        """Starts waiting imports of every tenant that has any."""
        for tenant_id in self.stores.slots.list_tenants():
            self.start_waiting(tenant_id)

    def _start_if_free(self, import_: Import) -> bool:
        tenant_id, import_id = import_.tenant_id, import_.import_id
        if not self.stores.slots.take(tenant_id, import_id, slots=self.slots):
            self._release_forgotten(tenant_id)
            if not self.stores.slots.take(tenant_id, import_id, slots=self.slots):
                return False
        IMPORTS.start(self.stores, import_)
        return True

    def _release_forgotten(self, tenant_id: TenantId) -> None:
        """Releases slots of imports that have ended, where what ended them died before it released them."""
        for import_id in self.stores.slots.list_holders(tenant_id, slots=self.slots):
            if self._is_over(tenant_id, import_id):
                self.stores.slots.leave(tenant_id, import_id, slots=self.slots)

    def _is_over(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        import_ = self.stores.imports.find(tenant_id, import_id)
        return import_ is None or import_.is_final
