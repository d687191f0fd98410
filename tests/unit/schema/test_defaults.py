"""What a row is completed with, and what it lacks."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.rows import Fields
from chalicelib.schema.defaults import (
    is_at_location,
    is_complete,
    missing_fields,
    with_defaults,
    with_derived,
    with_location,
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
