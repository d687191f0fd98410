"""What a row is completed with, and what it lacks."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.rows import Fields
from chalicelib.schema.defaults import (
    is_at_location,
    is_complete,
    missing_fields,
    required_facts,
    with_defaults,
    with_derived,
    with_location,
    without_location,
)


@pytest.mark.parametrize(
    ("resource", "fields", "expected"),
    [
        pytest.param("customers", {"email": "a@example.com"}, [("name",)], id="required"),
        pytest.param("customers", {"name": "A"}, [], id="complete"),
        pytest.param(
            "contacts", {"email": "a@example.com"}, [("name", "first_name", "last_name")], id="none-of-a-group"
        ),
        pytest.param("contacts", {"last_name": "A"}, [], id="one-of-a-group"),
        pytest.param("users", {}, [("full_name",), ("email",)], id="two-in-declared-order"),
        pytest.param("users", {"full_name": "A", "current_email": "a@example.com"}, [], id="stand-in"),
    ],
)
def test_says_what_a_new_record_would_lack(resource: str, fields: Fields, expected: list[tuple[str, ...]]) -> None:
    assert missing_fields(RESOURCES[resource], fields) == expected


@pytest.mark.parametrize(
    ("given", "stored", "expected"),
    [
        pytest.param({"first_name": "Ann", "last_name": "Lee"}, {}, {"name": "Ann Lee"}, id="whole of its parts"),
        pytest.param({"name": "Ann Lee"}, {}, {"first_name": "Ann", "last_name": "Lee"}, id="parts of the whole"),
        pytest.param(
            {"last_name": "Ray"},
            {"name": "Ann Lee", "first_name": "Ann", "last_name": "Lee"},
            {"name": "Ann Ray"},
            id="a part that changes",
        ),
        pytest.param({"name": "Ann", "last_name": "Lee"}, {}, {}, id="both sides given"),
        pytest.param(
            {"name": "Ann Ray"},
            {"name": "Ann Lee", "first_name": "Ann", "last_name": "Lee"},
            {"last_name": "Ray"},
            id="a whole of which one part changes",
        ),
        pytest.param(
            {"name": "Mary Ann Lee"},
            {"name": "Mary Ann", "first_name": "Mary Ann"},
            {"last_name": "Lee"},
            id="a first part of two words is kept",
        ),
        pytest.param(
            {"name": "Mary Beth Lee"},
            {"name": "Mary Ann Lee", "first_name": "Mary Ann", "last_name": "Lee"},
            {"first_name": "Mary Beth"},
            id="a last part is kept",
        ),
        pytest.param(
            {"name": "Joe Bloggs"},
            {"name": "Mary Ann Lee", "first_name": "Mary Ann", "last_name": "Lee"},
            {},
            id="no part is kept",
        ),
        pytest.param(
            {"last_name": "Ray"},
            {"name": "Dr. A. Lee", "first_name": "Ann", "last_name": "Lee"},
            {},
            id="a whole that was written by hand stays",
        ),
        pytest.param(
            {"first_name": None, "last_name": None},
            {"name": "Ann Lee", "first_name": "Ann", "last_name": "Lee"},
            {},
            id="of no parts nothing is made",
        ),
    ],
)
def test_what_is_made_of_other_fields_follows_them(given: Fields, stored: Fields, expected: Fields) -> None:
    assert with_derived(RESOURCES["contacts"], given, stored) == {**given, **expected}


def test_defaults_fill_what_is_not_given() -> None:
    tickets = with_defaults(RESOURCES["tickets"], {"title": "A", "priority": "high"})

    assert tickets == {"title": "A", "status": "new", "priority": "high"}


@pytest.mark.parametrize(
    ("resource", "fields", "expected"),
    [
        pytest.param("customers", {"name": "A", "status": "active"}, True, id="complete"),
        pytest.param("customers", {"name": "A"}, False, id="a default is open"),
        pytest.param("customers", {"email": "a@example.com", "status": "active"}, False, id="lacks a name"),
        pytest.param("customers", {"name": "A", "status": "active", "phone": None}, False, id="gives a null"),
        pytest.param("contacts", {"name": "Ann Lee"}, False, id="fields that depend on each other"),
        pytest.param("users", {"full_name": "A", "email": "a@example.com"}, False, id="a stand-in"),
    ],
)
def test_knows_rows_that_are_the_record_they_make(resource: str, fields: Fields, expected: bool) -> None:
    assert is_complete(RESOURCES[resource], fields) is expected


@pytest.mark.parametrize(
    ("resource", "fields", "expected"),
    [
        pytest.param("contacts", {"name": "A"}, {"name": "A", "locations": ["loc_1"]}, id="list"),
        pytest.param("assets", {"name": "A"}, {"name": "A", "location": "loc_1"}, id="text"),
        pytest.param("assets", {"location": "loc_2"}, {"location": "loc_2"}, id="given"),
        pytest.param("customers", {"name": "A"}, {"name": "A"}, id="no-such-field"),
    ],
)
def test_rows_without_a_location_get_that_of_the_import(resource: str, fields: Fields, expected: Fields) -> None:
    assert with_location(RESOURCES[resource], fields, "loc_1") == expected
    assert with_location(RESOURCES[resource], fields, None) == fields


@pytest.mark.parametrize(
    ("resource", "fields", "expected"),
    [
        pytest.param("contacts", {"locations": ["loc_1", "loc_2"]}, True, id="in-the-list"),
        pytest.param("contacts", {"locations": ["loc_2"]}, False, id="not-in-the-list"),
        pytest.param("contacts", {}, False, id="nowhere"),
        pytest.param("assets", {"location": "loc_1"}, True, id="equal"),
        pytest.param("customers", {}, True, id="no-such-field"),
    ],
)
def test_knows_the_records_of_a_location(resource: str, fields: Fields, expected: bool) -> None:
    assert is_at_location(RESOURCES[resource], fields, "loc_1") is expected
    assert is_at_location(RESOURCES[resource], fields, None) is True


@pytest.mark.parametrize(
    ("resource", "fields", "expected"),
    [
        pytest.param("contacts", {"name": "A", "locations": ["loc_1", "loc_2"]}, ["loc_2"], id="it has another"),
        pytest.param("contacts", {"name": "A", "locations": ["loc_1"]}, None, id="it has no other"),
        pytest.param("contacts", {"name": "A"}, None, id="it has none"),
        pytest.param("assets", {"name": "A", "location": "loc_1"}, None, id="there is only one"),
        pytest.param("customers", {"name": "A"}, None, id="no such field"),
    ],
)
def test_a_record_that_leaves_a_location_keeps_its_others(
    resource: str, fields: Fields, expected: list[str] | None
) -> None:
    left = without_location(RESOURCES[resource], fields, "loc_1")

    assert left == ({**fields, "locations": expected} if expected else None)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (["name"], {}),
        (["name", "email"], {"wanted": "'name' or 'email'"}),
        (["a", "b", "c"], {"wanted": "'a', 'b' or 'c'"}),
    ],
)
def test_a_message_names_all_fields_of_which_one_would_do(group: list[str], expected: dict[str, str]) -> None:
    assert required_facts(group) == expected
