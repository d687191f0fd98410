"""References: resolved, left out, or the end of the row."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from chalicelib.imports.phases.validation import validate
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.resources import Reference, Resource
from chalicelib.model.rows import Draft, Fields, Outcome
from chalicelib.schema.identity import identity_keys
from chalicelib.schema.references import ReferenceLookUps

TICKETS = RESOURCES["tickets"]
GROUPS = RESOURCES["groups"]


def known(resource: str, records: Mapping[str, Fields]) -> ReferenceLookUps:
    """A store that holds these records of one resource, by id."""
    held = {
        key: RecordId(record_id)
        for record_id, fields in records.items()
        for key in identity_keys(RESOURCES[resource], {**fields, "id": record_id})
    }

    def claims(asked: str, keys: Iterable[str]) -> dict[str, RecordId]:
        return {key: held[key] for key in keys if asked == resource and key in held}

    return ReferenceLookUps(claims=claims, matches=lambda asked, keys: {})


def draft(fields: Fields) -> Draft:
    return Draft(1, 2, fields, [])


def resolved(resource: Resource, fields: Fields, look_ups: ReferenceLookUps) -> tuple[Fields, list[str]]:
    going = validate([draft(fields)], {}, resource, look_ups).drafts
    return going[0].fields, [problem.code for problem in going[0].problems]


JANE = known("customers", {"cus_jane": {"email": "jane@example.com", "external_id": "C-1"}})


def test_a_link_that_a_text_stands_for_leaves_the_text_and_a_given_link() -> None:
    acme = ReferenceLookUps(
        claims=lambda asked, keys: {}, matches=lambda asked, keys: {key: (RecordId("com_acme"),) for key in keys}
    )
    given: Fields = {"name": "Deal", "company_name": "Acme"}

    linked, _ = resolved(RESOURCES["opportunities"], dict(given), acme)
    kept, _ = resolved(RESOURCES["opportunities"], {**given, "company_id": "com_other"}, acme)

    assert linked == {**given, "company_id": "com_acme"}
    assert kept["company_name"] == "Acme"


@pytest.mark.parametrize("name", ["cus_jane", "C-1", "Jane@Example.com"], ids=["id", "external id", "e-mail"])
def test_a_customer_is_found_by_each_identity_and_stored_by_id(name: str) -> None:
    fields, problems = resolved(TICKETS, {"title": "T", "customerId": name}, JANE)

    assert fields == {"title": "T", "customerId": "cus_jane"}
    assert problems == []


def test_a_dead_reference_is_left_out_with_a_warning() -> None:
    fields, problems = resolved(TICKETS, {"title": "T", "customerId": "nobody"}, JANE)

    assert fields == {"title": "T"}
    assert problems == ["reference_dead"]


def test_a_warning_says_what_became_of_the_field() -> None:
    done = validate([draft({"title": "T", "customerId": "nobody"})], {}, TICKETS, JANE)

    assert [*done.drafts[0].problems[0].facts] == ["became"]


def test_a_null_clears_the_reference() -> None:
    fields, problems = resolved(TICKETS, {"title": "T", "customerId": None}, JANE)

    assert fields == {"title": "T", "customerId": None}
    assert problems == []


def test_a_required_reference_that_is_dead_fails_the_row() -> None:
    strict = replace(TICKETS, references=(replace(TICKETS.references[0], is_required=True),))

    done = validate([draft({"title": "T", "customerId": "nobody"})], {}, strict, JANE)

    assert done.drafts == []
    assert [(one.outcome, one.problems[0].code) for one in done.outcomes] == [(Outcome.FAILED, "reference_required")]
    assert dict(done.outcomes[0].problems[0].facts) == {}


def test_of_a_list_the_living_members_stay() -> None:
    people = known("contacts", {"con_a": {"email": "a@x.com"}, "con_b": {"email": "b@x.com"}})
    given: Fields = {"name": "G", "children": ["a@x.com", "Kylo Ren:::b@x.com", "gone@x.com"]}

    fields, problems = resolved(GROUPS, given, people)

    assert fields["children"] == ["con_a", "con_b"]
    assert problems == ["reference_dead"]


def test_a_name_that_several_records_bear_is_ambiguous() -> None:
    by_name = Reference(field="notes", resource="contacts", by=("name",))
    bearers = {RecordId("con_a"), RecordId("con_b")}
    look_ups = ReferenceLookUps(
        claims=lambda resource, keys: {}, matches=lambda resource, keys: {key: tuple(sorted(bearers)) for key in keys}
    )

    fields, problems = resolved(replace(TICKETS, references=(by_name,)), {"notes": "Jane"}, look_ups)

    assert fields == {}
    assert problems == ["reference_ambiguous"]
