"""How often each key has asked, in the control table: one counter for each key and window.

| item | pk | sk | beside |
|---|---|---|---|
| counter | USAGE#digest#window | begin of the window | used, token, expires_at |

Counters outlive their windows, so that the latest one tells when a key was last used, without a write of its own.
"""

from chalicelib.model.rate_limits import RateLimit, RateLimitStatus
from chalicelib.stores.dynamodb.control_table import ControlTable

KEPT_S = 90 * 24 * 3600
"""So long a counter outlives its window."""


class DynamoDBRequestCounter:
    """Keeps `stores.interfaces.Usage`: one conditional update a request."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def count(self, digest: str, rate_limit: RateLimit, now: int) -> RateLimitStatus:
        begins_at = rate_limit.begins_at(now)
        expires_at = begins_at + rate_limit.window_s + KEPT_S
        used = self._table.count(
            _pk(digest, rate_limit), f"{begins_at:012d}", limit=rate_limit.requests, expires_at=expires_at
        )
        is_exceeded = used is None
        return RateLimitStatus(
            rate_limit=rate_limit,
            used=rate_limit.requests if used is None else used,
            begins_at=begins_at,
            is_exceeded=is_exceeded,
        )

    def find_last(self, digest: str, rate_limit: RateLimit) -> int | None:
        counter = self._table.find_last(_pk(digest, rate_limit))
        return int(counter["sk"]) if counter else None


def _pk(digest: str, rate_limit: RateLimit) -> str:
    return f"USAGE#{digest}#{rate_limit.window_s}"
