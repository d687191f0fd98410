"""What callers may know about themselves: their tenant, its keys, and how much it has used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.access.context import Caller, Context
from chalicelib.model.api_keys import ApiKey
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Status
from chalicelib.model.retention import DAY_S, day_of
from chalicelib.model.usage import MonthUsage


@dataclass(frozen=True, slots=True)
class Usage:
    """How much a tenant has used."""

    since: int
    """From the beginning of this day (UTC) on; epoch seconds."""
    imports: Mapping[Status, int]
    """Those created since then that have not been deleted, by the status they have now; without statuses that none has.
    Previews count."""
    exports: Mapping[ExportStatus, int]
    """Likewise."""
    months: Sequence[MonthUsage]
    """What has ended in each month in which anything did, newest first; what was deleted since then, too."""


def list_keys(context: Context, caller: Caller) -> list[ApiKey]:
    """Returns the keys of the caller's tenant, newest first, those for its test data and ended ones included."""
    return context.stores.keys.list_keys(caller.live_tenant_id)


def find_usage(context: Context, caller: Caller, days: int) -> Usage:
    """Returns what the tenant has used on the last days (UTC), of which today is one, and by month. Costs three
    reads.
    """
    since = (day_of(context.clock()) - days + 1) * DAY_S
    stores, tenant_id = context.stores, caller.tenant_id
    imports, exports = (one.count_statuses(tenant_id, since=since) for one in (stores.imports, stores.exports))
    return Usage(since, imports, exports, stores.usage.list_months(tenant_id))  # type: ignore[arg-type]  # each store counts statuses of its own
