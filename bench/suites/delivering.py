"""How long the events of one tenant take to their receivers beside a tenant whose receivers are dead: a model."""

from bench.figures import Figure, at_most
from bench.race import Report
from bench.sizes import Size
from bench.webhook_load import LoadOfTenant, Observed, WebhookLoad
from chalicelib.model.ids import TenantId

ALIVE = LoadOfTenant(tenant_id=TenantId("alive"), webhooks=1, imports_per_minute=30, answer_s=0.1)
DEAD = LoadOfTenant(tenant_id=TenantId("dead"), webhooks=20, imports_per_minute=3_000, answer_s=None)
SLOW = LoadOfTenant(tenant_id=TenantId("slow"), webhooks=20, imports_per_minute=3_000, answer_s=4.9)
TARGET_S = 5
UNDER_WAY = 3
"""Events that may be on their way when the model ends."""


def measure_deliveries(size: Size, report: Report) -> list[Figure]:
    minutes = {"small": 1, "usual": 3, "full": 10}[size.name]
    report(f"{minutes} minutes of one tenant's events")
    alone = WebhookLoad([ALIVE]).run(minutes * 60)
    figures = []
    for other in (DEAD, SLOW):
        report(f"{minutes} minutes of them beside a tenant with 20 {other.tenant_id} receivers")
        figures.append(figure_of(WebhookLoad([ALIVE, other]).run(minutes * 60), alone, other, minutes))
    return figures


def figure_of(observed: Observed, alone: Observed, other: LoadOfTenant, minutes: int) -> Figure:
    value = p95_s(observed)
    load = f"{other.webhooks} {other.tenant_id} receivers and {other.imports_per_minute:,.0f} imports a minute"
    return Figure(
        name=f"from event to receiver, p95, beside {load}",
        ours=f"{value:.2f} s",
        peer=f"alone: {p95_s(alone):.2f} s",
        value=value,
        unit="s",
        target=at_most(TARGET_S, "s"),
        counted=f"model, {minutes} {'minute' if minutes == 1 else 'minutes'}",
    )


def p95_s(observed: Observed) -> float:
    """Events that were not received in time count as longer than all others."""
    delays = sorted(observed.delays_s[ALIVE.tenant_id])
    missing = observed.published[ALIVE.tenant_id] - len(delays)
    delays += [float("inf")] * max(0, missing - UNDER_WAY)
    return delays[int(len(delays) * 0.95)]
