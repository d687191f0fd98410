"""What callers may know about themselves is theirs alone."""

from chalicelib.access.account import find_usage, list_keys
from chalicelib.model.ids import TenantId, sibling_of
from chalicelib.model.imports import Status
from chalicelib.model.retention import DAY_S, day_of
from tests.world import NOW, OURS, THEIRS, World


def test_the_keys_of_the_tenant_and_of_its_test_data_are_listed() -> None:
    world = World()
    world.key("px_1", key_id="key_1")
    world.key("sk_test_1", key_id="key_2", tenant_id=sibling_of(OURS), test_of=OURS)
    world.key("px_theirs", key_id="key_3", tenant_id=THEIRS)

    assert {one.key_id for one in list_keys(world.context, world.caller())} == {"key_1", "key_2"}


def test_usage_begins_with_a_day() -> None:
    world = World()
    begin = day_of(NOW) * DAY_S
    for number, at in enumerate([NOW, begin, begin - 1, begin - DAY_S - 1]):
        world.add_import(Status.FAILED, f"imp_{number}", created_at=at)
    world.add_import(Status.FAILED, "imp_theirs", tenant_id=TenantId(THEIRS))

    today, lately = (find_usage(world.context, world.caller(), days) for days in (1, 2))

    assert (today.since, today.imports, today.exports) == (begin, {Status.FAILED: 2}, {})
    assert (lately.since, lately.imports) == (begin - DAY_S, {Status.FAILED: 3})
