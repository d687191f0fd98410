"""Records that are referred to and deleted: what their referrers keep on the next import, and what is said of it."""

import orjson
import pytest

from chalicelib.imports.events import Event
from chalicelib.imports.pipeline import PHASES, row_outcomes_of
from chalicelib.model.imports import Import, PhaseName, RowRules
from chalicelib.model.limits import Limits
from chalicelib.model.records import Record
from chalicelib.model.rows import Fields
from chalicelib.model.status_changes import MergeStrategy
from tests.driving import TENANT, Town, play_phase

CUSTOMER: Fields = {"external_id": "C-1", "name": "Jane", "email": "jane@example.com"}
TICKET: Fields = {"external_id": "T-1", "title": "Broken", "customerId": "C-1"}


@pytest.fixture
def town() -> Town:
    """A customer, and a ticket of hers."""
    town = Town()
    load(town, "customers", CUSTOMER)
    load(town, "tickets", TICKET)
    return town


def load(town: Town, resource: str, *rows: Fields, action: str = "merge", **rules: object) -> Import:
    source = orjson.dumps([*rows])
    return town.run(source, resource=resource, action=action, rules=RowRules(**rules))  # type: ignore[arg-type]


def only(town: Town, resource: str) -> Record:
    (record,) = town.records(resource)
    return record


def told(town: Town, import_: Import) -> list[str]:
    """What is said of the rows, whatever became of them."""
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    departures = row_outcomes_of(town.machine._journey_of(event))
    return [problem.message for departure in departures for problem in departure.problems]


def outcome(import_: Import) -> tuple[int, int, int]:
    return import_.stats.updated, import_.stats.unchanged, import_.stats.failed


@pytest.mark.parametrize("name", ["C-1", "jane@example.com", "by id"])
def test_the_id_of_a_deleted_record_is_dropped_on_re_import_and_told_so(town: Town, name: str) -> None:
    dead = only(town, "customers").record_id
    row = TICKET | {"customerId": dead if name == "by id" else name}
    load(town, "customers", {"external_id": "C-1"}, action="delete")

    first, second = load(town, "tickets", row), load(town, "tickets", row)

    assert "customerId" not in only(town, "tickets").fields
    assert (outcome(first), outcome(second)) == ((1, 0, 0), (0, 1, 0))
    assert told(town, first) == [
        f"'customerId' names a record that does not exist: {row['customerId']!r}; "
        f"it was left out, and the record's link to {dead} was removed."
    ]
    assert told(town, second) == [
        f"'customerId' names a record that does not exist: {row['customerId']!r}; it was left out."
    ]


def test_a_link_to_a_live_record_is_kept_and_told_so(town: Town) -> None:
    linked = only(town, "customers").record_id

    again = load(town, "tickets", TICKET | {"customerId": "nobody", "title": "Mended"})

    assert only(town, "tickets").fields["customerId"] == linked
    assert outcome(again) == (1, 0, 0)
    assert told(town, again) == [
        "'customerId' names a record that does not exist: 'nobody'; "
        f"it was left out, and the record stays linked to {linked}."
    ]


def test_a_row_that_does_not_name_the_deleted_record_says_nothing_of_it(town: Town) -> None:
    dead = only(town, "customers").record_id
    load(town, "customers", {"external_id": "C-1"}, action="delete")

    again = load(town, "tickets", {"external_id": "T-1", "title": "Broken"})

    assert only(town, "tickets").fields["customerId"] == dead
    assert (outcome(again), told(town, again)) == ((0, 1, 0), [])


def test_a_record_that_came_back_under_another_id_is_linked(town: Town) -> None:
    load(town, "customers", {"external_id": "C-1"}, action="delete")
    load(town, "customers", CUSTOMER)

    again = load(town, "tickets", TICKET)

    assert only(town, "tickets").fields["customerId"] == only(town, "customers").record_id
    assert (outcome(again), told(town, again)) == ((1, 0, 0), [])


@pytest.mark.parametrize(
    ("strategy", "is_kept", "words"),
    [
        pytest.param(MergeStrategy.FILL, True, "the record stays linked to", id="what is filled in clears nothing"),
        pytest.param(MergeStrategy.REPLACE, False, "was removed", id="the record becomes the row"),
        pytest.param(MergeStrategy.SKIP, True, "the record stays linked to", id="the record stays"),
    ],
)
def test_strategies_keep_their_word_about_links(town: Town, strategy: str, is_kept: bool, words: str) -> None:
    load(town, "customers", {"external_id": "C-1"}, action="delete")

    again = load(town, "tickets", TICKET, strategy=strategy)

    assert ("customerId" in only(town, "tickets").fields) is is_kept
    assert words in told(town, again)[0]


