"""The routes of webhooks, in the envelope of PackageX. Each view parses, calls the service, and renders."""

from http import HTTPStatus

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.response import JsonObject
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer, render_cursor_page, render_page
from chalicelib.api.packagex.webhooks.requests import (
    PackageXDeliveriesQuery,
    PackageXEventsQuery,
    PackageXWebhookRequest,
    PackageXWebhookUpdate,
)
from chalicelib.api.packagex.webhooks.responses import render_delivery, render_event_page, render_webhook
from chalicelib.model.api_keys import Scope
from chalicelib.model.webhooks import DeliveryId, WebhookId
from chalicelib.webhooks import event_log, service


def create_webhook(call: Call) -> PackageXAnswer:
    """Creates a webhook and answers with it and, this once, with its secret."""
    call.query(NoParameters)
    webhook = service.create_webhook(call.context, call.caller, call.body(PackageXWebhookRequest).to_request())
    return PackageXAnswer(
        message="Webhook created. Its _secret is shown this once.",
        data=render_webhook(webhook, with_secret=True),
        status=HTTPStatus.CREATED,
        location=f"/v1/webhooks/{webhook.webhook_id}",
    )


def list_webhooks(call: Call) -> PackageXAnswer:
    """Answers with all webhooks on one page, oldest first."""
    call.query(NoParameters)
    data = [render_webhook(one) for one in service.list_webhooks(call.context, call.caller)]
    page = render_page(1, call.context.limits.webhooks, len(data))
    return PackageXAnswer(message="Webhooks retrieved.", data=data, pagination=page)


def show_webhook(call: Call) -> PackageXAnswer:
    """Answers with one webhook."""
    call.query(NoParameters)
    webhook = service.get_webhook(call.context, call.caller, _webhook_id(call))
    return PackageXAnswer(message="Webhook retrieved.", data=render_webhook(webhook))


def update_webhook(call: Call) -> PackageXAnswer:
    """Changes what is given of a webhook; a new secret is shown this once."""
    call.query(NoParameters)
    body = call.body(PackageXWebhookUpdate)
    values = body.to_values()
    webhook = service.change_webhook(call.context, call.caller, _webhook_id(call), values)
    if body.rotate_secret:
        webhook = service.rotate_secret(call.context, call.caller, _webhook_id(call))
    return PackageXAnswer(message="Webhook updated.", data=render_webhook(webhook, with_secret=body.rotate_secret))


def delete_webhook(call: Call) -> PackageXAnswer:
    """Deletes a webhook."""
    call.query(NoParameters)
    service.delete_webhook(call.context, call.caller, _webhook_id(call))
    return PackageXAnswer(
        message="Webhook deleted.", data={"object": "webhook", "id": _webhook_id(call), "deleted": True}
    )


def ping_webhook(call: Call) -> PackageXAnswer:
    """Sends `webhook.ping` at once and answers with the delivery."""
    call.query(NoParameters)
    delivery = service.ping(call.context, call.caller, _webhook_id(call))
    return PackageXAnswer(message="Webhook pinged.", data=render_delivery(delivery), status=HTTPStatus.CREATED)


def list_deliveries(call: Call) -> PackageXAnswer:
    """Answers with a page of a webhook's deliveries, newest first."""
    query = call.query(PackageXDeliveriesQuery)
    page = service.list_deliveries(
        call.context, call.caller, _webhook_id(call), limit=query.limit, cursor=query.cursor or None
    )
    data: list[JsonObject] = [render_delivery(one) for one in page.deliveries]
    return PackageXAnswer(
        message="Deliveries retrieved.", data=data, pagination=render_cursor_page(query.limit, page.cursor)
    )


def redeliver(call: Call) -> PackageXAnswer:
    """Sends an event again at once and answers with the delivery."""
    call.query(NoParameters)
    delivery_id = DeliveryId(call.path["delivery_id"])
    delivery = service.redeliver(call.context, call.caller, _webhook_id(call), delivery_id)
    return PackageXAnswer(message="Delivery tried again.", data=render_delivery(delivery))


def list_events(call: Call) -> PackageXAnswer:
    """Answers with a page of what was published, in order; its cursor leads on even where nothing is there yet."""
    query = call.query(PackageXEventsQuery)
    page = event_log.list_events(call.context, call.caller, after=query.after or None, limit=query.limit)
    return PackageXAnswer(
        message="Events retrieved.", data=page.events, pagination=render_event_page(query.limit, page)
    )


_ONE = "/v1/webhooks/{webhook_id}"

# Where a secret may be in the answer, no answer is kept for a repeat.
ROUTES = (
    Route("POST", "/v1/webhooks", Scope.WEBHOOKS_WRITE, create_webhook, takes_idempotency_key=False),
    Route("GET", "/v1/webhooks", Scope.WEBHOOKS_READ, list_webhooks),
    Route("GET", _ONE, Scope.WEBHOOKS_READ, show_webhook),
    Route("POST", _ONE, Scope.WEBHOOKS_WRITE, update_webhook, takes_idempotency_key=False),
    Route("DELETE", _ONE, Scope.WEBHOOKS_WRITE, delete_webhook),
    Route("POST", f"{_ONE}/ping", Scope.WEBHOOKS_WRITE, ping_webhook),
    Route("GET", f"{_ONE}/deliveries", Scope.WEBHOOKS_READ, list_deliveries),
    Route("POST", f"{_ONE}/deliveries/{{delivery_id}}", Scope.WEBHOOKS_WRITE, redeliver),
    Route("GET", "/v1/events", Scope.WEBHOOKS_READ, list_events),
)


def _webhook_id(call: Call) -> WebhookId:
    return WebhookId(call.path["webhook_id"])
