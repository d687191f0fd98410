"""The outbox: events about imports and exports that have ended go to webhooks and to the event bus, each at least once,
and then, once, to the log of events.

That an event is to be published is written together with the final status (`unpublished_since`). Publishing is tried at
once, by the process that wrote the status, and every minute for what is still unpublished. All attempts send the same
event id.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from chalicelib.errors import SluiceError
from chalicelib.log_keys import logging_about
from chalicelib.model.events import LifecycleEvent, event_of_export, event_of_import
from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.model.webhooks import Delivery, Webhook, delivery_id_of
from chalicelib.stores.interfaces import Stores

logger = logging.getLogger(__name__)

GRACE_S = 60
"""How long an end stays with the process that wrote it, before `publish_all_pending` takes care of it."""


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that is still to be published, and what to call once it is."""

    event: LifecycleEvent
    mark_published: Callable[[], None]


def publish_now(stores: Stores, job: Import | Export) -> bool:
    """Publishes the event of a job that has ended, if it is still pending. Returns whether nothing is pending any more.
    Errors are logged, not raised: `publish_all_pending` tries again.
    """
    if job.unpublished_since is None:
        return True
    pending = _pending_event(stores, job)
    event = pending.event
    with logging_about({"tenant_id": event.tenant_id, f"{event.kind}_id": event.job_id}):
        try:
            _publish(stores, pending)
        except SluiceError:
            logger.warning("event %s could not be published", event.event_id, exc_info=True)
            return False
    return True


def publish_all_pending(stores: Stores, now: int) -> int:
    """Publishes the events of all tenants that have been pending for `GRACE_S` or longer. Returns how many are still
    pending.
    """
    return [publish_now(stores, job) for job in _each_unpublished(stores, now - GRACE_S)].count(False)


def delivery_of(webhook: Webhook, body: dict[str, Any], *, at: int) -> Delivery:
    """Returns a delivery of an event to a webhook, due at once. `body` is what is sent, `at` the time of the event."""
    return Delivery(
        delivery_id=delivery_id_of(webhook.webhook_id, body["event_id"], at),
        webhook_id=webhook.webhook_id,
        tenant_id=webhook.tenant_id,
        event_id=body["event_id"],
        event_type=body["type"],
        body=orjson.dumps(body).decode(),
        created_at=at,
        next_try_at=at,
    )


def _publish(stores: Stores, pending: PendingEvent) -> None:
    """Raises Retryable where a delivery cannot be stored or the bus does not answer: then the event stays pending, and
    goes to everybody again.
    """
    event = pending.event
    hearing = [one for one in stores.webhooks.list_webhooks(event.tenant_id) if one.hears(event.event_type)]
    for webhook in hearing:
        stores.deliveries.add(delivery_of(webhook, event.to_body(), at=event.at))
    if hearing:
        stores.webhooks.wake(event.tenant_id, [one.webhook_id for one in hearing], event.at)
    stores.events.publish(event)
    pending.mark_published()


def _pending_event(stores: Stores, job: Import | Export) -> PendingEvent:
    if isinstance(job, Import):
        event = event_of_import(job)
        return PendingEvent(event, lambda: stores.imports.mark_published(job, event))
    event = event_of_export(job)
    return PendingEvent(event, lambda: stores.exports.mark_published(job, event))


def _each_unpublished(stores: Stores, before: int) -> Iterator[Import | Export]:
    yield from stores.imports.each_unpublished(before)
    yield from stores.exports.each_unpublished(before)
