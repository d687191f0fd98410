"""Which names records use for themselves, and how much such names prove."""

import pytest

from chalicelib.formats.json.record_names import OwnNames, RecordNames
from chalicelib.model.catalogue import RESOURCES

CONTACTS = RecordNames.of(RESOURCES["contacts"])


def own(*names: str) -> OwnNames:
    return OwnNames(CONTACTS).add_all(names)


def test_names_are_those_of_fields_and_their_aliases() -> None:
    assert {"email", "name"} <= CONTACTS.fields
    assert "contacts" in CONTACTS.nouns
    assert CONTACTS.is_identity("email")
    assert CONTACTS.is_identity("id")
    assert not CONTACTS.is_identity("name")


def test_a_mapped_header_counts_as_its_field() -> None:
    mapped = RecordNames.of(RESOURCES["contacts"], {"email": "E-Mail privat"})

    assert not CONTACTS.is_identity("emailprivat")
    assert mapped.is_identity("emailprivat")


@pytest.mark.parametrize(
    ("names", "is_record"),
    [
        (("email",), True),
        (("email", "whatever"), True),
        (("id", "name"), True),
        (("id",), False),
        (("id", "name", "whatever"), False),
        (("name",), False),
        ((), False),
    ],
)
def test_an_identity_proves_a_record(names: tuple[str, ...], is_record: bool) -> None:
    assert CONTACTS.is_record(own(*names)) is is_record


@pytest.mark.parametrize(("names", "strength"), [((), 0), (("name", "total"), 0), (("phone",), 1), (("email",), 2)])
def test_common_names_speak_for_nothing(names: tuple[str, ...], strength: int) -> None:
    assert CONTACTS.strength(own(*names)) == strength


def test_a_list_may_stand_under_a_field_and_not_under_the_name_of_the_resource() -> None:
    assert CONTACTS.may_hold_list("groups")
    assert not CONTACTS.may_hold_list("contacts")
    assert not CONTACTS.may_hold_list("whatever")


def test_where_no_resource_is_stated_the_names_of_all_count() -> None:
    anything = RecordNames.of_any()

    assert CONTACTS.fields <= anything.fields
    assert {"contacts", "companies"} <= anything.nouns
