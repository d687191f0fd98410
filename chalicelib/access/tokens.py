"""A client exchanges its id and secret for a token (RFC 6749, section 4.4) with the scopes that it wants.

Only a digest of the token is stored; the secret is in the answer, once.
"""

from dataclasses import dataclass

from chalicelib.access.authentication import authenticate_client
from chalicelib.access.context import Context
from chalicelib.errors import Refused
from chalicelib.model.api_keys import TOKEN_PREFIX, AccessToken, Scope, digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """What a client says to get a token."""

    client_id: str
    client_secret: str
    scopes: frozenset[Scope] | None = None
    """None for all that the client has."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token, with the only copy of its secret."""

    token: AccessToken
    secret: str


def issue_token(context: Context, wanted: TokenRequest) -> IssuedToken:
    """Returns a new token. Counts as a request of the client. Raises Refused as `authenticate_client` does, and
    `insufficient_scope`.
    """
    client = authenticate_client(context, wanted.client_id, wanted.client_secret)
    scopes = client.scopes if wanted.scopes is None else wanted.scopes
    if not scopes <= client.scopes:
        raise Refused("insufficient_scope", "The client lacks a scope it asks for.", kind=client.kind)
    secret, now = context.new_id(TOKEN_PREFIX), context.clock()
    token = AccessToken(
        digest=digest_of(secret),
        client_digest=client.digest,
        scopes=scopes,
        issued_at=now,
        expires_at=now + context.limits.talkdesk_token_s,
    )
    if not context.stores.tokens.add(token):
        raise RuntimeError("a token was given twice")
    return IssuedToken(token, secret)
