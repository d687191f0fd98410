"""Webhooks: who is told, what was delivered, and `verify`, which a receiver calls on each request.

`verify` needs no client: `sluice.webhooks.verify(body, headers, secret=…)`.
"""

import hmac
import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import TypedDict, Unpack

from sluice.errors import Forged
from sluice.events import Trouble, event_pages, ignore_trouble
from sluice.models.webhooks import Delivery, Event, Webhook
from sluice.operations import Async, Sync, listing, operation
from sluice.pages import Pages, cursor_pages
from sluice.session import Session, below
from sluice.transport import Flow

SIGNATURE_HEADER = "x-signature"
TOLERANCE_S = 300
"""How old, or how far ahead, a signature may be."""
_PATH = "/v1/webhooks"


def verify(
    body: bytes, headers: Mapping[str, str], *, secret: str, tolerance_s: int = TOLERANCE_S, now: float | None = None
) -> Event:
    """Returns the event of a webhook's request, whose body must be the bytes as they came, before anything parsed them.
    Raises Forged where the secret has not signed them, or not within the tolerance.
    """
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), "")
    parts = [part.strip().partition("=") for part in given.split(",")]
    sent_at = next((value for name, _, value in parts if name == "t"), "")
    expected = _digest(body, secret, sent_at)
    if not any(hmac.compare_digest(value.encode(), expected.encode()) for name, _, value in parts if name == "v1"):
        raise Forged("The secret has not signed this request.")
    if not sent_at.isdecimal() or abs((time.time() if now is None else now) - int(sent_at)) > tolerance_s:
        raise Forged(f"The request was signed more than {tolerance_s} seconds ago or ahead.")
    return Event.from_json(json.loads(body))


def sign(body: bytes, *, secret: str, at: int) -> str:
    """Returns the `X-Signature` of a body that is sent at this time, in epoch seconds, as the service signs it."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def _digest(body: bytes, secret: str, sent_at: str) -> str:
    return hmac.new(secret.encode(), f"{sent_at}.".encode() + body, "sha256").hexdigest()


class WebhookOptions(TypedDict, total=False):
    """What may be said of a webhook; docs/events.md tells what each means."""

    events: Sequence[str]
    name: str | None
    auth_header: Mapping[str, str] | None


class WebhookChanges(WebhookOptions, total=False):
    """What may be changed of a webhook."""

    url: str
    status: str
    rotate_secret: bool


class _WebhookOperations:
    """What can be done with webhooks."""

    _session: Session

    verify = staticmethod(verify)

    @operation
    def create(self, url: str, **options: Unpack[WebhookOptions]) -> Flow[Webhook]:
        """Creates a webhook; its `secret` is shown this once, so that a lost answer is not asked for again."""
        answer = yield from self._session.post(_PATH, {"url": url, **options}, is_kept=False)
        return Webhook.from_json(answer.data)

    @operation
    def list(self) -> Flow[tuple[Webhook, ...]]:
        """Returns all webhooks, the oldest first."""
        answer = yield from self._session.get(_PATH)
        return tuple(Webhook.from_json(one) for one in answer.data)

    @operation
    def get(self, webhook_id: str) -> Flow[Webhook]:
        """Returns a webhook."""
        answer = yield from self._session.get(below(_PATH, webhook_id))
        return Webhook.from_json(answer.data)

    @operation
    def change(self, webhook_id: str, **changes: Unpack[WebhookChanges]) -> Flow[Webhook]:
        """Changes what is given, and returns the webhook; a new secret is shown this once."""
        answer = yield from self._session.post(below(_PATH, webhook_id), changes, is_kept=False)
        return Webhook.from_json(answer.data)

    @operation
    def delete(self, webhook_id: str) -> Flow[None]:
        """Removes a webhook."""
        yield from self._session.delete(below(_PATH, webhook_id))

    @operation
    def ping(self, webhook_id: str) -> Flow[Delivery]:
        """Sends a `webhook.ping` at once, and returns how that went."""
        answer = yield from self._session.post(below(_PATH, webhook_id, "ping"), {})
        return Delivery.from_json(answer.data)

    @listing
    def deliveries(self, webhook_id: str, *, limit: int = 100) -> Pages[Delivery]:
        """Yields the deliveries of 30 days, the newest first, lazily."""
        return cursor_pages(self._session, below(_PATH, webhook_id, "deliveries"), Delivery.from_json, limit=limit)

    @listing
    def events(
        self, *, after: str | None = None, types: Collection[str] = (), on_trouble: Trouble = ignore_trouble
    ) -> Pages[Event]:
        """Yields the events of seven days and then whatever comes, in order, without an end. `after` is the id of the
        event behind which to begin, or `latest` for what comes from now on. Once it has answered, a service that is out
        of reach is waited for; `on_trouble` is told. Raises Invalid where events behind `after` have expired."""
        return event_pages(self._session, after=after, types=types, on_trouble=on_trouble)

    @operation
    def redeliver(self, webhook_id: str, delivery_id: str) -> Flow[Delivery]:
        """Sends an event again at once, under the same id, and returns the delivery."""
        answer = yield from self._session.post(below(_PATH, webhook_id, "deliveries", delivery_id), {})
        return Delivery.from_json(answer.data)


class Webhooks(_WebhookOperations, Sync):
    """The webhooks of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncWebhooks(_WebhookOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session
