"""Records that are referred to and deleted: what their referrers keep on the next import, and what is said of it."""

import orjson
import pytest

from chalicelib.imports.events import Event
from chalicelib.imports.pipeline import row_outcomes_of
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.records import Record
from chalicelib.model.row_rules import MergeStrategy, RowRules
from chalicelib.model.rows import Fields
from tests.import_world import TENANT, ImportWorld, run_phase

CUSTOMER: Fields = {"external_id": "C-1", "name": "Jane", "email": "jane@example.com"}
TICKET: Fields = {"external_id": "T-1", "title": "Broken", "customerId": "C-1"}


@pytest.fixture
def world() -> ImportWorld:
    """A customer, and a ticket of hers."""
    world = ImportWorld()
    load(world, "customers", CUSTOMER)
    load(world, "tickets", TICKET)
    return world


def load(world: ImportWorld, resource: str, *rows: Fields, action: str = "merge", **rules: object) -> Import:
    source = orjson.dumps([*rows])
    return world.run(source, resource=resource, action=action, rules=RowRules(**rules))  # type: ignore[arg-type]


def only(world: ImportWorld, resource: str) -> Record:
    (record,) = world.records(resource)
    return record


def messages_of(world: ImportWorld, import_: Import) -> list[str]:
    """What is said of the rows, whatever became of them."""
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    outcomes = row_outcomes_of(world.machine._context_of(event))
    return [problem.message for outcome in outcomes for problem in outcome.problems]


def outcome(import_: Import) -> tuple[int, int, int]:
    return import_.stats.updated, import_.stats.unchanged, import_.stats.failed


@pytest.mark.parametrize("name", ["C-1", "jane@example.com", "by id"])
def test_the_id_of_a_deleted_record_is_dropped_on_re_import_and_told_so(world: ImportWorld, name: str) -> None:
    dead = only(world, "customers").record_id
    row = TICKET | {"customerId": dead if name == "by id" else name}
    load(world, "customers", {"external_id": "C-1"}, action="delete")

    first, second = load(world, "tickets", row), load(world, "tickets", row)

    assert "customerId" not in only(world, "tickets").fields
    assert (outcome(first), outcome(second)) == ((1, 0, 0), (0, 1, 0))
    assert messages_of(world, first) == [
        f"'customerId' names a record that does not exist: {row['customerId']!r}; "
        f"it was left out, and the record's link to {dead} was removed."
    ]
    assert messages_of(world, second) == [
        f"'customerId' names a record that does not exist: {row['customerId']!r}; it was left out."
    ]


def test_a_link_to_a_live_record_is_kept_and_told_so(world: ImportWorld) -> None:
    linked = only(world, "customers").record_id

    again = load(world, "tickets", TICKET | {"customerId": "nobody", "title": "Mended"})

    assert only(world, "tickets").fields["customerId"] == linked
    assert outcome(again) == (1, 0, 0)
    assert messages_of(world, again) == [
        "'customerId' names a record that does not exist: 'nobody'; "
        f"it was left out, and the record stays linked to {linked}."
    ]


def test_a_row_that_does_not_name_the_deleted_record_says_nothing_of_it(world: ImportWorld) -> None:
    dead = only(world, "customers").record_id
    load(world, "customers", {"external_id": "C-1"}, action="delete")

    again = load(world, "tickets", {"external_id": "T-1", "title": "Broken"})

    assert only(world, "tickets").fields["customerId"] == dead
    assert (outcome(again), messages_of(world, again)) == ((0, 1, 0), [])


def test_a_record_that_came_back_under_another_id_is_linked(world: ImportWorld) -> None:
    load(world, "customers", {"external_id": "C-1"}, action="delete")
    load(world, "customers", CUSTOMER)

    again = load(world, "tickets", TICKET)

    assert only(world, "tickets").fields["customerId"] == only(world, "customers").record_id
    assert (outcome(again), messages_of(world, again)) == ((1, 0, 0), [])


@pytest.mark.parametrize(
    ("strategy", "is_kept", "words"),
    [
        pytest.param(MergeStrategy.FILL, True, "the record stays linked to", id="what is filled in clears nothing"),
        pytest.param(MergeStrategy.REPLACE, False, "was removed", id="the record becomes the row"),
        pytest.param(MergeStrategy.SKIP, True, "the record stays linked to", id="the record stays"),
    ],
)
def test_strategies_keep_their_word_about_links(world: ImportWorld, strategy: str, is_kept: bool, words: str) -> None:
    load(world, "customers", {"external_id": "C-1"}, action="delete")

    again = load(world, "tickets", TICKET, strategy=strategy)

    assert ("customerId" in only(world, "tickets").fields) is is_kept
    assert words in messages_of(world, again)[0]


