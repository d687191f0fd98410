"""Who may ask, how often, and what was answered before under the same idempotency key."""

from typing import Protocol

from chalicelib.model.api_keys import AccessToken, ApiKey
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus


class Keys(Protocol):
    """The API keys by the digest of their secret, and by the tenant under which they are listed (`live_tenant_id`)."""

    def add(self, key: ApiKey) -> bool:
        """Stores a new key. Returns False, and changes nothing, if the digest is known."""

    def find(self, digest: str) -> ApiKey | None:
        """Returns the key with this digest, ended and revoked ones included, or None."""

    def has_tenant(self, tenant_id: TenantId) -> bool:
        """Returns whether a key was ever added for this tenant, revoked and expired ones included: then the tenant is
        known.
        """

    def find_named(self, tenant_id: TenantId, key_id: str) -> ApiKey | None:
        """Returns the tenant's key with this id, or None."""

    def list_keys(self, tenant_id: TenantId) -> list[ApiKey]:
        """Returns the tenant's keys, newest first, with those of its test sibling, revoked and expired ones included.
        The list is strongly consistent.
        """

    def revoke(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """Revokes a key for good, at the time first given, and returns it as it is then. Returns None if there is no
        such key.
        """

    def expire(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """Makes a key end at `at`, unless it ends earlier, and returns it as it is then. Returns None if there is no
        such key.
        """


class Tokens(Protocol):
    """The access tokens by their digest."""

    def add(self, token: AccessToken) -> bool:
        """Stores a new token. Returns False, and changes nothing, if the digest is known."""

    def find(self, digest: str) -> AccessToken | None:
        """Returns the token with this digest, or None. One that has expired is found for 30 days, so that its client
        can be told to get another: callers check `expires_at`.
        """


class RequestCounter(Protocol):
    """The counters of the requests that each API key has made."""

    def count(self, digest: str, rate_limit: RateLimit, now: int) -> RateLimitStatus:
        """Counts one request of a key in the window in which `now` lies. Of each window exactly `rate_limit.requests`
        are let through, however many ask at once; the others are told so and not counted. One write, no read.
        """

    def find_last(self, digest: str, rate_limit: RateLimit) -> int | None:
        """Returns when the latest window began in which the key made a request, or None if it made none for 90 days at
        least.
        """

    def count_months(self, digest: str, rate_limit: RateLimit) -> dict[str, int]:
        """Returns how many requests of the key were let through in each month (UTC, such as 2026-12), as far as windows
        of the last 90 days tell. Reads a counter for each window.
        """


class IdempotencyRecords(Protocol):
    """The idempotency records by tenant and name, until they expire."""

    def acquire(self, tenant_id: TenantId, record: IdempotencyRecord, *, now: int) -> IdempotencyRecord:
        """Returns the record that has the name now: the given one, known by its token, or the one that was there, as
        `IdempotencyRecord.holder` decides. Of any number that ask at once exactly one gets it. One write; two where it
        takes over from a dead request.
        """

    def complete(self, tenant_id: TenantId, record: IdempotencyRecord, response: StoredResponse) -> bool:
        """Stores the response for requests that ask from now on. Returns False, and changes nothing, if the record has
        lost its name.
        """

    def release(self, tenant_id: TenantId, record: IdempotencyRecord) -> bool:
        """Removes the record, as if it had never been. Returns False, and changes nothing, if it has lost its name."""
