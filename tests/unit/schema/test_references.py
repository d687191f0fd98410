"""Which records a name means, and by which keys they are looked up."""

from collections.abc import Iterable

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.ids import RecordId
from chalicelib.schema.identity import identity_keys
from chalicelib.schema.references import ReferenceIndex, ReferenceLookUps, reference_keys, texts_of

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
    assert index.missing == {}


def test_a_record_that_does_not_exist_is_to_be_created_once() -> None:
    look_ups = ReferenceLookUps(none, no_matches, missing_id=lambda resource, key: RecordId(f"new_{resource}"))
    index = ReferenceIndex(CONTACTS, {COMPANY: ["Acme"]}, look_ups)

    assert [index.find(COMPANY, "Acme") for _ in range(2)] == [("new_companies",)] * 2
    [missing] = index.missing.values()
    assert (missing.resource, missing.record_id, missing.fields) == ("companies", "new_companies", {"name": "Acme"})


def test_the_last_part_of_a_composite_name_is_tried_first() -> None:
    [members] = [one for one in RESOURCES["groups"].references if "email" in one.by]

    keys = reference_keys(members, "Jane Doe:::jane@example.com")

    last = reference_keys(members, "jane@example.com")
    assert keys[: len(last)] == last
    assert "email" in {identity_of(key) for key in last}


def test_a_value_names_one_record_or_several() -> None:
    assert texts_of("a") == ["a"]
    assert texts_of(["a", None, "b"]) == ["a", "b"]
    assert texts_of(None) == []
