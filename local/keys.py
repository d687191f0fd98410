"""Keys of the stack on this machine: the demo tenant with its key, made once per state folder, and others for tests.

In go the running stack and a folder; out comes the secret, as a caller sends it. The control table keeps only a digest,
so the secret of the demo is kept beside the state, readable by its owner only.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
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

FILE = "demo_key.json"


@dataclass(frozen=True, slots=True)
class TenantKey:
    """A tenant, and the secret that opens the API to it."""

    tenant_id: TenantId
    secret: str


def demo_key(stack: Stack, state: Path) -> TenantKey:
    """The same as last time; known to the stack afterwards, even where its tables were lost."""
    path = state / FILE
    key = TenantKey(**json.loads(path.read_text())) if path.is_file() else _kept(new_key(), path)
    add_key(stack, key)
    return key


def new_key() -> TenantKey:
    """Of a tenant that nobody knows yet."""
    return TenantKey(TenantId(str(uuid4())), f"px_local_{secrets.token_urlsafe(24)}")


def add_key(stack: Stack, key: TenantKey, scopes: frozenset[Scope] = frozenset(Scope)) -> bool:
    """Whether it was new."""
    session = _Session(stack.aws.url)
    table = ControlTable(session, stack.outputs["ControlTableName"], Wire(HttpTransport(session)))
    return DynamoKeys(table).add(
        ApiKey(
            digest=digest_of(key.secret),
            tenant_id=key.tenant_id,
            scopes=scopes,
            key_id=f"key_{digest_of(key.secret)[:8]}",
            hint=f"px_local_…{key.secret[-4:]}",
            created_at=int(time.time()),
        )
    )


def _kept(key: TenantKey, path: Path) -> TenantKey:
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(key)))
    return key


class _Session(boto3.Session):
    """Its clients speak to the emulator; the stores take whatever endpoint their clients have."""

    def __init__(self, url: str) -> None:
        super().__init__(KEY, KEY, region_name=REGION)
        self._url = url

    def client(self, *args: Any, **options: Any) -> Any:
        make: Callable[..., Any] = super().client
        return make(*args, endpoint_url=self._url, **options)
