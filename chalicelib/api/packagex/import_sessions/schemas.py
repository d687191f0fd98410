"""The schemas of answers about import sessions."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import ACTIONS, RESOURCE_WORDS
from chalicelib.api.packagex.schemas import PackageXEnvelope

SessionStatus = Literal["created", "opened", "expired", "revoked"]


class PackageXSession(TypedDict):
    """A session in which somebody without a key makes one import."""

    object: Literal["import_session"]
    id: str
    """Its imports name it in `created_by`."""
    status: Annotated[str, one_of(("created", "opened", "expired", "revoked"))]
    """opened: its token was exchanged."""
    resource: Annotated[str, one_of(RESOURCE_WORDS.values())]
    allow: list[Annotated[str, one_of(ACTIONS)]]
    allow_origin: str
    profile: str | None
    return_url: str | None
    locale: str | None
    import_id: str | None
    """The import of the file that was sent last."""
    created_by: str
    created_at: int
    expires_at: int
    revoked_at: int | None


class PackageXNewSession(PackageXSession):
    """A session with the address of its importer, which is shown this once."""

    importer_url: str
    """With the one-time token in its fragment."""


class PackageXCredential(PackageXSession):
    """A session with its credential, which is shown this once."""

    _credential: str
    """What the importer asks with, in the place of a key."""


class PackageXSessionAnswer(PackageXEnvelope):
    """The response about one session."""

    data: PackageXSession
    pagination: None


class PackageXNewSessionAnswer(PackageXEnvelope):
    """The response to the creation of a session."""

    data: PackageXNewSession
    pagination: None


class PackageXCredentialAnswer(PackageXEnvelope):
    """The response to the exchange of a token."""

    data: PackageXCredential
    pagination: None
