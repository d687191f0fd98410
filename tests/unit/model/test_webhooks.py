"""What a webhook hears, and with which secrets it signs."""

from dataclasses import replace

import pytest

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import DeliveryAttempt, Webhook, WebhookId, WebhookStatus, delivery_id_of

WEBHOOK = Webhook(webhook_id=WebhookId("whk_1"), tenant_id=TenantId("t"), url="https://x.example", secret="new")


@pytest.mark.parametrize(
    ("webhook", "hears"),
    [
        pytest.param(WEBHOOK, True, id="all events"),
        pytest.param(replace(WEBHOOK, events=("import.completed",)), True, id="this event"),
        pytest.param(replace(WEBHOOK, events=("import.failed",)), False, id="another event"),
        pytest.param(replace(WEBHOOK, status=WebhookStatus.PAUSED), False, id="paused"),
    ],
)
def test_a_webhook_hears_what_it_listens_to(webhook: Webhook, hears: bool) -> None:
    assert webhook.hears("import.completed") is hears


def test_the_old_secret_signs_together_with_the_new_one_for_a_while() -> None:
    rotated = replace(WEBHOOK, old_secret="old", old_secret_until=100)

    assert rotated.secrets_at(99) == ("new", "old")
    assert rotated.secrets_at(100) == ("new",)


@pytest.mark.parametrize(("status_code", "is_success"), [(200, True), (299, True), (302, False), (None, False)])
def test_only_a_status_of_success_delivers(status_code: int | None, is_success: bool) -> None:
    assert DeliveryAttempt(number=1, at=0, duration_ms=5, status_code=status_code).is_success is is_success


def test_ids_of_deliveries_sort_as_their_times() -> None:
    earlier, later = (delivery_id_of(WEBHOOK.webhook_id, "evt_1", at) for at in (1_000, 2_000))

    assert earlier < later
    assert earlier == delivery_id_of(WEBHOOK.webhook_id, "evt_1", 1_000)
