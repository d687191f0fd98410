"""Sends events to webhooks: signed (`webhooks/signature.py`), within a few seconds, and again later where the
receiver did not take it.

A delivery is leased before it is sent, so that of several senders one sends; one that died holds it until its lease
ends. A receiver may get the same event twice all the same, and knows it by its id. A delivery that failed is tried
again later each time, eight times within some 24 hours.
"""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, takewhile
from zlib import crc32

from chalicelib.access.context import Context
from chalicelib.errors import Refused, SluiceError
from chalicelib.model.webhooks import Delivery, DeliveryAttempt, DeliveryStatus, Webhook, WebhookStatus
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.webhooks.signature import signature_of
from chalicelib.webhooks.url_policy import to_target

logger = logging.getLogger(__name__)

LEASE_S = 60
"""How long a sender holds a delivery: a little longer than an attempt takes."""
ATTEMPTS_KEPT = 20
"""How many of its latest attempts a delivery shows."""
SENDERS = 16
"""How many deliveries are sent at the same time: most of their time is waiting for receivers."""
WAITS_S = (10, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 16 * 3600)
"""How long to wait after the first failure, the second, and so on."""
TRIES = len(WAITS_S) + 1
SPREAD = 0.2
"""By which share a wait may differ from its mean: deliveries that failed together do not come back together."""


def send_due_deliveries(context: Context, *, until: int) -> int:
    """Sends the deliveries that are due, of all tenants, and begins none after `until`. Returns how many were sent."""
    due = takewhile(lambda _: context.clock() < until, context.stores.deliveries.each_due(context.clock()))
    with ThreadPoolExecutor(SENDERS) as senders:
        return sum(
            did for batch in _each_batch(due) for did in senders.map(lambda one: _send_safely(context, one), batch)
        )


def send_delivery(context: Context, delivery: Delivery) -> Delivery | None:
    """Tries the delivery once and returns it as it is then; returns None where another sender has it."""
    now = context.clock()
    leased = replace(delivery, next_try_at=now + LEASE_S, is_leased=True, started=delivery.started + 1)
    if not context.stores.deliveries.replace(delivery, leased):
        return None
    webhook = context.stores.webhooks.find(delivery.tenant_id, delivery.webhook_id)
    if webhook is None or webhook.status is not WebhookStatus.ACTIVE:
        return _release(context, leased, replace(leased, status=DeliveryStatus.DROPPED, next_try_at=None))
    if leased.started > TRIES:
        return _release(context, leased, replace(leased, status=DeliveryStatus.FAILED, next_try_at=None))
    done = _send(context, webhook, leased)
    _record_health(context, webhook, done)
    return _release(context, leased, _after(leased, done, context.clock()))


def find_wait_s(delivery_id: str, failures: int) -> int | None:
    """Returns how long to wait before the next attempt, or None where it has been tried often enough. The same delivery
    always waits as long: the spread is made of its id.
    """
    if failures >= TRIES:
        return None
    chance = crc32(f"{delivery_id}{failures}".encode()) / 2**32
    return round(WAITS_S[failures - 1] * (1 - SPREAD + 2 * SPREAD * chance))


def _each_batch(due: Iterator[Delivery]) -> Iterator[list[Delivery]]:
    while batch := list(islice(due, SENDERS)):
        yield batch


def _send_safely(context: Context, delivery: Delivery) -> bool:
    """Logs errors, so that one delivery in trouble does not keep the others waiting. Returns whether it was sent."""
    try:
        return send_delivery(context, delivery) is not None
    except SluiceError:
        logger.warning("delivery %s could not be sent", delivery.delivery_id, exc_info=True)
        return False


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


def _record_health(context: Context, webhook: Webhook, done: DeliveryAttempt) -> None:
    """Remembers since when nothing succeeds; a webhook that fails for days is paused."""
    values = _health_changes(webhook, done, context.limits.webhook_failing_s)
    if values:
        context.stores.webhooks.change(webhook.tenant_id, webhook.webhook_id, values)


def _health_changes(webhook: Webhook, done: DeliveryAttempt, failing_s: int) -> dict[str, object]:
    if done.is_success:
        return {} if webhook.failing_since is None else {"failing_since": None}
    if webhook.failing_since is None:
        return {"failing_since": done.at}
    if done.at - webhook.failing_since < failing_s:
        return {}
    reason = f"failing: no delivery succeeded for {(done.at - webhook.failing_since) // 3600} hours."
    return {"status": WebhookStatus.PAUSED, "reason": reason, "updated_at": done.at}
