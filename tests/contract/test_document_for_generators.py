"""The document is one that generators of clients digest: each test is a kind of thing that one of them stumbled over.

`tests/clients` runs the generators themselves, which takes longer.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.api.dialects import openapi_document

Json = dict[str, Any]

DOCUMENT = openapi_document()
SCHEMAS = DOCUMENT["components"]["schemas"]
ROUTES = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
CALLBACKS = [
    operation
    for route in ROUTES
    for urls in route.get("callbacks", {}).values()
    for methods in urls.values()
    for operation in methods.values()
]
OPERATIONS = {one.get("operationId", ""): one for one in (*ROUTES, *CALLBACKS)}
NAME = re.compile(r"(PackageX|cStar|Kasar|Talkdesk|TalkdeskOAuth|Service)[A-Z][A-Za-z0-9]*")

each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
each_component = pytest.mark.parametrize("name", SCHEMAS)


def each_schema(value: Any, place: str = "") -> Iterator[tuple[str, Json]]:
    """Each JSON object in a value with its place, examples left out."""
    if isinstance(value, dict):
        yield place, value
        for name, one in value.items():
            if name not in ("example", "examples"):
                yield from each_schema(one, f"{place}/{name}")
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from each_schema(one, f"{place}/{number}")


def each_object(value: Any) -> Iterator[Json]:
    """Each JSON object in a value."""
    if isinstance(value, dict):
        yield value
        yield from (found for one in value.values() for found in each_object(one))
    if isinstance(value, list):
        yield from (found for one in value for found in each_object(one))


PLACES = dict(each_schema({name: DOCUMENT[name] for name in ("paths", "components")}))


def test_every_operation_has_an_id_of_its_own_that_is_a_name_in_any_language() -> None:
    assert len(OPERATIONS) == len(ROUTES) + len(CALLBACKS)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", one) for one in OPERATIONS)


@each_operation
def test_an_operation_is_described_and_says_who_may_ask(operation: Json) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["security"] is not None
    assert any(status.startswith("4") for status in operation["responses"])


def test_every_tag_is_described_once_for_each_becomes_a_class() -> None:
    used = {tag for one in OPERATIONS.values() for tag in one["tags"]}

    assert Counter(one["name"] for one in DOCUMENT["tags"]) == Counter(used)
    assert all(one["description"] for one in DOCUMENT["tags"])


def test_what_the_service_sends_is_a_callback_for_a_webhook_becomes_a_class_that_replaces_its_tag_s() -> None:
    assert CALLBACKS
    assert "webhooks" not in DOCUMENT


@each_component
def test_a_component_is_named_by_its_dialect_and_no_module(name: str) -> None:
    assert NAME.fullmatch(name)
    assert sum(name.lower() == other.lower() for other in SCHEMAS) == 1


@each_component
def test_a_field_with_a_schema_of_its_own_is_named_like_no_component(name: str) -> None:
    """A generator calls the type of a field by both: the field `options` of `Export` is `ExportOptions`."""
    fields = {field for field, one in SCHEMAS[name].get("properties", {}).items() if "$ref" not in one}
    made = {(name + field.replace("_", "")).lower() for field in fields}

    assert not made & {one.lower() for one in SCHEMAS}


def test_every_component_is_referred_to() -> None:
    referred = {one["$ref"].rpartition("/")[2] for one in PLACES.values() if "$ref" in one}

    assert referred == set(SCHEMAS)


def test_null_is_never_the_whole_of_a_type_or_one_of_its_words() -> None:
    """In a union it is what makes the other nullable."""
    lone = [place for place, one in PLACES.items() if one.get("type") == "null" and "/anyOf/" not in place]
    words = [place for place, one in PLACES.items() if None in one.get("enum", ())]

    assert (lone, words) == ([], [])


def test_no_default_is_null_for_what_is_absent_is_not_given() -> None:
    assert [place for place, one in PLACES.items() if one.get("default", "") is None] == []


@each_operation
def test_no_example_holds_what_linters_take_for_a_schema(operation: Json) -> None:
    """An object in an example that has a `type` and an example or default of its own, whatever these mean there."""
    contents = [one.get("content", {}) for one in (operation.get("requestBody", {}), *operation["responses"].values())]
    examples = [
        example["value"] for content in contents for one in content.values() for example in one["examples"].values()
    ]
    objects = [one for example in examples for one in each_object(example)]

    assert [one for one in objects if "type" in one and {"example", "default"} & set(one)] == []


@each_operation
def test_json_stands_first_for_generators_take_the_first_they_know(operation: Json) -> None:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    contents = [list(one["content"]) for one in bodies if "content" in one]

    for types in contents:
        assert types[0].endswith("json") or not any(one.endswith("json") for one in types)


@each_operation
def test_an_object_that_is_sent_or_answered_has_a_name(operation: Json) -> None:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]

    for body in bodies:
        for content in body.get("content", {}).values():
            assert "properties" not in content["schema"]
