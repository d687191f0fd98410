"""From a secret to a caller: default deny.

A secret is looked up by its digest, and the request is counted against the key's quota: one read, one write. Every
refusal here says what is wrong with the key, never what it would open.
"""

from chalicelib.errors import Refused
from chalicelib.model.keys import KINDS, ApiKey, Scope, digest_of
from chalicelib.model.quotas import Allowance
from chalicelib.operations.context import Caller, Context


def authenticate(context: Context, secret: str | None) -> Caller:
    """Raises Refused `missing_key`, `unknown_key` (revoked ones included), `expired_key`, or `rate_limited` with the
    `allowance` among its details.
    """
    if not secret or not secret.strip():
        raise Refused("missing_key", "An API key is required.")
    key = context.stores.keys.find(digest_of(secret.strip()))
    if key is None or key.revoked_at is not None:
        raise Refused("unknown_key", "The API key is not known.")
    if not key.is_live(context.clock()):
        raise Refused("expired_key", "The API key has expired.", expires_at=key.expires_at)
    return _caller(key, _counted(context, key))


def demand(caller: Caller, scope: Scope) -> None:
    """Raises Refused `insufficient_scope` unless the caller's key carries the scope."""
    if scope not in caller.scopes:
        raise Refused(
            "insufficient_scope", f"The API key lacks the scope {scope.value}.", scope=scope, kind=caller.kind
        )


def _counted(context: Context, key: ApiKey) -> Allowance:
    """Whatever becomes of the request then, it has been made."""
    now = context.clock()
    allowance = context.stores.usage.count(key.digest, KINDS[key.kind].quota(context.limits), now)
    if allowance.is_exceeded:
        wait_s = allowance.resets_at - now
        message = f"Rate limit exceeded. Try again in {wait_s} seconds"
        raise Refused("rate_limited", message, allowance=allowance, retry_after_s=wait_s)
    return allowance


def _caller(key: ApiKey, allowance: Allowance) -> Caller:
    return Caller(
        tenant_id=key.tenant_id,
        key_id=key.key_id,
        scopes=key.scopes,
        kind=key.kind,
        test_of=key.test_of,
        allowance=allowance,
    )
