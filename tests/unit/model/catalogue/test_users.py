"""The identities, required fields and references of users, by which callers know what a row must give."""

from chalicelib.model.catalogue.users import USERS


def test_users_are_found_by_their_identities() -> None:
    assert [one.name for one in USERS.identities] == ["id", "email"]
    assert [one.name for one in USERS.match_fields] == []


def test_a_new_user_must_give_what_is_required() -> None:
    assert USERS.required == ("full_name", "email")
    assert USERS.any_of == ()


def test_users_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in USERS.references] == []
