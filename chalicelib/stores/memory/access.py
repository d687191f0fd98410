"""API keys, access tokens, request counters and idempotency records in memory, as `stores.interfaces.access` promises.

All of them are immutable through and through, so nothing needs copying.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from threading import Lock

from chalicelib.model.api_keys import AccessToken, ApiKey
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus
from chalicelib.model.usage import month_of


class MemoryKeys:
    """Keeps the promises of `stores.interfaces.Keys`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: dict[str, ApiKey] = {}

    def add(self, key: ApiKey) -> bool:
        """Does what `Keys.add` promises."""
        with self._lock:
            return self._keys.setdefault(key.digest, key) is key

    def find(self, digest: str) -> ApiKey | None:
        """Does what `Keys.find` promises."""
        with self._lock:
            return self._keys.get(digest)

    def has_tenant(self, tenant_id: TenantId) -> bool:
        """Does what `Keys.has_tenant` promises."""
        with self._lock:
            return any(key.live_tenant_id == tenant_id for key in self._keys.values())

    def find_named(self, tenant_id: TenantId, key_id: str) -> ApiKey | None:
        """Does what `Keys.find_named` promises."""
        with self._lock:
            return self._find_named(tenant_id, key_id)

    def list_keys(self, tenant_id: TenantId) -> list[ApiKey]:
        """Does what `Keys.list_keys` promises."""
        with self._lock:
            mine = [key for key in self._keys.values() if key.live_tenant_id == tenant_id]
        return sorted(mine, key=lambda key: (key.created_at, key.key_id), reverse=True)

    def revoke(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """Does what `Keys.revoke` promises."""
        with self._lock:
            key = self._find_named(tenant_id, key_id)
            if key is None or key.revoked_at is not None:
                return key
            return self._put(replace(key, revoked_at=at))

    def expire(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """Does what `Keys.expire` promises."""
        with self._lock:
            key = self._find_named(tenant_id, key_id)
            if key is None or (key.expires_at is not None and key.expires_at <= at):
                return key
            return self._put(replace(key, expires_at=at))

    def _find_named(self, tenant_id: TenantId, key_id: str) -> ApiKey | None:
        wanted = (tenant_id, key_id)
        return next((key for key in self._keys.values() if (key.live_tenant_id, key.key_id) == wanted), None)

    def _put(self, key: ApiKey) -> ApiKey:
        self._keys[key.digest] = key
        return key


class MemoryTokens:
    """Keeps the promises of `stores.interfaces.Tokens`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tokens: dict[str, AccessToken] = {}

    def add(self, token: AccessToken) -> bool:
        """Does what `Tokens.add` promises."""
        with self._lock:
            return self._tokens.setdefault(token.digest, token) is token

    def find(self, digest: str) -> AccessToken | None:
        """Does what `Tokens.find` promises."""
        with self._lock:
            return self._tokens.get(digest)


class MemoryRequestCounter:
    """Keeps the promises of `stores.interfaces.RequestCounter`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[str, dict[int, int]] = defaultdict(dict)
        """Counts by their windows' begins, by digest."""

    def count(self, digest: str, rate_limit: RateLimit, now: int) -> RateLimitStatus:
        """Does what `RequestCounter.count` promises."""
        begins_at = rate_limit.begins_at(now)
        with self._lock:
            used = self._windows[digest].get(begins_at, 0)
            is_exceeded = used >= rate_limit.requests
            used = used if is_exceeded else used + 1
            self._windows[digest][begins_at] = used
        return RateLimitStatus(rate_limit=rate_limit, used=used, begins_at=begins_at, is_exceeded=is_exceeded)

    def find_last(self, digest: str, rate_limit: RateLimit) -> int | None:
        """Does what `RequestCounter.find_last` promises."""
        with self._lock:
            return max(self._windows[digest], default=None)

    def count_months(self, digest: str, rate_limit: RateLimit) -> dict[str, int]:
        """Does what `RequestCounter.count_months` promises."""
        months: Counter[str] = Counter()
        with self._lock:
            for begins_at, used in self._windows[digest].items():
                months[month_of(begins_at)] += used
        return dict(months)


class MemoryIdempotencyRecords:
    """Keeps the promises of `stores.interfaces.IdempotencyRecords`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._records: dict[tuple[TenantId, str], IdempotencyRecord] = {}

    def acquire(self, tenant_id: TenantId, record: IdempotencyRecord, *, now: int) -> IdempotencyRecord:
        """Does what `IdempotencyRecords.acquire` promises."""
        with self._lock:
            key = (tenant_id, record.name)
            self._records[key] = record.holder(self._records.get(key), now)
            return self._records[key]

    def complete(self, tenant_id: TenantId, record: IdempotencyRecord, response: StoredResponse) -> bool:
        """Does what `IdempotencyRecords.complete` promises."""
        with self._lock:
            found = self._find_own(tenant_id, record)
            if found:
                self._records[(tenant_id, record.name)] = replace(found, response=response)
            return found is not None

    def release(self, tenant_id: TenantId, record: IdempotencyRecord) -> bool:
        """Does what `IdempotencyRecords.release` promises."""
        with self._lock:
            found = self._find_own(tenant_id, record)
            if found:
                del self._records[(tenant_id, record.name)]
            return found is not None

    def _find_own(self, tenant_id: TenantId, record: IdempotencyRecord) -> IdempotencyRecord | None:
        found = self._records.get((tenant_id, record.name))
        return found if found and found.token == record.token else None
