"""How often each key has asked, in the control table: one counter for each key and window, which DynamoDB deletes
some time after the window has ended.
"""

from chalicelib.model.quotas import Allowance, Quota
from chalicelib.stores.dynamo.control import ControlTable

KEPT_S = 3600
"""So long a counter outlives its window: the clocks of machines differ."""


class DynamoUsage:
    """Keeps `stores.interfaces.Usage`: one conditional update a request."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def count(self, digest: str, quota: Quota, now: int) -> Allowance:
        begins_at = quota.begins_at(now)
        expires_at = begins_at + quota.window_s + KEPT_S
        pk = f"USAGE#{digest}#{quota.window_s}#{begins_at}"
        used = self._table.count(pk, limit=quota.requests, expires_at=expires_at)
        is_exceeded = used is None
        return Allowance(
            quota=quota,
            used=quota.requests if used is None else used,
            begins_at=begins_at,
            is_exceeded=is_exceeded,
        )
