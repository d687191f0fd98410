"""When a webhook is left alone, and when it is tried again."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.webhooks import DeliveryAttempt, Webhook, WebhookId, WebhookStatus
from chalicelib.webhooks.circuit_breaker import health_after, is_half_open, is_open
from tests.world import NOW, OURS

CLOSED = Webhook(webhook_id=WebhookId("whk_1"), tenant_id=OURS, url="https://example.com/", secret="s")
FAILURES = DEFAULT_LIMITS.webhook_failures


def after(webhook: Webhook, *, at: int = NOW, ended: int | None = None, succeeds: bool = False) -> Webhook:
    """The webhook after an attempt that began at a time and ended then or later."""
    done = DeliveryAttempt(number=1, at=at, duration_ms=9, status_code=200 if succeeds else 500)
    changes: dict[str, Any] = health_after(webhook, done, ended or at, DEFAULT_LIMITS)
    return replace(webhook, **changes)


def opened() -> Webhook:
    webhook = CLOSED
    for _ in range(FAILURES):
        webhook = after(webhook)
    return webhook


def test_a_circuit_stays_closed_until_enough_attempts_in_a_row_have_failed() -> None:
    webhook = CLOSED
    for number in range(1, FAILURES):
        webhook = after(webhook)
        assert (webhook.failures, webhook.retry_at) == (number, None)

    assert after(webhook).retry_at == NOW + DEFAULT_LIMITS.webhook_retry_first_s


def test_one_success_begins_the_count_anew() -> None:
    webhook = after(after(after(CLOSED)), succeeds=True)

    assert webhook == CLOSED
    assert health_after(CLOSED, DeliveryAttempt(number=1, at=NOW, duration_ms=1, status_code=200), NOW, Limits()) == {}


def test_an_open_circuit_becomes_half_open_when_its_pause_is_over() -> None:
    retry_at = opened().retry_at or 0

    assert [is_open(opened(), at) for at in (NOW, retry_at - 1, retry_at)] == [True, True, False]
    assert [is_half_open(opened(), at) for at in (NOW, retry_at - 1, retry_at)] == [False, False, True]
    assert not is_open(CLOSED, NOW)
    assert not is_half_open(CLOSED, NOW)


def test_each_probe_that_fails_makes_the_pause_longer_up_to_the_longest() -> None:
    webhook, pauses = opened(), []
    for _ in range(7):
        pauses.append(webhook.retry_wait_s)
        webhook = after(webhook, at=webhook.retry_at or 0)

    assert pauses == [10, 30, 90, 270, 810, 900, 900]


def test_a_probe_that_succeeds_closes_the_circuit_and_says_when() -> None:
    webhook = after(opened(), at=NOW + 10, ended=NOW + 12, succeeds=True)

    assert webhook == replace(CLOSED, recovered_at=NOW + 12)


def test_an_attempt_that_was_under_way_when_the_circuit_opened_does_not_lengthen_its_pause() -> None:
    assert after(opened(), at=NOW + 9, ended=NOW + 14) == opened()


def test_any_success_closes_an_open_circuit() -> None:
    """Its owner has tried it, or the receiver came back for an attempt that was under way."""
    assert after(opened(), at=NOW + 1, succeeds=True).retry_at is None


@pytest.mark.parametrize(("failing_s", "paused"), [(DEFAULT_LIMITS.webhook_failing_s, True), (3600, False)])
def test_what_fails_for_days_is_paused_whatever_its_circuit(failing_s: int, paused: bool) -> None:
    webhook = replace(opened(), failing_since=NOW - failing_s)

    later = after(webhook, at=webhook.retry_at or 0)

    assert (later.status is WebhookStatus.PAUSED, later.retry_at is None) == (paused, paused)
