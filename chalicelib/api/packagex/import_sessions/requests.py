"""Bodies of import sessions. They are ours: PackageX has none."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.packagex import ACTIONS
from chalicelib.api.packagex.imports.options import ActionWord
from chalicelib.api.packagex.parameters import ResourceName, ShortText, known_resource
from chalicelib.errors import Refused
from chalicelib.imports.sessions import SHORTEST_S, URL_CHARACTERS, SessionRequest
from chalicelib.model.limits import DEFAULT_LIMITS

Seconds = Annotated[
    StrictInt, Field(json_schema_extra={"minimum": SHORTEST_S, "maximum": DEFAULT_LIMITS.import_session_longest_s})
]


class PackageXSessionRequest(RequestModel):
    """`POST /v1/import-sessions`."""

    resource: ResourceName
    """What is imported; nothing else can be."""
    allow: Annotated[tuple[ActionWord, ...], Field(min_length=1, max_length=len(ACTIONS))]
    """What may happen to rows; the first is chosen unless the person chooses another."""
    allow_origin: ShortText
    """The origin of the page that embeds the importer: exact, over HTTPS, or over HTTP on this machine."""
    profile: ShortText | None = None
    """An import profile, by its name or id, whose options the import copies."""
    expires_in: Seconds | None = None
    """For how many seconds the session lives; an hour otherwise, a day at most."""
    return_url: Annotated[StrictStr, Field(max_length=URL_CHARACTERS)] | None = None
    """Where the importer leads back to, a URL of `allow_origin`."""
    locale: Literal["en", "de", "fr", "es"] | None = None
    """The language of the importer; that of the browser otherwise."""

    def to_request(self) -> SessionRequest:
        """Returns the session that is asked for, in the core's words. Raises Refused."""
        if len(set(self.allow)) < len(self.allow):
            raise Refused("invalid_parameter", "Name each action once.", param="allow")
        return SessionRequest(
            resource=known_resource(self.resource),
            actions=tuple(ACTIONS[one] for one in self.allow),
            origin=self.allow_origin,
            profile=self.profile,
            expires_in_s=self.expires_in,
            return_url=self.return_url,
            locale=self.locale,
        )


class PackageXExchangeRequest(RequestModel):
    """`POST /v1/import-sessions/{id}/exchange`: nothing; the token comes in the place of a key."""
