"""Who is served next: the tenants one after the other, and of each tenant the endpoints one after the other.

Comes in: endpoints that have something to do, and what begins and ends. Goes out: the next endpoint for which something
may begin. However much a tenant has to send, another one waits for no more than one delivery of each tenant.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Endpoint


class FairShare:
    """The endpoints that have something to do, in the order in which they are served."""

    def __init__(self, *, tenant_sends: int) -> None:
        self._tenant_sends = tenant_sends
        self._tenants: OrderedDict[TenantId, OrderedDict[Endpoint, None]] = OrderedDict()
        self._begun: Counter[TenantId] = Counter()

    def __contains__(self, endpoint: Endpoint) -> bool:
        return endpoint in self._tenants.get(endpoint.tenant_id, ())

    def __len__(self) -> int:
        return sum(map(len, self._tenants.values()))

    def add(self, endpoint: Endpoint) -> None:
        """Adds an endpoint behind the others of its tenant, and its tenant behind the others, where they are new."""
        self._tenants.setdefault(endpoint.tenant_id, OrderedDict()).setdefault(endpoint)

    def remove(self, endpoint: Endpoint) -> None:
        """Removes an endpoint that has nothing more to do."""
        mine = self._tenants[endpoint.tenant_id]
        del mine[endpoint]
        if not mine:
            del self._tenants[endpoint.tenant_id]

    def begin_next(self, may_begin: Callable[[Endpoint], bool]) -> Endpoint | None:
        """Returns the next endpoint for which something may begin, whose tenant has not begun as much as it may, and
        counts that as begun. Returns None where there is none."""
        for tenant_id, mine in self._tenants.items():
            if self._begun[tenant_id] >= self._tenant_sends:
                continue
            endpoint = next(filter(may_begin, mine), None)
            if endpoint is not None:
                mine.move_to_end(endpoint)
                self._tenants.move_to_end(tenant_id)
                self._begun[tenant_id] += 1
                return endpoint
        return None

    def end(self, endpoint: Endpoint) -> None:
        """Counts something of this endpoint's as ended."""
        self._begun[endpoint.tenant_id] -= 1