def test_a_company_that_is_gone_leaves_its_name_and_takes_its_link() -> None:
    world = ImportWorld()
    person: Fields = {"email": "a@x.com", "name": "Ann", "company_name": "Acme"}
    load(world, "companies", {"name": "Acme", "domain": "acme.com"})
    load(world, "contacts", person)
    load(world, "companies", {"domain": "acme.com"}, action="delete")

    again = load(world, "contacts", person)

    fields = only(world, "contacts").fields
    assert (fields["company_name"], fields.get("company_id"), outcome(again)) == ("Acme", None, (1, 0, 0))


def test_another_company_that_is_not_known_does_not_keep_the_link_of_the_one_before() -> None:
    world = ImportWorld()
    load(world, "companies", {"name": "Acme", "domain": "acme.com"})
    load(world, "contacts", {"email": "a@x.com", "name": "Ann", "company_name": "Acme"})

    load(world, "contacts", {"email": "a@x.com", "company_name": "Globex"})

    fields = only(world, "contacts").fields
    assert (fields["company_name"], fields.get("company_id")) == ("Globex", None)


def test_a_company_that_is_created_where_it_is_missing_takes_the_place_of_a_deleted_one() -> None:
    world = ImportWorld()
    person: Fields = {"email": "a@x.com", "name": "Ann", "company_name": "Acme"}
    load(world, "companies", {"name": "Acme", "domain": "acme.com"})
    load(world, "contacts", person)
    load(world, "companies", {"domain": "acme.com"}, action="delete")

    again = load(world, "contacts", person, create_missing=("company_name",))

    assert only(world, "contacts").fields["company_id"] == only(world, "companies").record_id
    assert (outcome(again), messages_of(world, again)) == ((1, 0, 0), [])


def test_a_group_loses_the_members_that_are_gone_and_no_others() -> None:
    world = ImportWorld()
    members: list[Fields] = [{"email": f"{one}@x.com", "name": one} for one in "abc"]
    load(world, "contacts", *members)
    load(world, "groups", {"name": "G", "children": ["a@x.com", "b@x.com", "c@x.com"]})
    load(world, "contacts", {"email": "b@x.com"}, action="delete")
    a, c = (record.record_id for one in "ac" for record in world.records("contacts") if record.fields["name"] == one)

    vain = load(world, "groups", {"name": "G", "children": ["b@x.com", "nobody@x.com"]})
    kept = only(world, "groups").fields["children"]
    some = load(world, "groups", {"name": "G", "children": ["a@x.com", "b@x.com", "A@x.com"]})

    assert kept == [a, c]
    assert "of the record's 3 links 1 was removed" in messages_of(world, vain)[0]
    assert only(world, "groups").fields["children"] == [a]
    assert outcome(some) == (1, 0, 0)


def test_an_empty_list_empties_the_group() -> None:
    world = ImportWorld()
    load(world, "contacts", {"email": "a@x.com", "name": "A"})
    load(world, "groups", {"name": "G", "children": ["a@x.com"]})

    load(world, "groups", {"name": "G", "children": []})

    assert not only(world, "groups").fields.get("children")


def test_a_record_that_is_deleted_while_its_referrer_is_imported_is_dropped_by_the_next_import() -> None:
    world = ImportWorld(limits=Limits(small_source_bytes=0))
    load(world, "customers", CUSTOMER)
    dead = only(world, "customers").record_id
    import_ = world.queue(orjson.dumps([TICKET]), resource="tickets")
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    step = run_phase(world.machine, world.machine.plan(event), FIRST_PHASE)
    while step.route != PhaseName.PROCESSING:
        step = run_phase(world.machine, step, PhaseName(step.route))
    load(world, "customers", {"external_id": "C-1"}, action="delete")
    run_phase(world.machine, step, PhaseName.PROCESSING)
    left_there = only(world, "tickets").fields["customerId"]

    again = load(world, "tickets", TICKET)

    assert left_there == dead
    assert "customerId" not in only(world, "tickets").fields
    assert f"and the record's link to {dead} was removed" in messages_of(world, again)[0]


def test_an_ambiguous_name_leaves_the_link_next_to_it_only_where_it_is_the_same_name() -> None:
    world = ImportWorld()
    load(world, "companies", {"name": "Acme", "domain": "acme.com"})
    load(world, "contacts", {"email": "a@x.com", "name": "Ann", "company_name": "Acme"})
    linked = only(world, "companies").record_id
    load(world, "companies", {"name": "Acme", "domain": "acme.org"})

    same = load(world, "contacts", {"email": "a@x.com", "company_name": "ACME"})

    assert only(world, "contacts").fields["company_id"] == linked
    assert messages_of(world, same) == [
        f"'company_name' names more than one record: 'ACME'; no link was made, and the record stays linked to {linked}."
    ]
