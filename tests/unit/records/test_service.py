"""Records, looked at."""

import pytest

from chalicelib.errors import NotFound, Refused
from chalicelib.model.ids import RecordId
from chalicelib.model.limits import Limits
from chalicelib.records.service import LOOKED_AT_ONCE, RecordQuery, get_listed_resource, get_record, list_records
from tests.world import THEIRS, World

CONTACTS = get_listed_resource("contacts")


def listed(world: World, **query: object) -> tuple[set[str], str | None]:
    asked = RecordQuery(**({"limit": 100} | query))  # type: ignore[arg-type]
    page = list_records(world.context, world.caller(), CONTACTS, asked)
    return {record.record_id for record in page.records}, page.cursor


def test_an_unknown_resource_is_not_found() -> None:
    with pytest.raises(NotFound) as refusal:
        get_listed_resource("spaceships")

    assert refusal.value.code == "resource_not_found"


def test_a_record_is_found_by_its_id() -> None:
    world = World()
    world.record("con_1", {"name": "Ann"})

    record = get_record(world.context, world.caller(), CONTACTS, RecordId("con_1"))

    assert record.fields == {"name": "Ann"}


@pytest.mark.parametrize("record_id", ["con_2", "con_theirs", "", "a b", "x" * 129])
def test_absent_and_foreign_records_are_not_found(record_id: str) -> None:
    world = World()
    world.record("con_1", {"name": "Ann"})
    world.record("con_theirs", {"name": "Eve"}, tenant_id=THEIRS)

    with pytest.raises(NotFound) as refusal:
        get_record(world.context, world.caller(), CONTACTS, RecordId(record_id))

    assert refusal.value.code == "record_not_found"


def test_cursors_lead_through_every_record_once() -> None:
    world = World()
    for number in range(25):
        world.record(f"con_{number}", {"name": f"N{number}"})
    seen: list[str] = []
    cursor: str | None = None

    for _ in range(4):
        page = list_records(world.context, world.caller(), CONTACTS, RecordQuery(limit=7, cursor=cursor))
        seen += [record.record_id for record in page.records]
        cursor = page.cursor

    assert cursor is None
    assert sorted(seen) == sorted(f"con_{number}" for number in range(25))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"email": "ann@example.com"}, {"con_1"}, id="text"),
        pytest.param({"is_primary": "TRUE"}, {"con_1"}, id="boolean, any case"),
        pytest.param({"tags": "vip"}, {"con_1", "con_2"}, id="entry of a list"),
        pytest.param({"tags": "vip", "name": "Bob"}, {"con_2"}, id="two at once"),
        pytest.param({"id": "con_2"}, {"con_2"}, id="id"),
        pytest.param({"notes": "None"}, set(), id="an empty field says nothing"),
        pytest.param({"name": "ann"}, set(), id="text is compared exactly"),
    ],
)
def test_filters_select(filters: dict[str, str], expected: set[str]) -> None:
    world = World()
    world.record("con_1", {"name": "Ann", "email": "ann@example.com", "is_primary": True, "tags": ["vip", "press"]})
    world.record("con_2", {"name": "Bob", "tags": ["vip"], "notes": None, "is_primary": False})

    assert listed(world, filters=filters) == (expected, None)


def test_a_filter_on_no_field_of_the_resource_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        listed(World(), filters={"shoe_size": "44"})

    assert (refusal.value.code, refusal.value.param) == ("unknown_field", "shoe_size")


def test_a_filter_fills_its_page_from_several_reads() -> None:
    world = World()
    for number in range(30):
        world.record(f"con_{number}", {"name": "odd" if number % 2 else "even"})

    found, cursor = listed(world, limit=10, filters={"name": "odd"})
    rest, end = listed(world, limit=10, filters={"name": "odd"}, cursor=cursor)

    assert len(found) == 10
    assert (len(rest), end) == (5, None)
    assert found | rest == {f"con_{number}" for number in range(1, 30, 2)}


def test_a_filter_that_matches_nothing_reads_a_bounded_part_and_leads_on() -> None:
    world = World(Limits(filtered_records=LOOKED_AT_ONCE))
    for number in range(LOOKED_AT_ONCE + 1):
        world.record(f"con_{number}", {"name": "Ann"})

    found, cursor = listed(world, limit=2, filters={"name": "Bob"})
    rest, end = listed(world, limit=2, filters={"name": "Bob"}, cursor=cursor)

    assert (found, rest, end) == (set(), set(), None)
    assert cursor is not None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"email": "Ann7@example.com"}, {"con_7"}, id="e-mail"),
        pytest.param({"external_id": "x7"}, {"con_7"}, id="external id"),
        pytest.param({"id": "con_7"}, {"con_7"}, id="id"),
        pytest.param({"id": "con_7", "email": "ann8@example.com"}, set(), id="of two records"),
        pytest.param({"email": "ann7@example.com", "name": "Bob"}, set(), id="beside another filter"),
        pytest.param({"email": "nobody@example.com"}, set(), id="of none"),
        pytest.param({"id": "a b"}, set(), id="what can be no id"),
    ],
)
def test_an_identity_finds_its_record_at_once(filters: dict[str, str], expected: set[str]) -> None:
    world = World(Limits(filtered_records=0))
    for number in range(20):
        identities = {"email": f"ann{number}@example.com", "external_id": f"x{number}"}
        world.record(f"con_{number}", {"name": "Ann", **identities})

    assert listed(world, filters=filters) == (expected, None)


def test_large_records_make_smaller_pages() -> None:
    world = World(Limits(response_bytes=4_000))
    for number in range(8):
        world.record(f"con_{number}", {"notes": "x" * 900})

    found, cursor = listed(world, limit=8)

    assert len(found) == 2
    assert cursor is not None


def test_a_cursor_of_another_listing_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        listed(World(), cursor="bm9uc2Vuc2U")

    assert refusal.value.code == "invalid_cursor"
