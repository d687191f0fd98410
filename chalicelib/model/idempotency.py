"""Idempotency records: the right of one request to work under an idempotency key, and the response it leaves for
repeats.

Comes in: the record that a store found under a key. Goes out: the record that has the key from now on. Both stores
decide with `IdempotencyRecord.holder`, so that they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A response as it is replayed; its body stands here or in a file."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    """None where it is in the file."""
    file_key: str = ""
    """Where the file lies in the bucket."""
    filename: str = ""
    """Under which the file is saved, where the response only points to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """One request under an idempotency key. At most one at a time has the key."""

    name: str
    """Digest of endpoint and idempotency key; with the tenant it names the item."""
    fingerprint: str
    """Digest of everything that a repeat must have in common with the first request."""
    token: str
    """Tells this request from its repeats."""
    seed: str
    """From which the ids that this request makes are derived. A repeat that takes over inherits it.
    """
    lease_ends_at: int
    """Epoch seconds. By then the request is answered, or its process is dead."""
    expires_at: int
    """Epoch seconds. From then on the idempotency key counts as never used."""
    response: StoredResponse | None = None
    """None while the request is at work."""

    def holder(self, found: "IdempotencyRecord | None", now: int) -> "IdempotencyRecord":
        """Returns the record that has the key from now on: this one if no record was found, or if the found one has
        expired or belongs to a dead request; otherwise the found one. Their tokens tell which it is.
        """
        if found is None or found.expires_at <= now:
            return self
        is_dead = found.response is None and found.lease_ends_at <= now
        if is_dead and found.fingerprint == self.fingerprint:
            return replace(self, seed=found.seed)
        return found
