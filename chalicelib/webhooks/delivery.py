"""One delivery of an event to a webhook: signed (`webhooks/signature.py`), and sent again later where the receiver did
not take it. Which delivery is sent when, is decided in `webhooks/delivery_rounds.py`.

A delivery is leased before it is sent, so that of several senders one sends; one that died holds it until its lease
ends. A receiver may get the same event twice all the same, and knows it by its id. A delivery that failed is tried
again later each time, eight times within some 24 hours.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from zlib import crc32

from chalicelib.access.context import Context
from chalicelib.errors import Refused
from chalicelib.model.webhooks import Delivery, DeliveryAttempt, DeliveryStatus, Webhook, WebhookStatus
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.webhooks.circuit_breaker import health_after
from chalicelib.webhooks.signature import signature_of
from chalicelib.webhooks.url_policy import to_target

LEASE_S = 60
"""How long a sender holds a delivery: a little longer than an attempt takes."""
ATTEMPTS_KEPT = 20
"""How many of its latest attempts a delivery shows."""
RACES = 10
"""So often an attempt is counted anew because others were faster."""
WAITS_S = (10, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 16 * 3600)
"""How long to wait after the first failure, the second, and so on."""
TRIES = len(WAITS_S) + 1
SPREAD = 0.2
"""By which share a wait may differ from its mean: deliveries that failed together do not come back together."""


class Sent(NamedTuple):
    """A delivery after an attempt, and what its webhook is then."""

    delivery: Delivery
    webhook: Webhook | None
    """None where it was deleted."""


def send_delivery(context: Context, delivery: Delivery) -> Sent | None:
    """Tries the delivery once and returns it as it is then; returns None where another sender has it."""
    now = context.clock()
    leased = replace(delivery, next_try_at=now + LEASE_S, is_leased=True, started=delivery.started + 1)
    if not context.stores.deliveries.replace(delivery, leased):
        return None
    webhook = context.stores.webhooks.find(delivery.tenant_id, delivery.webhook_id)
    if webhook is None or webhook.status is not WebhookStatus.ACTIVE:
        dropped = replace(leased, status=DeliveryStatus.DROPPED, next_try_at=None)
        return Sent(_release(context, leased, dropped), webhook)
    if leased.started > TRIES:
        failed = replace(leased, status=DeliveryStatus.FAILED, next_try_at=None)
        return Sent(_release(context, leased, failed), webhook)
    done = _send(context, webhook, leased)
    webhook = _record_health(context, webhook, done)
    return Sent(_release(context, leased, _after(leased, done, context.clock())), webhook)


def find_wait_s(delivery_id: str, failures: int) -> int | None:
    """Returns how long to wait before the next attempt, or None where it has been tried often enough. The same delivery
    always waits as long: the spread is made of its id.
    """
    if failures >= TRIES:
        return None
    chance = crc32(f"{delivery_id}{failures}".encode()) / 2**32
    return round(WAITS_S[failures - 1] * (1 - SPREAD + 2 * SPREAD * chance))


def _release(context: Context, leased: Delivery, after: Delivery) -> Delivery:
    """Stores the delivery without its lease. A sender whose lease has ended changes nothing: another one has it."""
    free = replace(after, is_leased=False)
    context.stores.deliveries.replace(leased, free)
    return free


def _send(context: Context, webhook: Webhook, delivery: Delivery) -> DeliveryAttempt:
    now, body = context.clock(), delivery.body.encode()
    try:
        target = to_target(webhook.url, allows_local=context.allows_local_webhooks)
        headers = _headers(webhook, delivery, signature_of(webhook.secrets_at(now), body, at=now))
        posted = context.stores.webhook_transport.post(
            target, headers, body, within_s=context.limits.webhook_response_s
        )
    except Refused as refusal:
        posted = WebhookResponse(error=refusal.message)
    return DeliveryAttempt(
        number=(delivery.tries[-1].number if delivery.tries else 0) + 1,
        at=now,
        duration_ms=posted.duration_ms,
        status_code=posted.status_code,
        error=posted.error,
        response=posted.response,
    )


def _headers(webhook: Webhook, delivery: Delivery, signature: str) -> Mapping[str, str]:
    asked = {webhook.auth_header.name: webhook.auth_header.value} if webhook.auth_header else {}
    return asked | {
        "Content-Type": "application/json",
        "User-Agent": "Sluice-Webhooks/1",
        "X-Signature": signature,
        "X-Sluice-Event-Id": delivery.event_id,
        "X-Sluice-Delivery": delivery.delivery_id,
    }


def _after(leased: Delivery, done: DeliveryAttempt, now: int) -> Delivery:
    tries = (*leased.tries, done)[-ATTEMPTS_KEPT:]
    if done.is_success:
        return replace(leased, tries=tries, status=DeliveryStatus.DELIVERED, next_try_at=None)
    wait_s = find_wait_s(leased.delivery_id, leased.started)
    if wait_s is None:
        return replace(leased, tries=tries, status=DeliveryStatus.FAILED, next_try_at=None)
    return replace(leased, tries=tries, next_try_at=now + wait_s)


def _record_health(context: Context, webhook: Webhook, done: DeliveryAttempt) -> Webhook | None:
    """Counts an attempt where several may count at once. Returns the webhook as it is then, None where it is gone."""
    seen: Webhook | None = webhook
    for _ in range(RACES):
        if seen is None:
            return None
        changes = health_after(seen, done, context.clock(), context.limits)
        if not changes:
            return seen
        changed = context.stores.webhooks.change_health(seen, changes)
        if changed is not None:
            return changed
        seen = context.stores.webhooks.find(webhook.tenant_id, webhook.webhook_id)
    return seen
