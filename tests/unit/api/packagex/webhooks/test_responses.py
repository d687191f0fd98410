"""Webhooks and deliveries as PackageX would show them: no secret but a new one, no value of a header."""

from typing import Any

import pytest

from chalicelib.api.packagex.webhooks.responses import render_delivery, render_webhook
from chalicelib.model.webhooks import AuthHeader, Delivery, DeliveryAttempt, DeliveryId, Webhook, WebhookId
from tests.world import OURS


def a_webhook() -> Webhook:
    header = AuthHeader(name="X-Key", value="secret value")
    return Webhook(
        webhook_id=WebhookId("whk_1"),
        tenant_id=OURS,
        url="https://x.example",
        secret="whsec_1",
        auth_header=header,
        created_at=1,
    )


@pytest.mark.parametrize(("with_secret", "secret"), [(True, "whsec_1"), (False, None)])
def test_the_secret_is_rendered_only_where_it_was_just_made(with_secret: bool, secret: str | None) -> None:
    assert render_webhook(a_webhook(), with_secret=with_secret)["_secret"] == secret


def test_a_header_is_rendered_by_name_only() -> None:
    rendered = render_webhook(a_webhook())

    assert rendered["auth_header"] == "X-Key"
    assert "secret value" not in str(rendered)


def test_a_delivery_shows_its_attempts() -> None:
    attempt = DeliveryAttempt(number=1, at=5, duration_ms=84, status_code=500, response="no")
    delivery = Delivery(
        delivery_id=DeliveryId("dlv_1"),
        webhook_id=WebhookId("whk_1"),
        tenant_id=OURS,
        event_id="evt_1",
        event_type="import.completed",
        body="{}",
        created_at=1,
        tries=(attempt,),
    )

    rendered: Any = render_delivery(delivery)

    assert [(one["number"], one["status_code"]) for one in rendered["attempts"]] == [(1, 500)]
