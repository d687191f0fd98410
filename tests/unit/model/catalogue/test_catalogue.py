"""The catalogue against itself: what one declaration names, another declares."""

from collections import Counter

import pytest

from chalicelib.model.catalogue import RESOURCES, find_resource
from chalicelib.model.resources import FieldType, Resource, squeezed

EVERY_RESOURCE = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)


PUBLISHED = {
    "articles": "art",
    "assets": "ast",
    "companies": "com",
    "contacts": "con",
    "customers": "cus",
    "groups": "grp",
    "items": "itm",
    "opportunities": "opp",
    "tickets": "tkt",
    "users": "usr",
}
"""Names and id prefixes that clients know; a resource more is nobody's loss."""


def test_offers_the_ten_resources_with_their_published_prefixes() -> None:
    assert {name: RESOURCES[name].id_prefix for name in PUBLISHED} == PUBLISHED


def test_no_two_resources_share_an_id_prefix() -> None:
    prefixes = [one.id_prefix for one in RESOURCES.values()]

    assert sorted(set(prefixes)) == sorted(prefixes)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("customers", "customers", id="plural"),
        pytest.param("customer", "customers", id="singular"),
        pytest.param("Company", "companies", id="capital"),
        pytest.param("OPPORTUNITIES", "opportunities", id="capitals"),
    ],
)
def test_finds_a_resource_by_any_spelling_of_its_name(name: str, expected: str) -> None:
    found = find_resource(name)

    assert found is not None
    assert found.name == expected


@pytest.mark.parametrize("name", ["", "spaceships", "custom", "__proto__"])
def test_finds_nothing_under_other_names(name: str) -> None:
    assert find_resource(name) is None


def test_prefixes_and_names_belong_to_one_resource_each() -> None:
    words = Counter(word for one in RESOURCES.values() for word in (one.name, one.singular, one.id_prefix))

    assert [word for word, times in words.items() if times > 1] == []


@EVERY_RESOURCE
def test_no_two_fields_are_meant_by_one_header(resource: Resource) -> None:
    headers = Counter(squeezed(word) for one in resource.fields for word in (one.name, *one.aliases))

    assert [header for header, times in headers.items() if times > 1] == []


@EVERY_RESOURCE
def test_identities_start_with_the_id_and_name_fields_that_can_be_given(resource: Resource) -> None:
    named = {name for one in (*resource.identities, *resource.match_fields) for name in one.fields}
    given = {one.name for one in resource.fields if not one.is_computed}

    assert resource.identities[0].fields == ("id",)
    assert named - given == set()


@EVERY_RESOURCE
def test_references_name_resources_and_how_to_find_them(resource: Resource) -> None:
    for reference in resource.references:
        target = RESOURCES[reference.resource]
        findable = {one.name for one in (*target.identities, *target.match_fields)}

        assert reference.field in resource.by_name
        assert set(reference.by) <= findable
        assert not reference.stored_as or resource.by_name[reference.stored_as].is_computed


@EVERY_RESOURCE
def test_other_names_in_a_declaration_are_fields(resource: Resource) -> None:
    named = {name for group in resource.any_of for name in group}
    named |= {name for one in resource.derivations for name in (one.whole, *one.parts)}
    named |= {one.stands_for for one in resource.fields if one.stands_for}
    named |= {resource.location_field} - {""}

    assert named - set(resource.by_name) == set()


@EVERY_RESOURCE
def test_choices_are_what_defaults_and_other_words_lead_to(resource: Resource) -> None:
    for field in resource.fields:
        assert bool(field.choices) == (field.type is FieldType.CHOICE)
        assert set(field.choice_aliases.values()) <= set(field.choices)
        assert not field.choices or field.default is None or field.default in field.choices


@EVERY_RESOURCE
def test_computed_fields_ask_nothing_of_a_row(resource: Resource) -> None:
    computed = [one for one in resource.fields if one.is_computed]

    assert [one.name for one in computed if one.required or one.aliases or one.default is not None] == []


@EVERY_RESOURCE
def test_every_field_that_can_be_given_has_an_example(resource: Resource) -> None:
    assert [one.name for one in resource.fields if not one.is_computed and not one.example] == []


@pytest.mark.parametrize(
    ("resource", "header", "field"),
    [
        pytest.param("customers", "E-Mail", "email", id="hyphen"),
        pytest.param("customers", "custom_fields", "customFields", id="snake"),
        pytest.param("tickets", "Response Deadline", "response_deadline", id="words"),
        pytest.param("tickets", "responseDeadline", "response_deadline", id="camel"),
        pytest.param("contacts", "First Name", "first_name", id="crm-first-name"),
        pytest.param("contacts", "E-mail 1 - Value", "email", id="crm-numbered"),
        pytest.param("contacts", "ZIP", "postal_code", id="crm-zip"),
        pytest.param("users", "Agent Activation", "active", id="talkdesk"),
        pytest.param("users", "Current Email", "current_email", id="talkdesk-identity"),
    ],
)
def test_a_header_means_the_field_whatever_its_spelling(resource: str, header: str, field: str) -> None:
    assert RESOURCES[resource].by_header[squeezed(header)].name == field
