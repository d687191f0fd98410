"""Fresh tenants on the stack that is being tested, and a hand in its control table.

In goes a running stack; out come clients with keys of their own, so that no test meets the records of another.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import boto3

from chalicelib.model.ids import TenantId
from chalicelib.model.keys import ApiKey, Scope, digest_of
from chalicelib.stores.dynamo.control import ControlTable
from chalicelib.stores.dynamo.keys import DynamoKeys
from chalicelib.stores.dynamo.transport import HttpTransport
from chalicelib.stores.dynamo.wire import Wire
from local.emulator import KEY, REGION
from local.stack import Stack
from tests.e2e.phased_client import PhasedClient

EVERYTHING = frozenset(Scope)


class Tenants:
    """The tenants of one stack."""

    def __init__(self, stack: Stack) -> None:
        session = _Session(stack.aws.url)
        self.control = ControlTable(session, stack.outputs["ControlTableName"], Wire(HttpTransport(session)))
        self._base_url = stack.base_url

    def client(
        self, tenant_id: str | None = None, *, scopes: frozenset[Scope] = EVERYTHING, expires_at: int | None = None
    ) -> PhasedClient:
        """With a new key; of a new tenant, unless one is named."""
        tenant_id, secret = tenant_id or str(uuid4()), f"px_{secrets.token_urlsafe(24)}"
        key = ApiKey(
            digest=digest_of(secret),
            tenant_id=TenantId(tenant_id),
            scopes=scopes,
            key_id=f"key_{secret[-8:]}",
            created_at=int(time.time()),
            expires_at=expires_at,
        )
        assert DynamoKeys(self.control).add(key)
        return PhasedClient(self._base_url, secret, tenant_id)

    def stranger(self, secret: str | None) -> PhasedClient:
        """With a key that nobody gave out, or none."""
        return PhasedClient(self._base_url, secret, "")


class _Session(boto3.Session):
    """Its clients speak to the emulator; the stores take whatever endpoint their clients have."""

    def __init__(self, url: str) -> None:
        super().__init__(KEY, KEY, region_name=REGION)
        self._url = url

    def client(self, *args: Any, **options: Any) -> Any:
        make: Callable[..., Any] = super().client
        return make(*args, endpoint_url=self._url, **options)
