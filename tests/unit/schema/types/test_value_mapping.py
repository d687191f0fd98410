"""What words may be stated to mean, and how they are read then."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import Notation
from chalicelib.model.resources import Field, FieldType, Resource
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue
from chalicelib.schema.types.words import ValueMapping, check_value_mapping

CUSTOMERS, CONTACTS = RESOURCES["customers"], RESOURCES["contacts"]


@pytest.mark.parametrize(
    ("given", "words", "expected"),
    [
        pytest.param("paused", {"paused": "inactive"}, "inactive", id="as stated"),
        pytest.param(" PAUS-ed\u200b", {"paused": "inactive"}, "inactive", id="in another spelling"),
        pytest.param("Active", {"active": "inactive"}, "inactive", id="stated goes before known"),
        pytest.param("active", {"active": "inactive"}, "inactive", id="and before the choice itself"),
        pytest.param("aktiv", {"paused": "inactive"}, "active", id="what is known stays known"),
        pytest.param(3, {"3": "inactive"}, "inactive", id="a number of JSON"),
        pytest.param("2 - Paused", {"paused": "inactive"}, "inactive", id="behind a number"),
    ],
)
def test_words_mean_choices(given: object, words: dict[str, str | bool], expected: str) -> None:
    read = reader_of(CUSTOMERS.by_name["status"], DEFAULT_LIMITS, Notation(words=words))

    assert read(given) == expected


def test_what_is_not_stated_is_not_guessed() -> None:
    read = reader_of(CUSTOMERS.by_name["status"], DEFAULT_LIMITS, Notation(words={"paused": "inactive"}))

    with pytest.raises(InvalidValue):
        read("pausing")


@pytest.mark.parametrize(("given", "expected"), [("main", True), ("Yes", False), ("no", False), (True, True)])
def test_words_mean_true_and_false(given: object, expected: bool) -> None:
    words: dict[str, str | bool] = {"Main": True, "yes": False}
    read = reader_of(CONTACTS.by_name["is_primary"], DEFAULT_LIMITS, Notation(words=words))

    assert read(given) is expected


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        pytest.param(
            {"name": {"a": "b"}},
            "'name' is no field of customers with choices. Must be one of status, sentiment.",
            id="a text",
        ),
        pytest.param({"stat": {"a": "active"}}, "'stat' is no field of customers with choices", id="no field"),
        pytest.param(
            {"status": {"a": "paused"}},
            "'a' cannot mean paused in 'status'. Must be one of active, inactive.",
            id="no choice",
        ),
        pytest.param({"status": {"a": True}}, "'a' cannot mean True in 'status'.", id="no boolean"),
        pytest.param({"status": {" ": "active"}}, "An empty cell is not given", id="blank"),
        pytest.param({"status": {"A b": "active", "ab": "inactive"}}, "A word of 'status' is stated twice", id="twice"),
        pytest.param(
            {"status": {str(number): "active" for number in range(DEFAULT_LIMITS.value_words + 1)}},
            "At most 200 words.",
            id="too many",
        ),
    ],
)
def test_what_means_nothing_is_refused(mapping: ValueMapping, message: str) -> None:
    with pytest.raises(Refused) as refused:
        check_value_mapping(CUSTOMERS, mapping)

    assert (refused.value.code, refused.value.param) == ("invalid_parameter", "value_mapping")
    assert refused.value.message.startswith(message)


def test_a_boolean_takes_true_and_false_only() -> None:
    check_value_mapping(CONTACTS, {"is_primary": {"main": True}})

    with pytest.raises(Refused):
        check_value_mapping(CONTACTS, {"is_primary": {"main": "true"}})


def test_a_field_that_is_computed_takes_no_words() -> None:
    stage = Field(name="stage", type=FieldType.CHOICE, choices=("new",), is_computed=True)
    things = Resource(name="things", singular="thing", id_prefix="thi", fields=(stage,), identities=())

    with pytest.raises(Refused, match=r"'stage' is no field of things with choices\. things have none\."):
        check_value_mapping(things, {"stage": {"a": "new"}})
