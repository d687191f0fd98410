"""What a record has to show under each name."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.resources import Field, FieldType, Resource
from chalicelib.model.rows import Value
from chalicelib.schema.query.record_values import (
    get_output_field,
    getter_of,
    is_empty,
    output_fields,
    row_getter_of,
    to_time,
)

BARE = Resource(
    name="bares",
    singular="bare",
    id_prefix="bar",
    fields=(
        Field(name="name"),
        Field(name="old_name", stands_for="name"),
        Field(name="first_name", part_of="name"),
        Field(name="object", is_computed=True),
    ),
    identities=(),
)
RECORD = Record(record_id=RecordId("bar_1"), fields={"name": "Ann"}, version=1, created_at=1_500, updated_at=2_000)


def test_every_record_has_an_id_and_times_whether_or_not_its_resource_lists_them() -> None:
    assert list(output_fields(BARE)) == ["name", "id", "created_at", "updated_at"]
    assert [getter_of(name)(RECORD) for name in output_fields(BARE)] == [
        "Ann",
        "bar_1",
        "1970-01-01T00:00:01.5Z",
        "1970-01-01T00:00:02Z",
    ]


def test_a_row_has_what_each_name_alone_means() -> None:
    names = ["updated_at", "name", "phone", "id", "name", "created_at"]

    assert row_getter_of(names)(RECORD) == [getter_of(name)(RECORD) for name in names]


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_field_of_a_resource_is_output_but_those_that_only_help_to_read(name: str) -> None:
    resource = RESOURCES[name]

    hidden = {field.name for field in resource.fields} - set(output_fields(resource))

    assert hidden == {"object"} | {one.name for one in resource.fields if not one.is_stored}


@pytest.mark.parametrize("name", ["old_name", "object", "shoe_size", ""])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        get_output_field(BARE, name)

    assert refusal.value.code == "unknown_field"


def test_a_field_without_a_value_is_null() -> None:
    assert getter_of("phone")(RECORD) is None
    assert row_getter_of(["phone"])(RECORD) == [None]
    assert get_output_field(BARE, "created_at").type is FieldType.DATETIME


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, True), ([], True), ({}, True), ("", False), (0, False), (False, False), (["a"], False)],
)
def test_what_says_nothing_is_empty(value: Value, expected: bool) -> None:
    assert is_empty(value) is expected


@pytest.mark.parametrize(
    ("epoch_ms", "text"),
    [
        (1_700_000_000_000, "2023-11-14T22:13:20Z"),
        (1_700_000_000_120, "2023-11-14T22:13:20.12Z"),
        (1_700_000_000_007, "2023-11-14T22:13:20.007Z"),
    ],
)
def test_times_are_spelled_as_fields_of_their_type_are(epoch_ms: int, text: str) -> None:
    assert to_time(epoch_ms) == text


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1.234", "1.2340"),
        ("-12.345", "-12.3450"),
        ("999.999", "999.9990"),
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        ("1.23", "1.23"),
        ("1.2345", "1.2345"),
        ("1234", "1234"),
        (None, None),
    ],
)
def test_a_decimal_is_written_so_that_it_has_one_reading(stored: Value, shown: Value) -> None:
    record = Record(
        record_id=RecordId("itm_1"), fields={"price": stored, "name": "1.234"}, version=1, created_at=0, updated_at=0
    )

    assert row_getter_of(["name", "price"], RESOURCES["items"])(record) == ["1.234", shown]
    assert row_getter_of(["price"])(record) == [stored]
