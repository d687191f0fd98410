"""Webhooks that a tenant keeps: create, show, change, delete and try them, and look up what was delivered.

What belongs to another tenant is not found. Secrets are made here and shown once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import checked_name
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.model.events import EVENT_TYPES, PING
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import (
    AuthHeader,
    Delivery,
    DeliveryId,
    DeliveryStatus,
    Webhook,
    WebhookId,
    WebhookStatus,
)
from chalicelib.stores.interfaces import Counted, DeliveryPage
from chalicelib.webhooks.circuit_breaker import HEALTHY
from chalicelib.webhooks.delivery import LEASE_S, send_delivery
from chalicelib.webhooks.outbox import delivery_of
from chalicelib.webhooks.url_policy import to_target

_ID = re.compile(r"[a-z0-9_]{1,64}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HEADER_VALUE = re.compile(r"[!-~]([ -~]{0,998}[!-~])?")
_OURS = frozenset(
    {"connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive", "te"}
    | {"trailer", "transfer-encoding", "upgrade", "user-agent", "x-signature"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """A webhook as its owner wants it."""

    url: str
    events: tuple[str, ...] = ()
    name: str | None = None
    auth_header: AuthHeader | None = None


def create_webhook(context: Context, caller: Caller, wanted: WebhookRequest) -> Webhook:
    """Stores a new webhook and returns it. Raises Refused `unsafe_url`, `invalid_parameter`, and Conflict
    `too_many_webhooks`.
    """
    _check(context, {"url": wanted.url, "events": wanted.events, "auth_header": wanted.auth_header})
    checked_name(wanted.name)
    limit = context.limits.webhooks
    now = context.clock()
    webhook = Webhook(
        webhook_id=WebhookId(context.new_id("whk")),
        tenant_id=caller.tenant_id,
        url=wanted.url,
        secret=context.new_id("whsec"),
        events=wanted.events,
        name=wanted.name,
        auth_header=wanted.auth_header,
        created_by=caller.key_id,
        created_at=now,
        updated_at=now,
    )
    match context.stores.webhooks.add(webhook, limit=limit):
        case Counted.FULL:
            raise Conflict("too_many_webhooks", f"There are {limit} webhooks already; delete one first.")
        case Counted.REFUSED:  # the answer to an earlier try was lost
            return get_webhook(context, caller, webhook.webhook_id)
        case Counted.DONE:
            return webhook


def list_webhooks(context: Context, caller: Caller) -> list[Webhook]:
    """Returns all webhooks, oldest first; there are never many."""
    return context.stores.webhooks.list_webhooks(caller.tenant_id)


def get_webhook(context: Context, caller: Caller, webhook_id: WebhookId) -> Webhook:
    """Returns the webhook. Raises NotFound `webhook_not_found`."""
    webhook = context.stores.webhooks.find(caller.tenant_id, webhook_id) if _ID.fullmatch(webhook_id) else None
    if webhook is None:
        raise NotFound("webhook_not_found", f"There is no webhook {webhook_id[:64]!r}.")
    return webhook


def change_webhook(context: Context, caller: Caller, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook:
    """Changes fields of the webhook, given by name, and returns it. A status or a URL that is given forgets past
    failures, and what waited for their end is sent."""
    get_webhook(context, caller, webhook_id)
    _check(context, values)
    if not values.keys() & {"status", "url"}:
        return _changed(context, caller.tenant_id, webhook_id, values)
    fresh = {**HEALTHY, "recovered_at": context.clock()} | ({"reason": None} if "status" in values else {})
    changed = _changed(context, caller.tenant_id, webhook_id, {**values, **fresh})
    context.stores.webhooks.wake(caller.tenant_id, [webhook_id], context.clock())
    return changed


def rotate_secret(context: Context, caller: Caller, webhook_id: WebhookId) -> Webhook:
    """Gives the webhook a new secret. It signs with that one, and for a while with the old one too."""
    old = get_webhook(context, caller, webhook_id)
    values = {
        "secret": context.new_id("whsec"),
        "old_secret": old.secret,
        "old_secret_until": context.clock() + context.limits.webhook_rotation_s,
    }
    return _changed(context, caller.tenant_id, webhook_id, values)


def delete_webhook(context: Context, caller: Caller, webhook_id: WebhookId) -> None:
    """Removes the webhook. Raises NotFound `webhook_not_found`."""
    get_webhook(context, caller, webhook_id)
    context.stores.webhooks.delete(caller.tenant_id, webhook_id)


def list_deliveries(
    context: Context, caller: Caller, webhook_id: WebhookId, *, limit: int, cursor: str | None
) -> DeliveryPage:
    """Returns a page of deliveries, newest first. Raises Refused `invalid_cursor`, NotFound."""
    get_webhook(context, caller, webhook_id)
    if cursor is not None and not _ID.fullmatch(cursor):
        text = f"The cursor {cursor[:40]!r} does not belong to this listing; start again without one."
        raise Refused("invalid_cursor", text, param="cursor")
    after = DeliveryId(cursor) if cursor else None
    return context.stores.deliveries.list_page(caller.tenant_id, webhook_id, limit=limit, after=after)


def redeliver(context: Context, caller: Caller, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery:
    """Tries the delivery at once, and where that fails, as often again as a new one. Raises NotFound, and Conflict
    `webhook_paused` or `delivery_under_way`.
    """
    _checked_active(get_webhook(context, caller, webhook_id))
    found = (
        context.stores.deliveries.find(caller.tenant_id, webhook_id, delivery_id)
        if _ID.fullmatch(delivery_id)
        else None
    )
    if found is None:
        raise NotFound("delivery_not_found", f"There is no delivery {delivery_id[:64]!r}.")
    now = context.clock()
    again = replace(found, status=DeliveryStatus.PENDING, next_try_at=now, is_leased=False, started=0)
    is_under_way = found.is_leased and (found.next_try_at or 0) > now
    context.begin_work()
    if is_under_way or not context.stores.deliveries.replace(found, again):
        raise Conflict("delivery_under_way", "The delivery is being sent right now.")
    return _send_at_once(context, again)


def ping(context: Context, caller: Caller, webhook_id: WebhookId) -> Delivery:
    """Sends a test event at once, and returns its delivery. Raises NotFound, Conflict `webhook_paused`."""
    webhook, now = _checked_active(get_webhook(context, caller, webhook_id)), context.clock()
    body = {"event_id": context.new_id("evt"), "type": PING, "tenant_id": caller.tenant_id, "created_at": now}
    delivery = delivery_of(webhook, body, at=now)
    context.begin_work()
    context.stores.deliveries.add(delivery)
    return _send_at_once(context, delivery)


def _send_at_once(context: Context, delivery: Delivery) -> Delivery:
    """Sends it whatever the state of its webhook's circuit: its owner wants to know. A round takes care of what is not
    delivered, should this process die over it, too."""
    webhooks = context.stores.webhooks
    webhooks.wake(delivery.tenant_id, [delivery.webhook_id], context.clock() + LEASE_S)
    sent = send_delivery(context, delivery)
    if sent is None:
        return delivery
    is_recovered = sent.webhook is not None and sent.webhook.recovered_at is not None
    look_at = context.clock() if is_recovered else sent.delivery.next_try_at
    if look_at is not None:
        webhooks.wake(delivery.tenant_id, [delivery.webhook_id], look_at)
    return sent.delivery


def _changed(context: Context, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook:
    changed = context.stores.webhooks.change(tenant_id, webhook_id, {**values, "updated_at": context.clock()})
    if changed is None:
        raise NotFound("webhook_not_found", f"There is no webhook {webhook_id!r}.")
    return changed


def _check(context: Context, values: Mapping[str, object]) -> None:
    if isinstance(url := values.get("url"), str):
        to_target(url, allows_local=context.allows_local_webhooks)
    if isinstance(events := values.get("events"), tuple):
        unknown = [one for one in events if one not in EVENT_TYPES]
        if unknown:
            raise Refused("invalid_parameter", f"There is no event {unknown[0][:64]!r}.", param="events")
    if isinstance(header := values.get("auth_header"), AuthHeader):
        _check_header(header)


def _check_header(header: AuthHeader) -> None:
    name = header.name.lower()
    if not _HEADER_NAME.fullmatch(header.name) or name in _OURS or name.startswith(("x-sluice-", "proxy-")):
        raise Refused("invalid_parameter", "This is no header of yours to set.", param="auth_header.name")
    if not _HEADER_VALUE.fullmatch(header.value):
        raise Refused("invalid_parameter", "A header has 1 to 1,000 plain characters.", param="auth_header.value")


def _checked_active(webhook: Webhook) -> Webhook:
    if webhook.status is not WebhookStatus.ACTIVE:
        raise Conflict("webhook_paused", 'The webhook is paused; set its status to "active" first.')
    return webhook
