"""A receiver that fails several times in a row is left alone for a while: the circuit breaker of each webhook.

Comes in: a webhook as it is stored, and how an attempt ended. Goes out: the fields to change. Closed, everything is
sent; after `webhook_failures` failures in a row it is open, and deliveries wait without being tried; at `retry_at` it
is half open, and one delivery is sent as a probe. Its success closes the circuit, its failure opens it three times as
long. A webhook to which nothing could be delivered for `webhook_failing_s` is paused, whatever its circuit does.
"""

from chalicelib.model.limits import Limits
from chalicelib.model.webhooks import DeliveryAttempt, Webhook, WebhookStatus

GROWTH = 3
"""By how much each wait for a probe is longer than the one before."""

HEALTHY: dict[str, object] = {"failures": 0, "failing_since": None, "retry_at": None, "retry_wait_s": None}
"""What is stored of a webhook that works, or whose owner has changed where it leads."""


def is_open(webhook: Webhook, now: int) -> bool:
    """Returns whether nothing may be sent to the webhook for now."""
    return webhook.retry_at is not None and now < webhook.retry_at


def is_half_open(webhook: Webhook, now: int) -> bool:
    """Returns whether one delivery may be sent to the webhook, as a probe."""
    return webhook.retry_at is not None and now >= webhook.retry_at


def health_after(webhook: Webhook, done: DeliveryAttempt, now: int, limits: Limits) -> dict[str, object]:
    """Returns what an attempt changes of the webhook, by field; empty where it changes nothing."""
    if done.is_success:
        return _after_success(webhook, now)
    since = webhook.failing_since if webhook.failing_since is not None else done.at
    return {"failing_since": since, **_after_failure(webhook, done, now, limits), **_paused(since, done, limits)}


def _after_success(webhook: Webhook, now: int) -> dict[str, object]:
    if webhook.failures == 0 and webhook.failing_since is None and webhook.retry_at is None:
        return {}
    return HEALTHY | ({} if webhook.retry_at is None else {"recovered_at": now})


def _after_failure(webhook: Webhook, done: DeliveryAttempt, now: int, limits: Limits) -> dict[str, object]:
    """An attempt that had begun before the pause was over says nothing about the time after it."""
    if webhook.retry_at is not None and done.at < webhook.retry_at:
        return {}
    failures = webhook.failures + 1
    if failures < limits.webhook_failures:
        return {"failures": failures}
    if webhook.retry_wait_s is None:
        wait_s = limits.webhook_retry_first_s
    else:
        wait_s = min(GROWTH * webhook.retry_wait_s, limits.webhook_retry_most_s)
    return {"failures": failures, "retry_at": now + wait_s, "retry_wait_s": wait_s}


def _paused(since: int, done: DeliveryAttempt, limits: Limits) -> dict[str, object]:
    if done.at - since < limits.webhook_failing_s:
        return {}
    reason = f"failing: no delivery succeeded for {(done.at - since) // 3600} hours."
    paused = {"status": WebhookStatus.PAUSED, "reason": reason, "updated_at": done.at}
    return {**paused, "retry_at": None, "retry_wait_s": None}
