"""The identities, required fields and references of contacts, by which callers know what a row must give."""

from chalicelib.model.catalogue.contacts import CONTACTS


def test_contacts_are_found_by_their_identities() -> None:
    assert [one.name for one in CONTACTS.identities] == ["id", "external_id", "email"]
    assert [one.name for one in CONTACTS.match_fields] == ["phone", "name"]


def test_a_new_contact_must_give_what_is_required() -> None:
    assert CONTACTS.required == ()
    assert CONTACTS.any_of == (("name", "first_name", "last_name"),)


def test_contacts_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in CONTACTS.references] == [
        ("company_name", "companies", False)
    ]
