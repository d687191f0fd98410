"""The demo tenant's keys on this machine, one of each kind, made once per state folder; and keys of tenants for tests.

In go the running stack and a folder; out come secrets, as callers send them. The control table keeps only digests, so
the secrets of the demo are kept beside the state, readable by their owner only.
"""

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from chalicelib.access.api_keys import KeyRequest, key_of
from chalicelib.model.api_keys import KINDS, ApiKey, KeyKind, Scope, digest_of, key_id_of
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import Keys
from local.administration.keys import new_secret
from local.durable_files import write_whole
from local.key_tables import OUTPUT, keys_at
from local.stack import Stack

FILE = "demo_keys.json"


@dataclass(frozen=True, slots=True)
class TenantKey:
    """A tenant, and a secret that opens the API to it."""

    tenant_id: TenantId
    secret: str
    kind: KeyKind = KeyKind.PX

    @property
    def key_id(self) -> str:
        """The id of the key; for an OAuth client, its client id."""
        return key_id_of(digest_of(self.secret))


@dataclass(frozen=True, slots=True)
class DemoKeys:
    """A tenant, and a secret of each kind."""

    tenant_id: TenantId
    secrets: Mapping[KeyKind, str]

    def of(self, kind: KeyKind) -> TenantKey:
        """Returns the key of this kind."""
        return TenantKey(self.tenant_id, self.secrets[kind], kind)


def demo_keys(stack: Stack, state: Path) -> DemoKeys:
    """Returns the same keys as last time, and makes them known to the stack, which may have lost its tables."""
    return keys_known_to(_store_of(stack), state / FILE)


def keys_known_to(store: Keys, path: Path) -> DemoKeys:
    """Returns the keys that a file remembers, and adds those that the store does not know. A key that lacks a scope,
    because it was made before there was that scope, is made anew.
    """
    keys = _remembered(path)
    outdated = [kind for kind in KeyKind if not _is_added(store, _stored(keys.of(kind)))]
    if not outdated:
        return keys
    keys = _remembered(path, outdated)
    for kind in outdated:
        store.add(_stored(keys.of(kind)))
    return keys


def kept_keys(state: Path) -> DemoKeys | None:
    """Returns the keys of the stack on this folder, or None before its first start has made them."""
    kept = _read(state / FILE)
    known = kept.get("secrets", {})
    return DemoKeys(TenantId(kept["tenant_id"]), {KeyKind(kind): one for kind, one in known.items()}) if known else None


def demo_key(stack: Stack, state: Path) -> TenantKey:
    """Returns the key for PackageX."""
    return demo_keys(stack, state).of(KeyKind.PX)


def new_key(kind: KeyKind = KeyKind.PX) -> TenantKey:
    """Returns a key of a new tenant."""
    return TenantKey(TenantId(str(uuid4())), KINDS[kind].prefix + new_secret(), kind)


def add_key(stack: Stack, key: TenantKey, scopes: frozenset[Scope] | None = None) -> bool:
    """Stores the key; returns whether it was new."""
    return _store_of(stack).add(_stored(key, scopes))


def _store_of(stack: Stack) -> Keys:
    return keys_at(stack.aws.url, stack.outputs[OUTPUT]).keys


def _stored(key: TenantKey, scopes: frozenset[Scope] | None = None) -> ApiKey:
    wanted = KeyRequest(tenant_id=key.tenant_id, kind=key.kind, name="demo", scopes=scopes)
    return key_of(key.secret, wanted, now=int(time.time()))


def _is_added(store: Keys, wanted: ApiKey) -> bool:
    """Returns whether a key may do all that it should once it was added, unless it is known."""
    known = None if store.add(wanted) else store.find(wanted.digest)
    return known is None or known.scopes >= wanted.scopes


def _remembered(path: Path, outdated: Collection[KeyKind] = ()) -> DemoKeys:
    """Returns the keys in a file, and writes those into it that are missing or outdated."""
    kept = _read(path)
    known = {kind: one for kind, one in kept.get("secrets", {}).items() if kind not in outdated}
    secrets = {kind: known.get(kind.value) or KINDS[kind].prefix + new_secret() for kind in KeyKind}
    keys = DemoKeys(TenantId(kept.get("tenant_id") or str(uuid4())), secrets)
    write_whole(path, json.dumps(asdict(keys)), mode=0o600)
    return keys


def _read(path: Path) -> dict[str, Any]:
    """A file that is damaged is as good as none."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        kept = {}
    return kept
