"""Finds the caller to whom a secret belongs, and counts the request; every unknown secret is refused.

A secret is looked up by its digest, and the request is counted against the rate limit of the key: one read, one write.
A token is looked up likewise, and then the client it was given to, whose rate limit it shares and with which it ends.
Token and credential of an import session name it, and have a rate limit of their own.
Every refusal here says what is wrong with the key, never what it would open.
"""

from dataclasses import replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KINDS, TOKEN_PREFIX, ApiKey, Scope, digest_of
from chalicelib.model.import_sessions import ImportSession, ImportSessionId, session_id_in
from chalicelib.model.rate_limits import MINUTE_S, RateLimit, RateLimitStatus

SESSION_SCOPES = frozenset({Scope.IMPORTS_READ, Scope.IMPORTS_WRITE, Scope.IMPORTS_UNDO, Scope.SESSIONS_READ})
"""Of these, routes admit a session only to what they say themselves (`Route.admits_session`)."""


def authenticate(context: Context, secret: str | None) -> Caller:
    """Returns the caller whose secret this is. Raises Refused `missing_key`, `unknown_key` (revoked ones included),
    `expired_key`, or `rate_limited` with the `rate_limit_status` among its details.
    """
    if not secret or not secret.strip():
        raise Refused("missing_key", "An API key is required.")
    digest = digest_of(secret.strip())
    if session_id := session_id_in(secret.strip()):
        return _in_session(context, session_id, digest)
    if secret.strip().startswith(f"{TOKEN_PREFIX}_"):
        return _bearer(context, digest)
    key = _get_live(context, digest)
    if KINDS[key.kind].is_client:
        raise Refused("unknown_key", "A client's secret opens nothing: exchange it for a token at /oauth/token.")
    return _caller(key, _counted_key(context, key))


def authenticate_client(context: Context, client_id: str, secret: str) -> ApiKey:
    """Returns the key of an OAuth client. Raises Refused as `authenticate` does; `unknown_key` also where id and secret
    do not belong together.
    """
    if not client_id.strip() or not secret.strip():
        raise Refused("missing_key", "Client id and client secret are required.")
    key = _get_live(context, digest_of(secret.strip()))
    if not KINDS[key.kind].is_client or key.key_id != client_id.strip():
        raise Refused("unknown_key", "Client id and client secret do not belong together.")
    _counted_key(context, key)
    return key


def require_scope(caller: Caller, scope: Scope) -> None:
    """Raises Refused `insufficient_scope` unless the caller's key carries the scope."""
    if scope not in caller.scopes:
        raise Refused(
            "insufficient_scope", f"The API key lacks the scope {scope.value}.", scope=scope, kind=caller.kind
        )


def _bearer(context: Context, digest: str) -> Caller:
    """Returns the client of a token as the caller, with the scopes of the token."""
    token = context.stores.tokens.find(digest)
    if token is None:
        raise Refused("unknown_key", "The token is not known.")
    if context.clock() >= token.expires_at:
        raise Refused("expired_key", "The token has expired.", expires_at=token.expires_at)
    client = _get_live(context, token.client_digest)
    return replace(_caller(client, _counted_key(context, client)), scopes=_scopes(client) & token.scopes)


def _in_session(context: Context, session_id: ImportSessionId, digest: str) -> Caller:
    """Returns an import session as the caller: by its token, which may be exchanged once, or by its credential."""
    session = context.stores.import_sessions.find(session_id)
    if session is None or session.revoked_at is not None:
        raise Refused("unknown_key", "The import session is not known.")
    if not session.is_live(context.clock()):
        raise Refused("expired_key", "The import session has ended.", expires_at=session.expires_at)
    scopes = _scopes_in_session(session, digest)
    status = _counted(context, digest, RateLimit(context.limits.import_session_requests, MINUTE_S))
    return Caller(
        tenant_id=session.tenant_id,
        key_id=session.session_id,
        scopes=scopes,
        test_of=session.test_of,
        rate_limit_status=status,
        session=session,
    )


def _scopes_in_session(session: ImportSession, digest: str) -> frozenset[Scope]:
    if digest == session.credential_digest:
        return SESSION_SCOPES
    if digest != session.token_digest:
        raise Refused("unknown_key", "The import session is not known.")
    if session.is_exchanged:
        raise Refused("unknown_key", "The token was exchanged already.")
    return frozenset({Scope.SESSIONS_EXCHANGE})


def _get_live(context: Context, digest: str) -> ApiKey:
    key = context.stores.keys.find(digest)
    if key is None or key.revoked_at is not None:
        raise Refused("unknown_key", "The API key is not known.")
    if not key.is_live(context.clock()):
        raise Refused("expired_key", "The API key has expired.", expires_at=key.expires_at)
    return key


def _counted_key(context: Context, key: ApiKey) -> RateLimitStatus:
    return _counted(context, key.digest, KINDS[key.kind].rate_limit(context.limits))


def _counted(context: Context, digest: str, rate_limit: RateLimit) -> RateLimitStatus:
    """Counts the request, whatever becomes of it. Raises Refused `rate_limited`."""
    now = context.clock()
    rate_limit_status = context.stores.request_counter.count(digest, rate_limit, now)
    if rate_limit_status.is_exceeded:
        wait_s = rate_limit_status.resets_at - now
        message = f"Rate limit exceeded. Try again in {wait_s} seconds"
        raise Refused("rate_limited", message, rate_limit_status=rate_limit_status, retry_after_s=wait_s)
    return rate_limit_status


def _caller(key: ApiKey, rate_limit_status: RateLimitStatus) -> Caller:
    return Caller(
        tenant_id=key.tenant_id,
        key_id=key.key_id,
        scopes=_scopes(key),
        kind=key.kind,
        test_of=key.test_of,
        rate_limit_status=rate_limit_status,
    )


def _scopes(key: ApiKey) -> frozenset[Scope]:
    """Returns what the key may do: never more than its kind may today, whatever it was given when it was made."""
    return key.scopes & KINDS[key.kind].scopes
