"""Which records a name means, and by which keys they are looked up."""

from collections.abc import Iterable

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.ids import RecordId
from chalicelib.model.resources import Reference
from chalicelib.model.rows import Fields
from chalicelib.schema.identity import identity_keys
from chalicelib.schema.references import (
    MissingRecord,
    ReferenceIndex,
    ReferenceLookUps,
    find_missing,
    no_missing_id,
    reference_keys,
    texts_of,
)

CONTACTS = RESOURCES["contacts"]
[COMPANY] = CONTACTS.references
KEYS_OF_ACME = [*identity_keys(RESOURCES["companies"], {"name": "Acme"}), *reference_keys(COMPANY, "Acme")]


def none(resource: str, keys: Iterable[str]) -> dict[str, RecordId]:
    return {}


def no_matches(resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
    return {}


def two_named_acme(resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
    return {key: (RecordId("com_1"), RecordId("com_2")) for key in keys if key in KEYS_OF_ACME}


def test_a_name_may_mean_no_record_or_several() -> None:
    index = ReferenceIndex(CONTACTS, {COMPANY: ["Acme", "Globex"]}, ReferenceLookUps(none, two_named_acme))

    assert index.find(COMPANY, "Acme") == ("com_1", "com_2")
    assert index.find(COMPANY, "Globex") == ()


def new_id(reference: Reference, key: str) -> RecordId:
    return RecordId(f"new_{reference.resource}_{key[-4:]}")


def test_a_record_that_does_not_exist_may_be_linked_to_before_it_is_made() -> None:
    index = ReferenceIndex(CONTACTS, {COMPANY: ["Acme"]}, ReferenceLookUps(none, no_matches, missing_id=new_id))
    [linked] = index.find(COMPANY, "Acme")

    fields: Fields = {"company_name": "ACME ", "company_id": linked}

    missing = find_missing(COMPANY, fields, new_id)
    assert missing == MissingRecord(COMPANY, "ACME ", linked)
    assert missing.target == "company_id"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"company_name": "Acme"}, id="no link"),
        pytest.param({"company_name": "Acme", "company_id": "com_1"}, id="a link to a record that was found"),
        pytest.param({"company_name": None, "company_id": "com_1"}, id="no name"),
        pytest.param({"company_name": "---", "company_id": "com_1"}, id="a name without a key"),
    ],
)
def test_other_links_mean_no_record_that_is_to_be_made(fields: Fields) -> None:
    assert find_missing(COMPANY, fields, new_id) is None
    assert find_missing(COMPANY, fields, no_missing_id) is None


def test_the_last_part_of_a_composite_name_is_tried_first() -> None:
    [members] = [one for one in RESOURCES["groups"].references if "email" in one.by]

    keys = reference_keys(members, "Jane Doe:::jane@example.com")

    last = reference_keys(members, "jane@example.com")
    assert keys[: len(last)] == last
    assert "email" in {identity_of(key) for key in last}


@pytest.mark.parametrize("name", ["x" * 1_025, "会" * 400, "Jane Doe", "a\x00b"])
def test_what_cannot_be_an_id_is_not_looked_for_as_one(name: str) -> None:
    [customer] = RESOURCES["tickets"].references

    assert [identity_of(key) for key in reference_keys(customer, name)] == ["external_id", "email"]
    assert reference_keys(customer, " cus_1 ")[0] == "id:cus_1"


def test_a_value_names_one_record_or_several() -> None:
    assert texts_of("a") == ["a"]
    assert texts_of(["a", None, "b"]) == ["a", "b"]
    assert texts_of(None) == []
