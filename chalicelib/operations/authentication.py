"""From a secret to a caller: default deny.

A secret is looked up by its digest. Every refusal here says what is wrong with the key, never what it would open.
"""

from chalicelib.errors import Refused
from chalicelib.model.keys import Scope, digest_of
from chalicelib.operations.context import Caller, Context


def authenticate(context: Context, secret: str | None) -> Caller:
    """Raises Refused `missing_key`, `unknown_key` (revoked ones included) or `expired_key`."""
    if not secret or not secret.strip():
        raise Refused("missing_key", "An API key is required.")
    key = context.stores.keys.find(digest_of(secret.strip()))
    if key is None or key.revoked_at is not None:
        raise Refused("unknown_key", "The API key is not known.")
    if not key.is_live(context.clock()):
        raise Refused("expired_key", "The API key has expired.", expires_at=key.expires_at)
    return Caller(tenant_id=key.tenant_id, key_id=key.key_id, scopes=key.scopes)


def demand(caller: Caller, scope: Scope) -> None:
    """Raises Refused `insufficient_scope` unless the caller's key carries the scope."""
    if scope not in caller.scopes:
        raise Refused("insufficient_scope", f"The API key lacks the scope {scope.value}.", scope=scope.value)
