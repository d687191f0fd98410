"""The model of deliveries under load, and what it says of a service that no tenant can starve."""

from dataclasses import replace

from bench.suites.delivering import ALIVE, DEAD, figure_of, p95_s
from bench.webhook_load import Observed, WebhookLoad
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits

LESS_DEAD = replace(DEAD, imports_per_minute=300)


def test_a_tenant_hears_in_time_while_the_receivers_of_another_are_dead() -> None:
    observed = WebhookLoad([ALIVE, LESS_DEAD]).run(60)

    assert observed.published[DEAD.tenant_id] > 250
    assert len(observed.delays_s[ALIVE.tenant_id]) >= observed.published[ALIVE.tenant_id] - 1
    assert max(observed.delays_s[ALIVE.tenant_id]) < 5


def test_dead_receivers_cost_few_calls_however_much_waits_for_them() -> None:
    """What is tried is bound by the pauses, what is read by what is tried, and none of it by what waits."""
    few, many = (WebhookLoad([replace(DEAD, imports_per_minute=one)]).run(60).calls for one in (60, 600))

    for name in ("webhooks.take", "deliveries.list_due", "deliveries.replace", "webhooks.let_go"):
        assert many[name] <= 2 * few[name], name


def test_no_receiver_has_more_at_once_than_it_may() -> None:
    observed = WebhookLoad([ALIVE, replace(LESS_DEAD, webhooks=1, answer_s=1)]).run(30)

    assert max(observed.most_at_once.values()) == DEFAULT_LIMITS.webhook_endpoint_sends


def test_a_service_with_few_senders_and_no_pauses_keeps_others_waiting() -> None:
    """A test of the model: it sees a tenant that is starved."""
    observed = WebhookLoad([ALIVE, LESS_DEAD], Limits(webhook_sends=1, webhook_failures=10**6), functions=1).run(60)

    assert p95_s(observed) > 2


def test_events_that_were_not_received_count_as_late() -> None:
    observed = Observed()
    observed.published[ALIVE.tenant_id] = 100
    observed.delays_s[ALIVE.tenant_id] = [0.5] * 80

    assert figure_of(observed, observed, DEAD, 1).result == "missed by inf%"


def test_a_tenant_alone_waits_for_the_bus_and_its_receiver() -> None:
    observed = WebhookLoad([ALIVE]).run(60)

    assert 0.6 <= p95_s(observed) < 0.8
    assert set(observed.delays_s) == {TenantId("alive")}
