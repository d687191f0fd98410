"""The identities, required fields and references of groups, by which callers know what a row must give."""

from chalicelib.model.catalogue.groups import GROUPS


def test_groups_are_found_by_their_identities() -> None:
    assert [one.name for one in GROUPS.identities] == ["id", "external_id", "name"]
    assert [one.name for one in GROUPS.match_fields] == []


def test_a_new_group_must_give_what_is_required() -> None:
    assert GROUPS.required == ("name",)
    assert GROUPS.any_of == ()


def test_groups_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in GROUPS.references] == [
        ("children", "contacts", False)
    ]
