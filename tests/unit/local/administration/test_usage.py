from chalicelib.model.api_keys import ApiKey, KeyKind
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Stats, Status
from chalicelib.model.rate_limits import RateLimit
from local.administration.usage import HEADER, lines_of
from tests.world import NOW, OURS, THEIRS, World, an_import


def a_world() -> World:
    world = World()
    world.stores.imports.add(an_import(Status.COMPLETED, "imp_1", ended_at=NOW, stats=Stats(total=7, created=7)))
    world.stores.imports.add(an_import(Status.FAILED, "imp_2", ended_at=NOW - 40 * 86_400, stats=Stats(total=2)))
    key = ApiKey(digest="d", tenant_id=OURS, scopes=frozenset(), key_id="key_1", kind=KeyKind.PX)
    world.stores.keys.add(key)
    for _ in range(3):
        world.stores.request_counter.count("d", RateLimit(3_000, 60), NOW)
    return world


def test_a_month_has_a_line_for_each_tenant_that_has_used_anything() -> None:
    lines = [*lines_of(a_world().stores, [OURS, TenantId(THEIRS)], "2023-11")]

    assert lines == [HEADER, f"{OURS},2023-11,3,1,7,0,0,0,0,0,0"]


def test_a_tenant_has_a_line_for_each_of_its_months() -> None:
    _, *lines = lines_of(a_world().stores, [OURS], None)

    assert [line.split(",")[1:5] for line in lines] == [["2023-10", "0", "1", "2"], ["2023-11", "3", "1", "7"]]
    assert all(line.count(",") == HEADER.count(",") for line in lines)
