"""Tells others of what has ended: webhooks and the event bus, each at least once, always with the same event id.

That it is owed is written together with the final status (`announce_due`); whoever set that status tells at once, and
a sweep tells what that one did not live to tell.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from chalicelib.errors import SluiceError
from chalicelib.model.events import LifecycleEvent, event_of_export, event_of_import
from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.model.webhooks import Delivery, Webhook, delivery_id_of
from chalicelib.stores.interfaces import Stores

logger = logging.getLogger(__name__)

OWED_S = 60
"""So long whoever ended it has for telling, before the sweep does."""


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An ending that others are to be told of, and what to do once they are."""

    completion: LifecycleEvent
    settle: Callable[[], None]


def publish(stores: Stores, owed: PendingEvent) -> None:
    """Raises Retryable where somebody could not be told: then it is still owed, and told again to all of them."""
    completion = owed.completion
    for webhook in stores.webhooks.list_webhooks(completion.tenant_id):
        if webhook.hears(completion.event_type):
            stores.deliveries.add(delivery_of(webhook, completion.to_body(), at=completion.at))
    stores.events.publish(completion)
    owed.settle()


def publish_now(stores: Stores, owed: PendingEvent) -> bool:
    """Never in the way of who calls: what goes wrong here the sweep mends."""
    try:
        publish(stores, owed)
    except SluiceError:
        logger.warning("%s is still to be announced", owed.completion.event_id, exc_info=True)
        return False
    return True


def publish_import(stores: Stores, import_: Import) -> bool:
    """Whether nobody is owed anything now."""
    return import_.announce_due is None or publish_now(stores, _owed_by_import(stores, import_))


def publish_export(stores: Stores, export: Export) -> bool:
    """Whether nobody is owed anything now."""
    return export.announce_due is None or publish_now(stores, _owed_by_export(stores, export))


def publish_all_pending(stores: Stores, now: int) -> int:
    """Whatever ended a while ago and may not have been told; says how many are still owed then."""
    told = [publish_now(stores, owed) for owed in _each_owed(stores, now - OWED_S)]
    return told.count(False)


def delivery_of(webhook: Webhook, body: dict[str, Any], *, at: int) -> Delivery:
    """Due at once."""
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


def _each_owed(stores: Stores, before: int) -> Iterator[PendingEvent]:
    for import_ in stores.imports.each_owed(before):
        yield _owed_by_import(stores, import_)
    for export in stores.exports.each_owed(before):
        yield _owed_by_export(stores, export)


def _owed_by_import(stores: Stores, import_: Import) -> PendingEvent:
    return PendingEvent(event_of_import(import_), lambda: stores.imports.settle(import_))


def _owed_by_export(stores: Stores, export: Export) -> PendingEvent:
    return PendingEvent(event_of_export(export), lambda: stores.exports.settle(export))
