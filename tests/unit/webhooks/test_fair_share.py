"""Whose delivery is next."""

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Endpoint, WebhookId
from chalicelib.webhooks.fair_share import FairShare


def endpoint(name: str) -> Endpoint:
    """The endpoint `a1` is the first of tenant a."""
    return Endpoint(TenantId(name[0]), WebhookId(name[1:]))


def sharing(*names: str, tenant_sends: int = 100) -> FairShare:
    share = FairShare(tenant_sends=tenant_sends)
    for name in names:
        share.add(endpoint(name))
    return share


def each_next(share: FairShare, times: int, *, but: str = "") -> list[str]:
    found = [share.begin_next(lambda one: one.webhook_id not in but) for _ in range(times)]
    return [f"{one.tenant_id}{one.webhook_id}" if one else "-" for one in found]


def test_tenants_come_one_after_the_other_and_so_do_their_endpoints() -> None:
    share = sharing("b1", "b2", "b3", "a1")

    assert each_next(share, 8) == ["b1", "a1", "b2", "a1", "b3", "a1", "b1", "a1"]


def test_a_tenant_that_comes_later_waits_for_one_of_each_other() -> None:
    share = sharing("b1", "b2", "c1")
    each_next(share, 5)

    share.add(endpoint("a1"))

    assert "a1" in each_next(share, 3)


def test_a_tenant_begins_no_more_than_its_share() -> None:
    share = sharing("b1", "b2", "a1", tenant_sends=2)

    assert each_next(share, 6) == ["b1", "a1", "b2", "a1", "-", "-"]
    share.end(endpoint("b1"))
    assert each_next(share, 2) == ["b1", "-"]


def test_an_endpoint_that_has_to_wait_is_passed_over() -> None:
    share = sharing("b1", "b2", "a1")

    assert each_next(share, 3, but="1") == ["b2", "b2", "b2"]


def test_what_was_removed_is_served_no_more() -> None:
    share = sharing("b1", "b2", "a1")

    share.remove(endpoint("b1"))
    share.remove(endpoint("a1"))

    assert each_next(share, 2) == ["b2", "b2"]
    assert (endpoint("b1") in share, endpoint("b2") in share, len(share)) == (False, True, 1)


def test_what_is_added_twice_is_there_once() -> None:
    assert len(sharing("a1", "a1")) == 1
