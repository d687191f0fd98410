"""Webhooks and their deliveries as PackageX would show them. A secret is shown once, a header's value never."""

from dataclasses import asdict

from chalicelib.api.http.response import JsonObject
from chalicelib.api.packagex.webhooks.schemas import PackageXEventPage
from chalicelib.model.webhooks import Delivery, Webhook
from chalicelib.webhooks.event_log import EventPage


def render_webhook(webhook: Webhook, *, with_secret: bool = False) -> JsonObject:
    """Returns a webhook. `_secret` is null unless it was just made."""
    return {
        "object": "webhook",
        "id": webhook.webhook_id,
        "organization_id": webhook.tenant_id,
        "name": webhook.name,
        "url": webhook.url,
        "events": list(webhook.events),
        "auth_header": webhook.auth_header.name if webhook.auth_header else None,
        "status": webhook.status.value,
        "reason": webhook.reason,
        "failing_since": webhook.failing_since,
        "retry_at": webhook.retry_at,
        "old_secret_until": webhook.old_secret_until,
        "created_by": webhook.created_by,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
        "_secret": webhook.secret if with_secret else None,
    }


def render_delivery(delivery: Delivery) -> JsonObject:
    """Returns a delivery with its latest attempts; `next_try_at` is null once nothing more will be tried."""
    return {
        "object": "webhook_delivery",
        "id": delivery.delivery_id,
        "webhook_id": delivery.webhook_id,
        "event_id": delivery.event_id,
        "event": delivery.event_type,
        "status": delivery.status.value,
        "attempts": [asdict(one) for one in delivery.tries],
        "next_try_at": delivery.next_try_at,
        "created_at": delivery.created_at,
    }


def render_event_page(limit: int, page: EventPage) -> PackageXEventPage:
    """Returns where a page of events stands; unlike that of a list, its cursor always leads on."""
    return {"limit": limit, "page": None, "has_more": page.has_more, "total_count": None, "cursor": page.cursor}
