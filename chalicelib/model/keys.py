"""API keys: who calls, and what the caller may do. Only a digest of the secret is ever stored."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from chalicelib.model.ids import TenantId


class Scope(StrEnum):
    """What a route demands of its caller. A route without a scope is refused to everyone."""

    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    RECORDS_READ = "records:read"
    ADMIN = "admin"
    """The key belongs to an administrator (Kasar, import and export)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is stored."""

    digest: str
    tenant_id: TenantId
    scopes: frozenset[Scope]
    key_id: str
    """Names the key in `created_by`; no secret."""
    hint: str = ""
    """Prefix and last four characters, for people to recognise it."""
    created_at: int = 0
    expires_at: int | None = None
    revoked_at: int | None = None

    def is_live(self, now: int) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def digest_of(secret: str) -> str:
    """SHA-256: a key is 32 random characters, so that a slow hash would add nothing."""
    return sha256(secret.encode()).hexdigest()
