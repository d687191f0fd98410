"""API keys: who calls, what the caller may do, and how often. Only a digest of the secret is ever stored.

The kind of a key says everything that its keys have in common: how the secret begins, the scopes, the rate limit, and
whether they see the tenant's own data or the test data of its sibling.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from chalicelib.model.ids import TenantId, derived_id
from chalicelib.model.limits import Limits
from chalicelib.model.rate_limits import HOUR_S, MINUTE_S, RateLimit


class Scope(StrEnum):
    """What a route demands of its caller; a route without a scope is refused to every caller."""

    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    IMPORTS_UNDO = "imports:undo"
    EXPORTS_READ = "exports:read"
    EXPORTS_WRITE = "exports:write"
    RECORDS_READ = "records:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    PROFILES_READ = "profiles:read"
    PROFILES_WRITE = "profiles:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    """Sessions in which people without a key import."""
    SESSIONS_EXCHANGE = "sessions:exchange"
    """That of a session's one-time token; no key has it."""
    ACCOUNT_READ = "account:read"
    """Which keys the tenant has, and how much it has used."""
    ADMIN = "admin"
    """The key belongs to an administrator (Kasar, import and export)."""


class KeyKind(StrEnum):
    """The kinds of keys, by dialect and by what they are for."""

    PX = "px"
    """A PackageX key."""
    SK_LIVE = "sk_live"
    """A secret cStar key."""
    SK_TEST = "sk_test"
    PK_LIVE = "pk_live"
    """A publishable cStar key: it may stand in a browser for everybody to see, so it opens nothing that holds personal
    data, which is all there is."""
    PK_TEST = "pk_test"
    KSR_ADMIN = "ksr_admin"
    """A Kasar key of an administrator."""
    KSR = "ksr"
    """A Kasar key of any other user: import and export are refused."""
    TD_CLIENT = "td_client"
    """A Talkdesk OAuth client: its key id is the client's id, its secret is exchanged for tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTraits:
    """What all keys of one kind have in common."""

    prefix: str
    """How their secrets begin; 32 characters follow."""
    scopes: frozenset[Scope]
    rate_limit: Callable[[Limits], RateLimit]
    is_test: bool = False
    """Whether these keys see the sibling tenant instead of the tenant itself."""
    is_client: bool = False
    """Whether their secrets only serve to be exchanged for tokens."""


_EVERYTHING = frozenset(Scope) - {Scope.ADMIN, Scope.SESSIONS_EXCHANGE}
_NOTHING: frozenset[Scope] = frozenset()
_IMPORTS = frozenset({Scope.IMPORTS_READ, Scope.IMPORTS_WRITE})


def _secret(limits: Limits) -> RateLimit:
    return RateLimit(limits.cstar_secret_key_requests, HOUR_S)


def _publishable(limits: Limits) -> RateLimit:
    return RateLimit(limits.cstar_publishable_key_requests, HOUR_S)


def _kasar(limits: Limits) -> RateLimit:
    return RateLimit(limits.kasar_key_requests, MINUTE_S)


def _packagex(limits: Limits) -> RateLimit:
    return RateLimit(limits.packagex_key_requests, MINUTE_S)


def _client(limits: Limits) -> RateLimit:
    return RateLimit(limits.talkdesk_client_requests, MINUTE_S)


KINDS: Mapping[KeyKind, KeyTraits] = MappingProxyType(
    {
        KeyKind.PX: KeyTraits(prefix="px_", scopes=_EVERYTHING, rate_limit=_packagex),
        KeyKind.SK_LIVE: KeyTraits(prefix="sk_live_", scopes=_EVERYTHING, rate_limit=_secret),
        KeyKind.SK_TEST: KeyTraits(prefix="sk_test_", scopes=_EVERYTHING, rate_limit=_secret, is_test=True),
        KeyKind.PK_LIVE: KeyTraits(prefix="pk_live_", scopes=_NOTHING, rate_limit=_publishable),
        KeyKind.PK_TEST: KeyTraits(prefix="pk_test_", scopes=_NOTHING, rate_limit=_publishable, is_test=True),
        KeyKind.KSR_ADMIN: KeyTraits(prefix="ksr_", scopes=_EVERYTHING | {Scope.ADMIN}, rate_limit=_kasar),
        KeyKind.KSR: KeyTraits(prefix="ksr_", scopes=_NOTHING, rate_limit=_kasar),
        KeyKind.TD_CLIENT: KeyTraits(prefix="tds_", scopes=_IMPORTS, rate_limit=_client, is_client=True),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is stored."""

    digest: str
    tenant_id: TenantId
    """The tenant whose data it sees; a test key's is the sibling of `test_of`."""
    scopes: frozenset[Scope]
    key_id: str
    """Names the key in `created_by`; no secret."""
    kind: KeyKind = KeyKind.PX
    test_of: TenantId | None = None
    """The tenant whose test data it sees; None for a key that sees the tenant itself."""
    name: str = ""
    """What people call it."""
    hint: str = ""
    """Prefix and last four characters, for people to recognise it."""
    created_at: int = 0
    expires_at: int | None = None
    revoked_at: int | None = None

    @property
    def live_tenant_id(self) -> TenantId:
        """The tenant as callers name it, whichever data the key sees; keys are listed under it."""
        return self.test_of or self.tenant_id

    def is_live(self, now: int) -> bool:
        """Returns whether the key is neither revoked nor expired at this time, in epoch seconds."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


TOKEN_PREFIX = "tdt"  # noqa: S105 - what all of them have in common
"""How tokens begin, before an underscore."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token as it is stored: what a client got in exchange for its secret. It opens its client's data, and is void
    when its client is."""

    digest: str
    client_digest: str
    """The digest of the client's secret."""
    scopes: frozenset[Scope]
    issued_at: int
    expires_at: int


def digest_of(secret: str) -> str:
    """Returns the SHA-256 of a secret. A key is 32 random characters, so a slow hash would add nothing."""
    return sha256(secret.encode()).hexdigest()


def key_id_of(digest: str) -> str:
    """Returns the id of the key whose secret has this digest; for an OAuth client it is the client's id."""
    return derived_id("key", digest)


def hint_of(kind: KeyKind, secret: str) -> str:
    """Returns prefix and last four characters of a secret, by which people recognise it."""
    return f"{KINDS[kind].prefix}…{secret[-4:]}"
