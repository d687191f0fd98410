"""Sends to webhooks what they are owed: signed, within a few seconds, and again later where nobody took it.

A delivery is leased before it is sent, so that of several senders one sends; one that died holds it until its lease
ends. A receiver may hear the same event twice all the same, and knows it by its id.
"""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, takewhile

from chalicelib.access.context import Context
from chalicelib.errors import Refused, SluiceError
from chalicelib.model.webhooks import Delivery, DeliveryAttempt, DeliveryStatus, Webhook, WebhookStatus
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.webhooks.backoff import TRIES, find_wait_s
from chalicelib.webhooks.signature import signature_of
from chalicelib.webhooks.url_policy import to_target

logger = logging.getLogger(__name__)

LEASE_S = 60
"""Longer than a try takes, and little longer."""
TRIES_KEPT = 20
SENDERS = 16
"""Deliveries that are sent at the same time: most of their time is waiting for receivers."""


def deliver_due(context: Context, *, until: int) -> int:
    """As many as come to their turn before `until`; says how many were sent."""
    due = takewhile(lambda _: context.clock() < until, context.stores.deliveries.each_due(context.clock()))
    with ThreadPoolExecutor(SENDERS) as senders:
        return sum(did for some in _each_lot(due) for did in senders.map(lambda one: _delivered(context, one), some))


def deliver(context: Context, delivery: Delivery) -> Delivery | None:
    """As it is after one try; None where somebody else has it."""
    now = context.clock()
    leased = replace(delivery, next_try_at=now + LEASE_S, is_leased=True, started=delivery.started + 1)
    if not context.stores.deliveries.replace(delivery, leased):
        return None
    webhook = context.stores.webhooks.find(delivery.tenant_id, delivery.webhook_id)
    if webhook is None or webhook.status is not WebhookStatus.ACTIVE:
        return _ended(context, leased, replace(leased, status=DeliveryStatus.DROPPED, next_try_at=None))
    if leased.started > TRIES:
        return _ended(context, leased, replace(leased, status=DeliveryStatus.FAILED, next_try_at=None))
    done = _tried(context, webhook, leased)
    _note(context, webhook, done)
    return _ended(context, leased, _after(leased, done, context.clock()))


def _each_lot(due: Iterator[Delivery]) -> Iterator[list[Delivery]]:
    while lot := list(islice(due, SENDERS)):
        yield lot


def _delivered(context: Context, delivery: Delivery) -> bool:
    """One delivery in trouble does not keep the others waiting."""
    try:
        return deliver(context, delivery) is not None
    except SluiceError:
        logger.warning("delivery %s could not be sent", delivery.delivery_id, exc_info=True)
        return False


def _ended(context: Context, leased: Delivery, after: Delivery) -> Delivery:
    """A sender whose lease ended meanwhile changes nothing: its successor says how it ended."""
    free = replace(after, is_leased=False)
    context.stores.deliveries.replace(leased, free)
    return free


def _tried(context: Context, webhook: Webhook, delivery: Delivery) -> DeliveryAttempt:
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
    tries = (*leased.tries, done)[-TRIES_KEPT:]
    if done.is_success:
        return replace(leased, tries=tries, status=DeliveryStatus.DELIVERED, next_try_at=None)
    wait_s = find_wait_s(leased.delivery_id, leased.started)
    if wait_s is None:
        return replace(leased, tries=tries, status=DeliveryStatus.FAILED, next_try_at=None)
    return replace(leased, tries=tries, next_try_at=now + wait_s)


def _note(context: Context, webhook: Webhook, done: DeliveryAttempt) -> None:
    """Remembers since when nothing succeeds; a webhook that fails for days is paused."""
    values = _noted(webhook, done, context.limits.webhook_failing_s)
    if values:
        context.stores.webhooks.change(webhook.tenant_id, webhook.webhook_id, values)


def _noted(webhook: Webhook, done: DeliveryAttempt, failing_s: int) -> dict[str, object]:
    if done.is_success:
        return {} if webhook.failing_since is None else {"failing_since": None}
    if webhook.failing_since is None:
        return {"failing_since": done.at}
    if done.at - webhook.failing_since < failing_s:
        return {}
    reason = f"failing: no delivery succeeded for {(done.at - webhook.failing_since) // 3600} hours."
    return {"status": WebhookStatus.PAUSED, "reason": reason, "updated_at": done.at}
