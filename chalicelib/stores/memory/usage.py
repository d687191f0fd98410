"""What tenants have used, in memory, as `stores.interfaces.MonthlyUsage` promises."""

from collections import Counter, defaultdict
from threading import Lock

from chalicelib.model.exports import Export
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.model.usage import MonthUsage, usage_change


class MemoryUsage:
    """Keeps the promises of `stores.interfaces.MonthlyUsage`. Stores of jobs tell it of each change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._months: dict[tuple[TenantId, str], Counter[str]] = defaultdict(Counter)

    def list_months(self, tenant_id: TenantId) -> list[MonthUsage]:
        """Does what `MonthlyUsage.list_months` promises."""
        with self._lock:
            months = sorted(((month, used) for (one, month), used in self._months.items() if one == tenant_id))[::-1]
            return [MonthUsage(month=month, **used) for month, used in months]

    def note(self, before: Import | Export | None, after: Import | Export) -> None:
        """Adds what a change of a job has used."""
        change = usage_change(before, after)
        if change is not None:
            with self._lock:
                self._months[after.tenant_id, change.month].update(change.by)
