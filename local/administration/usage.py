"""`make admin DO="usage …"`: what each tenant has used by month (UTC), for its bill.

usage list                        every tenant, this month
usage list --month 2026-12        another month
usage list --tenant UUID          every month of a tenant

Imports, exports, rows and bytes are counted in the transactions that end imports and exports, once each, and are kept
for good. Requests are added up from the counters of the rate limits, which are kept for 90 days; refused ones are not
counted.
"""

import argparse
from collections.abc import Iterable, Iterator

from chalicelib.model.api_keys import KINDS
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.usage import MonthUsage, month_of
from chalicelib.stores.interfaces import Stores
from local.administration.arguments import to_tenant
from local.administration.stack_stores import stores_of
from local.deployed_stack import DeployedStack
from local.deploying.first_keys import each_tenant

HEADER = "tenant,month,requests,imports,import_rows,import_bytes,previews,preview_rows,exports,export_rows,export_bytes"


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the words of this group."""
    command = commands.add_parser("list", help="as CSV, a line for each tenant and month")
    command.add_argument("--month", help="such as 2026-12; this month without it")
    command.add_argument("--tenant", type=to_tenant, help="every month of this tenant")


def perform(given: argparse.Namespace, stack: DeployedStack, now: int) -> Iterator[str]:
    """Yields the lines of a CSV file."""
    tenants = [given.tenant] if given.tenant else sorted(set(each_tenant(stack)))
    month = None if given.tenant else given.month or month_of(now)
    return lines_of(stores_of(stack), tenants, month)


def lines_of(stores: Stores, tenants: Iterable[TenantId], month: str | None) -> Iterator[str]:
    """Yields the header and a line for each tenant and month in which it has used anything; of one month alone, if one
    is given.
    """
    yield HEADER
    for tenant_id in tenants:
        used = {one.month: one for one in stores.usage.list_months(tenant_id)}
        requests = _requests_of(stores, tenant_id)
        for one in sorted({*used, *requests}):
            if month in (None, one):
                yield _line(tenant_id, used.get(one, MonthUsage(month=one)), requests.get(one, 0))


def _requests_of(stores: Stores, tenant_id: TenantId) -> dict[str, int]:
    months: dict[str, int] = {}
    for key in stores.keys.list_keys(tenant_id):
        counted = stores.request_counter.count_months(key.digest, KINDS[key.kind].rate_limit(DEFAULT_LIMITS))
        months = {month: months.get(month, 0) + counted.get(month, 0) for month in {*months, *counted}}
    return months


def _line(tenant_id: TenantId, used: MonthUsage, requests: int) -> str:
    numbers = (used.imports, used.import_rows, used.import_bytes, used.previews, used.preview_rows)
    exported = (used.exports, used.export_rows, used.export_bytes)
    return ",".join(map(str, (tenant_id, used.month, requests, *numbers, *exported)))
