"""What follows from a declaration."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Field, FieldType, Identity, Resource, squeezed

THINGS = Resource(
    name="things",
    singular="thing",
    id_prefix="thi",
    fields=(
        Field(name="id", type=FieldType.ID),
        Field(name="name", required=True, aliases=("title",)),
        Field(name="sku"),
        Field(name="tags", type=FieldType.LIST, default="new"),
        Field(name="old_sku", stands_for="sku"),
    ),
    identities=(Identity(("id",)), Identity(("sku", "name"))),
)


def test_a_declaration_says_what_a_record_needs() -> None:
    assert THINGS.required == ("name",)
    assert THINGS.defaults == {"tags": ["new"]}
    assert THINGS.always_filled == {"name", "tags"}
    assert THINGS.stand_ins == {"old_sku": "sku"}
    assert not THINGS.is_plain


def test_all_identities_but_the_id_are_claimed() -> None:
    assert THINGS.claimed_names == {"sku+name"}
    assert (THINGS.claim_prefixes, THINGS.key_fields) == (("sku+name:",), ("sku", "name"))


def test_a_header_means_a_field_by_name_or_alias() -> None:
    assert THINGS.by_header[squeezed("Title")] is THINGS.by_name["name"]
    assert THINGS.by_header[squeezed("old-SKU ")] is THINGS.by_name["old_sku"]


@pytest.mark.parametrize(("name", "has_lasting_keys"), [("customers", True), ("users", False)])
def test_keys_last_unless_a_stand_in_may_find_the_record(name: str, has_lasting_keys: bool) -> None:
    assert RESOURCES[name].has_lasting_keys is has_lasting_keys


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("first_name", "First name"),
        ("customerId", "Customer ID"),
        ("address_line2", "Address line 2"),
        ("sku", "SKU"),
        ("linkedin", "LinkedIn"),
        ("isPublic", "Is public"),
    ],
)
def test_fields_have_labels_for_people(name: str, label: str) -> None:
    assert Field(name=name).label == label


def test_codes_are_texts_of_certain_names() -> None:
    assert THINGS.by_name["sku"].is_code
    assert not THINGS.by_name["name"].is_code
