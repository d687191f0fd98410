"""`sluice webhooks listen`: prints events as they come, and forwards them, signed, to a receiver that is being written.

What is forwarded is what a webhook would send, body and headers; a receiver on this machine needs no address that the
service can reach. One try for each event: whoever writes a receiver sees at once what it has answered.
"""

import json
import secrets
import time
from dataclasses import dataclass

import click
import httpx

from sluice.cli.app import App, command
from sluice.cli.exits import WRONG_USE, Stopped, words_of
from sluice.cli.help import Option
from sluice.errors import SluiceError
from sluice.logins import is_loopback
from sluice.models.webhooks import EVENT_TYPES, Event
from sluice.webhooks import sign

WITHIN_S = 5.0
"""How long a receiver may take to answer, as the service gives it."""
SIGNS = {"created": "+", "updated": "±", "unchanged": "=", "deleted": "-", "skipped": "»", "failed": "!"}
"""Before the counts of an import that are not zero, as in the outcome of `sluice import`."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where events are forwarded to."""

    url: str
    secret: str
    http: httpx.Client

    def send(self, event: Event) -> str:
        """Sends the event, and returns how that went."""
        body = json.dumps(event.raw, ensure_ascii=False, separators=(",", ":")).encode()
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Sluice-Webhooks/1",
            "X-Signature": sign(body, secret=self.secret, at=now),
            "X-Sluice-Event-Id": event.event_id,
            "X-Sluice-Delivery": f"dlv_{now:08x}{secrets.token_hex(10)}",
        }
        try:
            answer = self.http.post(self.url, content=body, headers=headers, timeout=WITHIN_S)
        except httpx.TransportError as error:
            return f"no answer: {error or type(error).__name__}"
        return f"{answer.status_code} {answer.reason_phrase}".strip()


@command(
    "listen",
    usage="[OPTIONS]",
    notes=("Ctrl-C ends it. With --json each event is a line, as webhooks get it.",),
    closing="SLUICE_WEBHOOK_SECRET is the secret that signs what is forwarded; a new one without it.",
)
@click.option("--forward", cls=Option, metavar="URL", help="Send each event there, as a webhook would")
@click.option(
    "--events", cls=Option, metavar="TYPES", default="", help="import.completed,import.failed …; all otherwise"
)
@click.option(
    "--after", cls=Option, metavar="ID", help="Begin behind this event; otherwise with what comes from now on"
)
@click.option("--secret", envvar="SLUICE_WEBHOOK_SECRET", hidden=True, expose_value=True)
def listen(app: App, forward: str | None, events: str, after: str | None, secret: str | None) -> None:
    """Print events as they come, and forward them"""
    types = _types(events)
    receiver = _receiver(forward, secret) if forward else None

    def note(error: SluiceError) -> None:
        app.screen.say(*words_of(error).splitlines(), "Listening goes on.")

    app.screen.say(f"Listening at {app.client.url}: {', '.join(types) or 'all events'}. Ctrl-C ends it.")
    if receiver:
        app.screen.say(f"Forwarding to {receiver.url}, signed by {receiver.secret}")
    for event in app.client.webhooks.events(after=after or "latest", types=types, on_trouble=note):
        app.screen.put(json.dumps(event.raw, ensure_ascii=False) if app.screen.is_json else _line_of(event))
        if receiver:
            app.screen.say(f"  → {receiver.send(event)}")


def _receiver(url: str, secret: str | None) -> Receiver:
    if httpx.URL(url).scheme not in ("http", "https"):
        raise Stopped(WRONG_USE, f"Forward to an address that begins with http:// or https://, not to {url}.")
    http = httpx.Client(trust_env=not is_loopback(url))
    return Receiver(url, secret or f"whsec_{secrets.token_hex(13)}", http)


def _types(given: str) -> list[str]:
    types = [one.strip() for one in given.split(",") if one.strip()]
    unknown = [one for one in types if one not in EVENT_TYPES]
    if unknown:
        raise Stopped(WRONG_USE, f"There is no event {unknown[0]}. All of them: {', '.join(EVENT_TYPES)}")
    return types


def _line_of(event: Event) -> str:
    at = event.ended_at or event.created_at
    time_ = at.astimezone().strftime("%H:%M:%S") if at else "        "
    return f"{time_}  {event.type:<17} {event.id}  {_counts_of(event)}".rstrip()


def _counts_of(event: Event) -> str:
    if event.object == "export":
        return f"{event.stats.get('total', 0):,} rows"
    return " ".join(f"{sign_}{event.stats[name]:,}" for name, sign_ in SIGNS.items() if event.stats.get(name))
