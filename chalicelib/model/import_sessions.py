"""Import sessions: somebody without a key makes one import, in the importer of a page that embeds it.

    created → its one-time token is exchanged for a credential → files, the last of which counts → confirmed

A session is of one resource, allows some actions, and ends by itself. Token and credential name their session, so that
it is found without an index; only their digests are stored.
"""

import re
from dataclasses import dataclass
from typing import NewType

from chalicelib.model.ids import ImportId, NewId, TenantId
from chalicelib.model.imports import Action

ImportSessionId = NewType("ImportSessionId", str)
"""`ims_` and 26 letters, random."""

SESSION_PREFIX = "ims"
TOKEN_PREFIX, CREDENTIAL_PREFIX = "imt", "imc"

_SECRET = re.compile(rf"(?:{TOKEN_PREFIX}|{CREDENTIAL_PREFIX})_([A-Za-z0-9]{{1,64}})_[A-Za-z0-9]{{1,64}}")
_ID = re.compile(rf"{SESSION_PREFIX}_[A-Za-z0-9]{{1,64}}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"(?:https://{_LABEL}(?:\.{_LABEL})*|http://(?:localhost|127\.0\.0\.1))(?::[1-9][0-9]{{0,4}})?")
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_URL_REST = re.compile(r"[/?#][!#-;=?-\[\]_a-z~%]*")
"""A path, query or fragment of printable ASCII without quotes, angle brackets and backslashes (RFC 3986)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSession:
    """A session as it is stored."""

    session_id: ImportSessionId
    tenant_id: TenantId
    """The tenant whose data it sees; of a session made with a test key the sibling of `test_of`."""
    test_of: TenantId | None = None
    resource: str
    actions: tuple[Action, ...]
    """What its import may do; the first is chosen unless somebody chooses another."""
    origin: str
    """The origin of the page that may embed the importer."""
    profile: str | None = None
    """The name or id of the import profile whose options its import copies."""
    return_url: str | None = None
    """Where the importer leads back to."""
    locale: str | None = None
    """The language of the importer; None for that of the browser."""
    token_digest: str
    credential_digest: str = ""
    """Empty until the token was exchanged."""
    import_id: ImportId | None = None
    """The import of the file that was sent last; it alone can be confirmed."""
    files: int = 0
    """How many files were sent."""
    is_confirmed: bool = False
    """Whether its import was confirmed: then it takes no other file."""
    version: int = 1
    """Counts its changes, from 1."""
    created_by: str = ""
    created_at: int = 0
    expires_at: int = 0
    revoked_at: int | None = None

    @property
    def is_exchanged(self) -> bool:
        """Whether the token was exchanged; it opens nothing any more then."""
        return bool(self.credential_digest)

    def is_live(self, now: int) -> bool:
        """Returns whether the session is neither revoked nor over at this time, in epoch seconds."""
        return self.revoked_at is None and now < self.expires_at


def is_session_id(text: str) -> bool:
    """Returns whether a text can be the id of a session."""
    return bool(_ID.fullmatch(text))


def secret_of(prefix: str, session_id: ImportSessionId, new_id: NewId) -> str:
    """Returns a new token or credential of a session, as the prefix says."""
    return f"{prefix}_{_tail(session_id)}_{_tail(new_id(prefix))}"


def session_id_in(secret: str) -> ImportSessionId | None:
    """Returns the id of the session that a token or a credential names; None for any other secret."""
    found = _SECRET.fullmatch(secret)
    return ImportSessionId(f"{SESSION_PREFIX}_{found[1]}") if found else None


def find_origin(text: str) -> str | None:
    """Returns an origin as browsers write it, or None for what is no exact origin over HTTPS, or over HTTP on this
    machine (RFC 6454, section 6.2): such as one with a path, a wildcard or a user.
    """
    origin = text.lower()
    if not _ORIGIN.fullmatch(origin):
        return None
    return origin.removesuffix(_DEFAULT_PORTS[origin.partition(":")[0]])


def is_below(url: str, origin: str) -> bool:
    """Returns whether a URL belongs to an origin, and can stand in a page."""
    scheme, slashes, rest = url.partition("://")
    cut = next((at for at, one in enumerate(rest) if one in "/?#"), len(rest))
    has_origin = find_origin(f"{scheme}{slashes}{rest[:cut]}") == origin
    return has_origin and bool(_URL_REST.fullmatch(rest[cut:] or "/"))


def _tail(identifier: str) -> str:
    return identifier.partition("_")[2]
