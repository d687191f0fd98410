"""The identities, required fields and references of items, by which callers know what a row must give."""

from chalicelib.model.catalogue.items import ITEMS


def test_items_are_found_by_their_identities() -> None:
    assert [one.name for one in ITEMS.identities] == ["id", "external_id", "sku"]
    assert [one.name for one in ITEMS.match_fields] == []


def test_a_new_item_must_give_what_is_required() -> None:
    assert ITEMS.required == ("name",)
    assert ITEMS.any_of == ()


def test_items_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in ITEMS.references] == []
