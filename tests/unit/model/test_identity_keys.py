"""Identity keys are made and taken apart in one place."""

import re
from pathlib import Path

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import ID_PREFIX, claims_of, given_ids, id_key, identity_of, ids_by_key, prefix_of
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Fields
from chalicelib.schema.identity import identity_keys

CODE = Path(__file__).parents[3] / "chalicelib"


def test_the_key_of_an_id_holds_the_id_itself() -> None:
    assert id_key("con:1") == "id:con:1"
    assert ids_by_key(["id:con:1", "email:00", "id:2"]) == {"id:con:1": "con:1", "id:2": "2"}


def test_a_key_says_which_identity_it_belongs_to() -> None:
    assert identity_of("location_id+number:00ff") == "location_id+number"
    assert identity_of(id_key("a:b")) == "id"


def test_a_record_claims_all_keys_but_that_of_its_id() -> None:
    assert claims_of(["id:1", "external_id:0a", "email:0b"]) == ("external_id:0a", "email:0b")


def test_a_row_gives_an_id_only_if_its_first_key_is_one() -> None:
    assert given_ids([["id:7", "email:0b"], ["email:0b"], []]) == ["7", None, None]


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_what_schema_finds_is_spelled_as_these_functions_read_it(resource: Resource) -> None:
    fields: Fields = {name: "x@example.com" for one in resource.identities for name in one.fields}
    fields["id"] = "7"

    keys = identity_keys(resource, fields)

    assert [identity_of(key) for key in keys] == [one.name for one in resource.identities]
    assert all(key.startswith(prefix_of(identity_of(key))) for key in keys)
    assert keys[0] == id_key("7")


def test_no_other_module_spells_or_splits_a_key() -> None:
    spelled = re.compile(rf"""["']{ID_PREFIX}|key\w*\.partition\(":"\)""")
    modules = [path for path in CODE.rglob("*.py") if spelled.search(path.read_text(encoding="utf-8"))]

    assert [path.name for path in modules] == ["identity_keys.py"]
