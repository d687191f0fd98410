"""What webhooks tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import (
    Callback,
    FeatureDescription,
    Json,
    Operation,
    PathParameter,
)
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.envelope import render_cursor_page, render_page
from chalicelib.api.packagex.imports.openapi_examples import IMPORT_ID
from chalicelib.api.packagex.openapi_examples import created, enveloped, success
from chalicelib.api.packagex.webhooks import requests, routes, schemas
from chalicelib.api.packagex.webhooks.responses import render_delivery, render_event_page, render_webhook
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.model.events import JobKind, LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import (
    AuthHeader,
    Delivery,
    DeliveryAttempt,
    DeliveryId,
    DeliveryStatus,
    Webhook,
    WebhookId,
)
from chalicelib.webhooks.event_log import EventPage

_PATH = "/v1/webhooks"
_WEBHOOK = Webhook(
    webhook_id=WebhookId("whk_2f6b9d1c4x7z"),
    tenant_id=TenantId("a81d22b5-d522-46e4-ab01-29565240c648"),
    url="https://hooks.example.com/sluice",
    secret="whsec_…",  # noqa: S106 - a sign that there is one
    events=("import.completed", "import.failed"),
    auth_header=AuthHeader(name="X-Receiver", value="sluice"),
    created_by="key_1f8e",
    created_at=AT,
    updated_at=AT,
)
_DELIVERY = Delivery(
    delivery_id=DeliveryId("dlv_6924818a0v3x6z9b1d4f"),
    webhook_id=_WEBHOOK.webhook_id,
    tenant_id=_WEBHOOK.tenant_id,
    event_id="evt_8r5t2w7m",
    event_type="import.completed",
    body="{}",
    created_at=AT,
    status=DeliveryStatus.DELIVERED,
    tries=(DeliveryAttempt(number=1, at=AT, duration_ms=84, status_code=200, response="ok"),),
)
_ONE = f"{_PATH}/{_WEBHOOK.webhook_id}"

_PATH_PARAMETERS = {
    "webhook_id": PathParameter("The webhook.", _WEBHOOK.webhook_id),
    "delivery_id": PathParameter("The delivery.", _DELIVERY.delivery_id),
}

_SAMPLES = (
    NotFound("webhook_not_found", "There is no webhook 'whk_1'."),
    NotFound("delivery_not_found", "There is no delivery 'dlv_1'."),
    Refused("unsafe_url", "Use https.", param="url"),
    Conflict("too_many_webhooks", "There are 20 webhooks already; delete one first."),
    Conflict("webhook_paused", 'The webhook is paused; set its status to "active" first.'),
    Conflict("delivery_under_way", "The delivery is being sent right now."),
)

EVENT = LifecycleEvent(
    kind=JobKind.IMPORT,
    job_id=IMPORT_ID,
    tenant_id=_WEBHOOK.tenant_id,
    attempt=1,
    status="completed",
    at=AT + 4,
    resource="customers",
    stats={"total": 100, "created": 90, "updated": 5, "skipped": 2, "failed": 3},
    created_at=AT,
    started_at=AT + 1,
)

EXPORT_EVENT = replace(
    EVENT,
    kind=JobKind.EXPORT,
    job_id="exp_7c2k9m4x1z5v8b3n6q0w",
    stats={"total": 120},
)

_CALLBACKS = {
    "completion": Callback(
        url="{$request.body#/url}",
        summary="An import or an export has ended",
        text="A POST to every webhook that hears it, signed with its secret.",
        schema=schemas.PackageXWebhookEvent,
        examples={"import.completed": EVENT.to_body(), "export.completed": EXPORT_EVENT.to_body()},
    )
}


def _one(text: str, data: Any, path: str = _ONE, status: HTTPStatus = HTTPStatus.OK) -> Json:
    return enveloped(text, data, path, int(status))


_SECRET = render_webhook(_WEBHOOK, with_secret=True)
_DELIVERIES = enveloped(
    "Deliveries retrieved.",
    [render_delivery(_DELIVERY)],
    f"{_ONE}/deliveries",
    pagination=render_cursor_page(25, None),
)
_EVENTS = enveloped(
    "Events retrieved.",
    [EVENT.to_body(), EXPORT_EVENT.to_body()],
    "/v1/events",
    pagination=render_event_page(25, EventPage((), "WyI3YzJrOW00eCIsNDJd", has_more=False)),
)
_DELETED = {"object": "webhook", "id": _WEBHOOK.webhook_id, "deleted": True}

_OPERATIONS: Mapping[Any, Operation] = {
    routes.create_webhook: Operation(
        summary="Create a webhook",
        text="The answer shows the secret that signs its events, this once.",
        body=requests.PackageXWebhookRequest,
        bodies={"two events": {"url": _WEBHOOK.url, "events": list(_WEBHOOK.events)}},
        successes=created(
            schemas.PackageXWebhookAnswer,
            _one("Webhook created. Its _secret is shown this once.", _SECRET, _PATH, HTTPStatus.CREATED),
        ),
        refusals=("unsafe_url", "too_many_webhooks"),
        callbacks=_CALLBACKS,
    ),
    routes.list_webhooks: Operation(
        summary="List webhooks",
        text="All of them on one page, oldest first.",
        successes=success(
            schemas.PackageXWebhooksAnswer,
            enveloped("Webhooks retrieved.", [render_webhook(_WEBHOOK)], _PATH, pagination=render_page(1, 20, 1)),
        ),
    ),
    routes.show_webhook: Operation(
        summary="Show a webhook",
        text="Without its secret; `reason` says why the service paused it.",
        successes=success(schemas.PackageXWebhookAnswer, _one("Webhook retrieved.", render_webhook(_WEBHOOK))),
        refusals=("webhook_not_found",),
    ),
    routes.update_webhook: Operation(
        summary="Change a webhook",
        text="Whatever is given changes. `rotate_secret` makes a new secret; for a day it signs with both.",
        body=requests.PackageXWebhookUpdate,
        bodies={"pause": {"status": "paused"}, "new secret": {"rotate_secret": True}},
        successes=success(schemas.PackageXWebhookAnswer, _one("Webhook updated.", render_webhook(_WEBHOOK))),
        refusals=("webhook_not_found", "unsafe_url"),
    ),
    routes.delete_webhook: Operation(
        summary="Delete a webhook",
        text="Nothing more is sent to it.",
        successes=success(schemas.PackageXWebhookDeletionAnswer, _one("Webhook deleted.", _DELETED)),
        refusals=("webhook_not_found",),
    ),
    routes.ping_webhook: Operation(
        summary="Try a webhook",
        text="Sends `webhook.ping` at once and tells how it went.",
        successes=success(
            schemas.PackageXDeliveryAnswer,
            _one("Webhook pinged.", render_delivery(_DELIVERY), f"{_ONE}/ping", HTTPStatus.CREATED),
            HTTPStatus.CREATED,
        ),
        refusals=("webhook_not_found", "webhook_paused"),
    ),
    routes.list_deliveries: Operation(
        summary="List deliveries of a webhook",
        text="The log of 30 days, newest first.",
        query=requests.PackageXDeliveriesQuery,
        successes=success(schemas.PackageXDeliveriesAnswer, _DELIVERIES),
        refusals=("webhook_not_found", "invalid_cursor"),
    ),
    routes.redeliver: Operation(
        summary="Deliver again",
        text="At once, the same event under the same id.",
        successes=success(
            schemas.PackageXDeliveryAnswer,
            _one("Delivery tried again.", render_delivery(_DELIVERY), f"{_ONE}/deliveries/{_DELIVERY.delivery_id}"),
        ),
        refusals=("webhook_not_found", "delivery_not_found", "webhook_paused", "delivery_under_way"),
    ),
    routes.list_events: Operation(
        summary="Follow events",
        text="All that was published within seven days, in order, each as webhooks get it. The cursor always leads on.",
        query=requests.PackageXEventsQuery,
        successes=success(schemas.PackageXEventsAnswer, _EVENTS),
        refusals=("invalid_cursor",),
    ),
}

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters=_PATH_PARAMETERS,
    samples=_SAMPLES,
)
"""What webhooks add to the description of PackageX."""
