"""`sluice records`, `resources`, `template`, `webhooks`: what is stored, what can be imported, and who is told."""

import json
import sys
from itertools import islice
from pathlib import Path

import click

from sluice.cli.app import App, command, free_file, pairs
from sluice.cli.exits import DONE, REFUSED
from sluice.cli.help import Group, Option
from sluice.cli.layout import cut
from sluice.cli.listen_command import listen
from sluice.cli.unknown import known_resource
from sluice.models.webhooks import Delivery, DeliveryAttempt

webhooks = Group("webhooks", help="Who is told; listen, redeliver", short_help="Who is told; listen, redeliver")


@command("records", usage="RESOURCE [ID] [OPTIONS]")
@click.argument("resource")
@click.argument("record_id", required=False)
@click.option("--where", cls=Option, multiple=True, metavar="FIELD=VALUE", help="Records of this value alone")
@click.option("--limit", cls=Option, type=click.IntRange(1), default=20, metavar="N", help="How many: 20")
def records(app: App, resource: str, record_id: str | None, where: tuple[str, ...], limit: int) -> int:
    """Look at what is stored"""
    if record_id:
        app.screen.put_json(app.client.records.get(resource, record_id).raw)
        return DONE
    filters = pairs(where, "FIELD=VALUE")
    known = known_resource(app, resource)
    found = list(islice(app.client.records.each(known.plural, limit=min(limit, 100), **filters), limit))
    if app.screen.is_json:
        app.screen.put(*(json.dumps(one.raw, ensure_ascii=False) for one in found))
        return DONE
    stored = [one.name for one in known.fields if one.stored and one.name != "id"][:3]
    rows = [(one.id, *(str(one.fields.get(name, "")) for name in stored)) for one in found]
    app.screen.put_table(("id", *stored), rows)
    return DONE


@command("resources", usage="[NAME]")
@click.argument("name", required=False)
def resources(app: App, name: str | None) -> int:
    """Fields, types, identities"""
    if name is None:
        app.screen.put_list(
            ("resource", "recognised by"),
            app.client.resources.list(),
            lambda one: (one.plural, ", ".join("+".join(fields) for fields in one.identities)),
        )
        return DONE
    one = known_resource(app, name)
    fields = [
        (field.name, field.type, "needed" if field.required else "", ", ".join(field.choices) or field.example)
        for field in one.fields
        if not field.read_only
    ]
    app.screen.put_one(("field", "type", "", "for example"), one, fields)
    return DONE


@command("template", usage="RESOURCE [FILE]")
@click.argument("resource")
@click.argument("file", required=False)
def template(app: App, resource: str, file: str | None) -> int:
    """Write an empty file with the right headers"""
    known = known_resource(app, resource)
    target = file or free_file(f"{known.plural}.csv", f"sluice template {known.plural} FILE")
    content = app.client.resources.template(known.name, format="xlsx" if target.endswith(".xlsx") else "csv")
    if target == "-":
        sys.stdout.buffer.write(content)
        return DONE
    Path(target).write_bytes(content)
    app.screen.say(f"✓ {target}", f"  sluice import {target} -r {known.plural}")
    return DONE


@command("list", usage="")
def list_webhooks(app: App) -> None:
    """List webhooks, the oldest first"""
    app.screen.put_list(
        ("id", "url", "status", "hears"),
        app.client.webhooks.list(),
        lambda one: (one.id, one.url, one.status, ", ".join(one.events) or "all events"),
    )


@command("create", usage="URL [OPTIONS]")
@click.argument("url")
@click.option("--event", "events", cls=Option, multiple=True, metavar="TYPE", help="import.completed … ; all otherwise")
def create_webhook(app: App, url: str, events: tuple[str, ...]) -> int:
    """Have a URL told of imports and exports"""
    made = app.client.webhooks.create(url, events=list(events))
    if app.screen.is_json:
        app.screen.put_json(made.raw)
        return DONE
    app.screen.put(made.id)
    app.screen.say(f"Its secret, shown this once: {made.secret}", is_needed=True)
    return DONE


@command("ping", usage="ID")
@click.argument("webhook_id")
def ping_webhook(app: App, webhook_id: str) -> int:
    """Send a ping and tell how it went"""
    return _put_delivery(app, app.client.webhooks.ping(webhook_id))


@command("deliveries", usage="ID")
@click.argument("webhook_id")
def deliveries(app: App, webhook_id: str) -> None:
    """What was sent, the newest first"""
    app.screen.put_list(
        ("id", "event", "status", "tries"),
        islice(app.client.webhooks.deliveries(webhook_id), 100),
        lambda one: (one.id, one.event, one.status, str(len(one.attempts))),
        right=(3,),
    )


@command("redeliver", usage="ID DELIVERY")
@click.argument("webhook_id")
@click.argument("delivery_id")
def redeliver(app: App, webhook_id: str, delivery_id: str) -> int:
    """Send an event again"""
    return _put_delivery(app, app.client.webhooks.redeliver(webhook_id, delivery_id))


def _put_delivery(app: App, delivery: Delivery) -> int:
    """Says how the last attempt went, and returns the exit code."""
    if app.screen.is_json:
        app.screen.put_json(delivery.raw)
    last = delivery.attempts[-1] if delivery.attempts else DeliveryAttempt()
    is_delivered = delivery.status == "delivered"
    came = f"{last.status_code} {last.response}".strip() if last.status_code else last.error or "no answer"
    told = f"{'✓' if is_delivered else '✗'} {delivery.event} {delivery.status} in {last.duration_ms} ms: {came}"
    app.screen.say(cut(told, app.screen.width), f"  {delivery.id}")
    return DONE if is_delivered else REFUSED


@command("delete", usage="ID")
@click.argument("webhook_id")
def delete_webhook(app: App, webhook_id: str) -> None:
    """Remove a webhook"""
    app.client.webhooks.delete(webhook_id)
    app.screen.say(f"✓ {webhook_id} is gone")


for one in (list_webhooks, listen, create_webhook, ping_webhook, deliveries, redeliver, delete_webhook):
    webhooks.add_command(one)
