"""New tenants on the stack that is being tested.

In comes a running stack; out come clients with API keys of their own, so that no test meets the records of another.
"""

import secrets
import time
from uuid import uuid4

from chalicelib.model.api_keys import ApiKey, Scope, digest_of
from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.access import DynamoDBKeys
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.stack_internals import StackInternals

EVERYTHING = frozenset(Scope)


class Tenants:
    """The tenants of one stack."""

    def __init__(self, internals: StackInternals) -> None:
        self._keys = DynamoDBKeys(internals.control)
        self._base_url = internals.stack.base_url

    def client(
        self, tenant_id: str | None = None, *, scopes: frozenset[Scope] = EVERYTHING, expires_at: int | None = None
    ) -> PackageXClient:
        """Returns a client with a new key, of a new tenant unless one is named."""
        tenant_id, secret = tenant_id or str(uuid4()), f"px_{secrets.token_urlsafe(24)}"
        key = ApiKey(
            digest=digest_of(secret),
            tenant_id=TenantId(tenant_id),
            scopes=scopes,
            key_id=f"key_{secret[-8:]}",
            created_at=int(time.time()),
            expires_at=expires_at,
        )
        assert self._keys.add(key)
        return PackageXClient(self._base_url, secret, tenant_id)

    def stranger(self, secret: str | None) -> PackageXClient:
        """Returns a client with an unknown key, or with none."""
        return PackageXClient(self._base_url, secret, "")