def test_a_company_that_is_gone_leaves_its_name_and_takes_its_link() -> None:
    town = Town()
    person: Fields = {"email": "a@x.com", "name": "Ann", "company_name": "Acme"}
    load(town, "companies", {"name": "Acme", "domain": "acme.com"})
    load(town, "contacts", person)
    load(town, "companies", {"domain": "acme.com"}, action="delete")

    again = load(town, "contacts", person)

    fields = only(town, "contacts").fields
    assert (fields["company_name"], fields.get("company_id"), outcome(again)) == ("Acme", None, (1, 0, 0))


def test_another_company_that_nobody_knows_does_not_keep_the_link_of_the_one_before() -> None:
    town = Town()
    load(town, "companies", {"name": "Acme", "domain": "acme.com"})
    load(town, "contacts", {"email": "a@x.com", "name": "Ann", "company_name": "Acme"})

    load(town, "contacts", {"email": "a@x.com", "company_name": "Globex"})

    fields = only(town, "contacts").fields
    assert (fields["company_name"], fields.get("company_id")) == ("Globex", None)


def test_a_company_that_is_created_where_it_is_missing_takes_the_place_of_a_deleted_one() -> None:
    town = Town()
    person: Fields = {"email": "a@x.com", "name": "Ann", "company_name": "Acme"}
    load(town, "companies", {"name": "Acme", "domain": "acme.com"})
    load(town, "contacts", person)
    load(town, "companies", {"domain": "acme.com"}, action="delete")

    again = load(town, "contacts", person, creates_missing=True)

    assert only(town, "contacts").fields["company_id"] == only(town, "companies").record_id
    assert (outcome(again), told(town, again)) == ((1, 0, 0), [])


def test_a_group_loses_the_members_that_are_gone_and_no_others() -> None:
    town = Town()
    members: list[Fields] = [{"email": f"{one}@x.com", "name": one} for one in "abc"]
    load(town, "contacts", *members)
    load(town, "groups", {"name": "G", "children": ["a@x.com", "b@x.com", "c@x.com"]})
    load(town, "contacts", {"email": "b@x.com"}, action="delete")
    a, c = (record.record_id for one in "ac" for record in town.records("contacts") if record.fields["name"] == one)

    vain = load(town, "groups", {"name": "G", "children": ["b@x.com", "nobody@x.com"]})
    kept = only(town, "groups").fields["children"]
    some = load(town, "groups", {"name": "G", "children": ["a@x.com", "b@x.com", "A@x.com"]})

    assert kept == [a, c]
    assert "of the record's 3 links 1 was removed" in told(town, vain)[0]
    assert only(town, "groups").fields["children"] == [a]
    assert outcome(some) == (1, 0, 0)


def test_an_empty_list_empties_the_group() -> None:
    town = Town()
    load(town, "contacts", {"email": "a@x.com", "name": "A"})
    load(town, "groups", {"name": "G", "children": ["a@x.com"]})

    load(town, "groups", {"name": "G", "children": []})

    assert not only(town, "groups").fields.get("children")


def test_a_record_that_is_deleted_while_its_referrer_is_imported_is_dropped_by_the_next_import() -> None:
    town = Town(limits=Limits(small_source_bytes=0))
    load(town, "customers", CUSTOMER)
    dead = only(town, "customers").record_id
    import_ = town.queue(orjson.dumps([TICKET]), resource="tickets")
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    step = play_phase(town.machine, town.machine.plan(event), PHASES[0])
    while step.route != PhaseName.PROCESSING:
        step = play_phase(town.machine, step, PhaseName(step.route))
    load(town, "customers", {"external_id": "C-1"}, action="delete")
    play_phase(town.machine, step, PhaseName.PROCESSING)
    left_there = only(town, "tickets").fields["customerId"]

    again = load(town, "tickets", TICKET)

    assert left_there == dead
    assert "customerId" not in only(town, "tickets").fields
    assert f"and the record's link to {dead} was removed" in told(town, again)[0]


def test_an_ambiguous_name_leaves_the_link_beside_it_only_where_it_is_the_same_name() -> None:
    town = Town()
    load(town, "companies", {"name": "Acme", "domain": "acme.com"})
    load(town, "contacts", {"email": "a@x.com", "name": "Ann", "company_name": "Acme"})
    linked = only(town, "companies").record_id
    load(town, "companies", {"name": "Acme", "domain": "acme.org"})

    same = load(town, "contacts", {"email": "a@x.com", "company_name": "ACME"})

    assert only(town, "contacts").fields["company_id"] == linked
    assert told(town, same) == [
        f"'company_name' names more than one record: 'ACME'; no link was made, and the record stays linked to {linked}."
    ]
