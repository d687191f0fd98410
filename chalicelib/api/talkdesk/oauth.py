"""`POST /oauth/token`: client credentials for a token, in the words of RFC 6749.

In comes a form with `grant_type=client_credentials` and the client's id and secret, in the form or as Basic
authentication. Out goes the token (section 5.1) or an error (section 5.2). No answer of this route may be cached.
"""

from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib.access.context import Context
from chalicelib.access.tokens import IssuedToken, TokenRequest
from chalicelib.access.tokens import issue_token as issue
from chalicelib.api.http.request import body_text, find_header
from chalicelib.api.talkdesk import SCOPE_WORDS, SCOPES
from chalicelib.api.talkdesk.errors import to_response
from chalicelib.api.talkdesk.forms import read_urlencoded
from chalicelib.errors import Refused
from chalicelib.model.api_keys import Scope
from chalicelib.model.refusals import RefusalCode

GRANT = "client_credentials"
FORM = "application/x-www-form-urlencoded"
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}

IDENTITY = frozenset({"openid", "profile", "email", "address", "phone", "offline_access"})
"""Scopes of OpenID Connect, which ask who a person is. Libraries name them of their own accord; there is no person
here, so they are ignored (RFC 6749, section 3.3), and the answer says which scopes were given.
"""

ERRORS: Mapping[RefusalCode, str] = {
    "missing_key": "invalid_client",
    "unknown_key": "invalid_client",
    "expired_key": "invalid_client",
    "insufficient_scope": "invalid_scope",
    "unsupported_grant_type": "unsupported_grant_type",
    "malformed_form": "invalid_request",
    "invalid_parameter": "invalid_request",
    "invalid_encoding": "invalid_request",
    "unsupported_media_type": "invalid_request",
}
"""The error of section 5.2, by the core's code; all else is answered as everywhere."""


def issue_token(context: Context, request: Request) -> Response:
    """Answers with a token, or with the error that RFC 6749 has for what is wrong. Raises Refused for all else."""
    try:
        return render_token(issue(context, _read(request)))
    except Refused as refusal:
        if refusal.code not in ERRORS:
            raise
        return render_token_refusal(refusal)


def _read(request: Request) -> TokenRequest:
    media_type = (find_header(request, ("Content-Type",)) or FORM).partition(";")[0].strip().lower()
    if media_type != FORM:
        raise Refused("unsupported_media_type", f"Send a form, with Content-Type: {FORM}.")
    form = read_urlencoded(body_text(request).strip())
    client_id, secret = _credentials(request, form)
    if "grant_type" not in form:
        raise Refused("invalid_parameter", "grant_type is required.", param="grant_type")
    if form["grant_type"] != GRANT:
        raise Refused("unsupported_grant_type", f"The grant type is {GRANT}.", param="grant_type")
    return TokenRequest(client_id=client_id, client_secret=secret, scopes=_scopes(form.get("scope", "")))


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Returns id and secret, which come by one way, not by two (section 2.3)."""
    header = find_header(request, ("Authorization",))
    if header is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    if "client_secret" in form:
        raise Refused("invalid_parameter", "Send the credentials in the form or as Basic authentication, not both.")
    return _basic(header)


def _basic(header: str) -> tuple[str, str]:
    """Returns id and secret of Basic authentication; they are form-encoded within (section 2.3.1)."""
    scheme, _, coded = header.strip().partition(" ")
    try:
        client_id, colon, secret = b64decode(coded.strip(), validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise Refused("unknown_key", "The header Authorization holds no Basic credentials.")
    return unquote(client_id), unquote(secret)


def _scopes(text: str) -> frozenset[Scope] | None:
    """Returns the scopes that are asked for, or None where none of ours is named. Raises Refused
    `insufficient_scope`.
    """
    words = [word for word in text.split() if word not in IDENTITY]
    unknown = next((word for word in words if word not in SCOPES), None)
    if unknown is not None:
        raise Refused("insufficient_scope", f"There is no scope {unknown[:40]!r}; there are {' '.join(SCOPES)}.")
    return frozenset(SCOPES[word] for word in words) or None


def render_token(issued: IssuedToken) -> Response:
    """Returns the response with a token (section 5.1)."""
    token = issued.token
    words = sorted(SCOPE_WORDS[scope] for scope in token.scopes if scope in SCOPE_WORDS)
    body: dict[str, object] = {
        "access_token": issued.secret,
        "token_type": "Bearer",
        "expires_in": token.expires_at - token.issued_at,
        "scope": " ".join(words),
    }
    return to_response(HTTPStatus.OK, body, NOT_KEPT)


def render_token_refusal(refusal: Refused) -> Response:
    """Returns the response with an error (section 5.2)."""
    error = ERRORS[refusal.code]
    is_client = error == "invalid_client"
    status = HTTPStatus.UNAUTHORIZED if is_client else HTTPStatus.BAD_REQUEST
    headers = {**NOT_KEPT, "WWW-Authenticate": 'Basic realm="oauth"'} if is_client else NOT_KEPT
    return to_response(status, {"error": error, "error_description": _ascii(refusal.message)}, headers)


def _ascii(text: str) -> str:
    """Returns printable ASCII without quote and backslash (section 5.2)."""
    return "".join(one if " " <= one <= "~" and one not in '"\\' else "'" for one in text)
