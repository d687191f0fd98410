"""Jobs that are watched, as `stores.interfaces.JobStore` promises: an item for each in one partition, in the order of
tenants, which is removed when the job has ended.

Comes in: tenant and id of a job. Goes out: the same, of all that are watched, from a place on.
"""

from collections.abc import Iterator

from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import ItemKey


class WatchedJobs:
    """The watched jobs of one kind."""

    def __init__(self, table: ControlTable, pk: str) -> None:
        self._table = table
        self._pk = pk

    def add(self, tenant_id: TenantId, job_id: str) -> None:
        """Adds a job; adding it again changes nothing."""
        self._table.put(self.item_of(tenant_id, job_id), condition="attribute_not_exists(#pk)")

    def item_of(self, tenant_id: TenantId, job_id: str) -> ItemValues:
        """Returns the item of a job, to be written together with the job."""
        pk, sk = self.key_of(tenant_id, job_id)
        return {"pk": pk, "sk": sk}

    def key_of(self, tenant_id: TenantId, job_id: str) -> ItemKey:
        """Returns the key of the item of a job."""
        return self._pk, f"{tenant_id}#{job_id}"

    def remove(self, tenant_id: TenantId, job_id: str) -> None:
        """Removes a job, if it is there."""
        self._table.remove(*self.key_of(tenant_id, job_id))

    def each(self, *, after: str | None) -> Iterator[tuple[TenantId, str]]:
        """Yields tenant and id of each job whose `tenant#id` is greater than `after`, in that order."""
        for item in self._table.each_of(self._pk, after=after):
            tenant_id, job_id = str(item["sk"]).split("#", 1)
            yield TenantId(tenant_id), job_id
