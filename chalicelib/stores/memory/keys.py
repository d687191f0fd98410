"""API keys in memory; an `ApiKey` is immutable through and through, so nothing needs copying."""

from threading import Lock

from chalicelib.model.ids import TenantId
from chalicelib.model.keys import ApiKey


class MemoryKeys:
    """Keeps `stores.interfaces.Keys`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: dict[str, ApiKey] = {}

    def add(self, key: ApiKey) -> bool:
        with self._lock:
            return self._keys.setdefault(key.digest, key) is key

    def find(self, digest: str) -> ApiKey | None:
        with self._lock:
            return self._keys.get(digest)

    def has_tenant(self, tenant_id: TenantId) -> bool:
        with self._lock:
            return any(key.tenant_id == tenant_id for key in self._keys.values())
