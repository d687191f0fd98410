"""Bodies and queries of webhooks: checked, and turned into the core's requests. All of them are ours."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr
from pydantic.json_schema import WithJsonSchema

from chalicelib.access.validation import checked_name
from chalicelib.api.http.request_model import RequestModel
from chalicelib.api.openapi.schema_words import one_of, text
from chalicelib.api.packagex.parameters import NameText
from chalicelib.errors import Refused
from chalicelib.model.events import EVENT_TYPES
from chalicelib.model.webhooks import AuthHeader, WebhookStatus
from chalicelib.webhooks.service import WebhookRequest
from chalicelib.webhooks.url_policy import URL_CHARACTERS

DEFAULT_DELIVERIES = 25
DEFAULT_EVENTS = 25


WebhookUrl = Annotated[StrictStr, WithJsonSchema({"type": "string", "format": "uri", "maxLength": URL_CHARACTERS})]
EventType = Annotated[StrictStr, one_of(EVENT_TYPES)]


class PackageXAuthHeader(RequestModel):
    """Sent along with every delivery."""

    name: Annotated[StrictStr, text(1, 100)]
    value: Annotated[StrictStr, text(1, 1_000)]

    def to_header(self) -> AuthHeader:
        """Returns the header in the core's words."""
        return AuthHeader(name=self.name, value=self.value)


class PackageXWebhookRequest(RequestModel):
    """`POST /v1/webhooks`."""

    url: WebhookUrl
    """https, and nothing inside a network."""
    events: list[EventType] = Field(default_factory=list, max_length=50)
    """Types of events; none means all."""
    name: NameText | None = None
    auth_header: PackageXAuthHeader | None = None

    def to_request(self) -> WebhookRequest:
        """Returns the webhook that is asked for, in the core's words."""
        return WebhookRequest(
            url=self.url,
            events=tuple(dict.fromkeys(self.events)),
            name=self.name,
            auth_header=self.auth_header.to_header() if self.auth_header else None,
        )


class PackageXWebhookUpdate(RequestModel):
    """`POST /v1/webhooks/{id}`: whatever is given changes; null takes name and header away."""

    url: WebhookUrl | None = None
    events: Annotated[list[EventType], Field(max_length=50)] | None = None
    name: NameText | None = None
    auth_header: PackageXAuthHeader | None = None
    status: Literal["active", "paused"] | None = None
    rotate_secret: StrictBool = False

    def to_values(self) -> dict[str, object]:
        """Returns what is to change by field of `Webhook`. Raises Refused where nothing is given, or null where it
        means nothing.
        """
        given = self.model_fields_set - {"rotate_secret"}
        if not given and not self.rotate_secret:
            raise Refused("invalid_parameter", "Give what is to change.", param="url")
        for name in ("url", "events", "status"):
            if name in given and getattr(self, name) is None:
                raise Refused("invalid_parameter", "Must not be null.", param=name)
        checked_name(self.name)
        return {name: value for name, value in self._values().items() if name in given}

    def _values(self) -> dict[str, object]:
        return {
            "url": self.url,
            "events": tuple(dict.fromkeys(self.events or ())),
            "name": self.name,
            "auth_header": self.auth_header.to_header() if self.auth_header else None,
            "status": WebhookStatus(self.status or "active"),
        }


class PackageXDeliveriesQuery(RequestModel):
    """Query of `GET /v1/webhooks/{id}/deliveries`."""

    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_DELIVERIES
    cursor: str | None = None


class PackageXEventsQuery(RequestModel):
    """Query of `GET /v1/events`."""

    after: str | None = None
    """The cursor of a page, the id of an event, or `latest`; without it all events of seven days are told."""
    limit: Annotated[int, Field(ge=1, le=100)] = DEFAULT_EVENTS
