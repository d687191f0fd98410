"""How many webhooks and schedules a tenant has is exact, however many are added and deleted at once."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Barrier

import pytest

from chalicelib.model.exports import ExportSelection
from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.schedules import ExportTemplate, Schedule
from chalicelib.model.webhooks import Webhook, WebhookId
from chalicelib.stores.interfaces import Counted, Stores

LIMIT = 3
CALLERS = 8


def add_webhook(stores: Stores, tenant: TenantId, name: str) -> Counted:
    webhook = Webhook(webhook_id=WebhookId(f"whk_{name}"), tenant_id=tenant, url="https://example.com/", secret="whsec")
    return stores.webhooks.add(webhook, limit=LIMIT)


def add_schedule(stores: Stores, tenant: TenantId, name: str) -> Counted:
    template = ExportTemplate(dialect="packagex", resource="contacts", selection=ExportSelection(), renderings=())
    schedule = Schedule(
        schedule_id=ScheduleId(f"sch_{name}"),
        tenant_id=tenant,
        expression="rate(1 hour)",
        time_zone="UTC",
        template=template,
    )
    return stores.schedules.add(schedule, limit=LIMIT)


@dataclass(frozen=True)
class Kind:
    """What is counted: webhooks or schedules."""

    add: Callable[[Stores, TenantId, str], Counted]
    delete: Callable[[Stores, TenantId, str], object]
    length: Callable[[Stores, TenantId], int]


KINDS = {
    "webhooks": Kind(
        add_webhook,
        lambda stores, tenant, name: stores.webhooks.delete(tenant, WebhookId(f"whk_{name}")),
        lambda stores, tenant: len(stores.webhooks.list_webhooks(tenant)),
    ),
    "schedules": Kind(
        add_schedule,
        lambda stores, tenant, name: stores.schedules.delete(tenant, ScheduleId(f"sch_{name}")),
        lambda stores, tenant: stores.schedules.list_page(tenant, page=1, per_page=99).total,
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def test_no_more_are_added_than_the_limit(stores: Stores, tenant: TenantId, kind: Kind) -> None:
    outcomes = [kind.add(stores, tenant, name) for name in "abcd"]

    assert outcomes == [Counted.DONE] * LIMIT + [Counted.FULL]
    assert kind.length(stores, tenant) == LIMIT
    assert kind.add(stores, TenantId("another tenant"), str(tenant)) is Counted.DONE


def test_an_id_that_is_taken_is_told_also_at_the_limit(stores: Stores, tenant: TenantId, kind: Kind) -> None:
    before = [kind.add(stores, tenant, name) for name in "aab"]
    at_limit = [kind.add(stores, tenant, name) for name in "cad"]

    assert before == [Counted.DONE, Counted.REFUSED, Counted.DONE]
    assert at_limit == [Counted.DONE, Counted.REFUSED, Counted.FULL]


def test_a_deletion_makes_room_for_one_however_often_it_is_asked_for(
    stores: Stores, tenant: TenantId, kind: Kind
) -> None:
    for name in "abc":
        kind.add(stores, tenant, name)

    for name in ("a", "a", "a", "never there"):
        kind.delete(stores, tenant, name)

    assert [kind.add(stores, tenant, name) for name in "de"] == [Counted.DONE, Counted.FULL]
    assert kind.length(stores, tenant) == LIMIT


@pytest.mark.parametrize("round_", range(3))
def test_of_many_that_are_added_at_once_as_many_as_allowed_are(
    stores: Stores, tenant: TenantId, kind: Kind, round_: int
) -> None:
    outcomes = at_once([partial(kind.add, stores, tenant, name) for name in "abcdefgh"])

    assert Counter(outcomes) == {Counted.DONE: LIMIT, Counted.FULL: CALLERS - LIMIT}
    assert kind.length(stores, tenant) == LIMIT


@pytest.mark.parametrize("round_", range(3))
def test_deletions_and_additions_at_once_leave_the_count_right(
    stores: Stores, tenant: TenantId, kind: Kind, round_: int
) -> None:
    for name in "abc":
        kind.add(stores, tenant, name)

    at_once(
        [partial(kind.delete, stores, tenant, name) for name in "aabb"]
        + [partial(kind.add, stores, tenant, name) for name in "defg"]
    )
    filled = [kind.add(stores, tenant, f"later {number}") for number in range(LIMIT)]

    assert kind.length(stores, tenant) == LIMIT
    assert filled[-1] is Counted.FULL


def at_once(doing: Sequence[Callable[[], object]]) -> list[object]:
    """Calls all of them in threads that begin together."""
    together = Barrier(len(doing))

    def call(one: Callable[[], object]) -> object:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(doing)) as threads:
        return list(threads.map(call, doing))
