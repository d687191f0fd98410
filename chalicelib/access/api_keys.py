"""The life of an API key: issued, rotated, revoked. Its secret exists here for a moment and is returned once.

In: the key store, a clock's time, 32 random characters. Out: the key as it is stored, and where it is new its secret.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.errors import NotFound, Refused
from chalicelib.model.api_keys import KINDS, ApiKey, KeyKind, Scope, digest_of, hint_of, key_id_of
from chalicelib.model.ids import TenantId, sibling_of
from chalicelib.stores.interfaces import Keys

OVERLAP_S = 24 * 3600
"""How long the old key of a rotation stays good beside the new one, unless the caller says otherwise."""

NewSecret = Callable[[], str]
"""32 random base64url characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRequest:
    """What a new key should be."""

    tenant_id: TenantId
    """The live tenant, for test keys too."""
    kind: KeyKind
    name: str = ""
    scopes: frozenset[Scope] | None = None
    """Fewer than the kind has; None for all of them."""
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key, with the only copy of its secret."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssuer:
    """Gives keys out and takes them back, at one moment."""

    keys: Keys
    now: int
    new_secret: NewSecret

    def issue(self, wanted: KeyRequest) -> IssuedKey:
        """Makes a key, stores it, and returns it with its secret. Raises Refused `invalid_parameter` for scopes that
        the kind does not have, and for an end in the past.
        """
        if wanted.expires_at is not None and wanted.expires_at <= self.now:
            raise Refused("invalid_parameter", "The key would have expired already.", param="expires_at")
        secret = KINDS[wanted.kind].prefix + self.new_secret()
        key = key_of(secret, wanted, now=self.now)
        if not self.keys.add(key):
            raise RuntimeError(f"the secret of {key.key_id} was given twice")
        return IssuedKey(key, secret)

    def rotate(self, tenant_id: TenantId, key_id: str, *, overlap_s: int = OVERLAP_S) -> IssuedKey:
        """Returns a new key that may as much and lives as long as the old one; both are good for `overlap_s`, then only
        the new one. Raises NotFound, and Refused `invalid_parameter` for a key that has ended.
        """
        old = self.get(tenant_id, key_id)
        if not old.is_live(self.now):
            raise Refused("invalid_parameter", "The key has ended; create another one.", param="key_id")
        issued = self.issue(_like(old, self.now))
        self.keys.expire(tenant_id, key_id, at=self.now + overlap_s)
        return issued

    def revoke(self, tenant_id: TenantId, key_id: str) -> ApiKey:
        """Revokes the key for ever and returns it. Raises NotFound."""
        return _existing(self.keys.revoke(tenant_id, key_id, at=self.now), key_id)

    def get(self, tenant_id: TenantId, key_id: str) -> ApiKey:
        """Returns the key. Raises NotFound."""
        return _existing(self.keys.find_named(tenant_id, key_id), key_id)


def key_of(secret: str, wanted: KeyRequest, *, now: int) -> ApiKey:
    """Returns the key that this secret opens; the store does not know it yet."""
    kind, tenant_id, digest = KINDS[wanted.kind], wanted.tenant_id, digest_of(secret)
    return ApiKey(
        digest=digest,
        tenant_id=sibling_of(tenant_id) if kind.is_test else tenant_id,
        test_of=tenant_id if kind.is_test else None,
        scopes=_checked_scopes(wanted),
        key_id=key_id_of(digest),
        kind=wanted.kind,
        name=wanted.name,
        hint=hint_of(wanted.kind, secret),
        created_at=now,
        expires_at=wanted.expires_at,
    )


def _like(old: ApiKey, now: int) -> KeyRequest:
    life_s = None if old.expires_at is None else old.expires_at - old.created_at
    return KeyRequest(
        tenant_id=old.live_tenant_id,
        kind=old.kind,
        name=old.name,
        scopes=old.scopes,
        expires_at=None if life_s is None else now + life_s,
    )


def _checked_scopes(wanted: KeyRequest) -> frozenset[Scope]:
    offered = KINDS[wanted.kind].scopes
    scopes = offered if wanted.scopes is None else wanted.scopes
    if not scopes <= offered:
        beyond = ", ".join(sorted(scopes - offered))
        raise Refused("invalid_parameter", f"Keys of the kind {wanted.kind} have no {beyond}.", param="scopes")
    return scopes


def _existing(key: ApiKey | None, key_id: str) -> ApiKey:
    if key is None:
        raise NotFound("not_found", f"There is no key {key_id!r}.")
    return key
