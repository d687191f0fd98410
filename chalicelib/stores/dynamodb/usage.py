"""What tenants have used, in the control table, as `stores.interfaces.MonthlyUsage` promises.

Each month of a tenant is an item (pk `USAGE#tenant`, sk the month), to which transactions add that end imports and
exports (`job_lists.py`).
"""

from dataclasses import fields

from chalicelib.model.ids import TenantId
from chalicelib.model.usage import MonthUsage, UsageChange
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Counters

_NUMBERS = tuple(one.name for one in fields(MonthUsage) if one.name != "month")


class DynamoDBUsage:
    """Keeps the promises of `stores.interfaces.MonthlyUsage`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def list_months(self, tenant_id: TenantId) -> list[MonthUsage]:
        """Does what `MonthlyUsage.list_months` promises."""
        items = [*self._table.each_of(_pk(tenant_id))][::-1]
        return [MonthUsage(month=item["sk"], **{name: int(item.get(name, 0)) for name in _NUMBERS}) for item in items]


def counters_of_usage(tenant_id: TenantId, change: UsageChange | None) -> list[Counters]:
    """Returns what is written together with a change of a job, so that what it used is counted once."""
    if change is None:
        return []
    return [Counters(pk=_pk(tenant_id), sk=change.month, by={name: by for name, by in change.by.items() if by})]


def _pk(tenant_id: TenantId) -> str:
    return f"USAGE#{tenant_id}"
