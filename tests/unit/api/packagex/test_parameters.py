"""What parameters of several features have in common."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from chalicelib.api.packagex.parameters import BooleanWord, NameText, ResourceName, known_resource
from chalicelib.errors import Refused


@pytest.mark.parametrize(
    ("type_", "key", "value"),
    [
        pytest.param(NameText, "maxLength", 127, id="a name"),
        pytest.param(BooleanWord, "enum", ["true", "false", "1", "0"], id="a flag"),
    ],
)
def test_the_document_says_what_is_taken(type_: Any, key: str, value: object) -> None:
    assert TypeAdapter(type_).json_schema()[key] == value


def test_resources_are_named_in_singular_and_plural() -> None:
    assert {"contact", "contacts"} <= set(TypeAdapter(ResourceName).json_schema()["enum"])


@pytest.mark.parametrize("word", ["contact", "contacts", "Contacts"])
def test_a_resource_is_known_by_any_of_its_names(word: str) -> None:
    assert known_resource(word) == "contacts"


def test_other_words_are_no_resource() -> None:
    with pytest.raises(Refused) as refusal:
        known_resource("spaceships")

    assert (refusal.value.code, refusal.value.param) == ("unknown_resource", "resource")
