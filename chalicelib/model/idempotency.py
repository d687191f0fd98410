"""Turns: the right of one request to work under an idempotency key, and the answer it leaves for those who ask again.

In comes what a store found under a key, out goes whose turn it is. Both stores decide by this, so that they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """An answer as it is replayed; its body stands here or in a file."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    """None where it is in the file."""
    file_key: str = ""
    """Where the file lies in the bucket."""
    filename: str = ""
    """Under which the file is saved, where the answer only points to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """One request under an idempotency key; at most one at a time has the key."""

    name: str
    """Digest of endpoint and idempotency key; with the tenant it names the item."""
    fingerprint: str
    """Digest of all that a repeat must have in common with the first request."""
    token: str
    """Of this request alone."""
    seed: str
    """From which the ids of this request are derived; whoever follows a turn that broke off inherits it."""
    ends_at: int
    """Epoch seconds. By then the request is answered, or its process is dead."""
    kept_until: int
    """Epoch seconds. Then the idempotency key is as if it had never been used."""
    answer: StoredResponse | None = None

    def following(self, found: "IdempotencyRecord | None", now: int) -> "IdempotencyRecord":
        """Whose turn it is: this one's, where nothing was found, or what was found is over or broke off; else the one
        that was found. Both carry a token to tell them apart.
        """
        if found is None or found.kept_until <= now:
            return self
        has_broken_off = found.answer is None and found.ends_at <= now
        if has_broken_off and found.fingerprint == self.fingerprint:
            return replace(self, seed=found.seed)
        return found
