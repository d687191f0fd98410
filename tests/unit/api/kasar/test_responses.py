"""Kasar's words for what is wrong with a record."""

import pytest

from chalicelib.api.kasar import OBJECTS, get_object
from chalicelib.api.kasar.responses import render_message
from chalicelib.errors import Refused
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        pytest.param(
            Problem(ProblemCode.INVALID_EMAIL, field="email", value="x"),
            "Field 'email' must be a valid email address",
            id="as published",
        ),
        pytest.param(
            Problem(ProblemCode.REQUIRED, field="name"), "Field 'name' is required", id="of a field, like the published"
        ),
        pytest.param(
            Problem(ProblemCode.UNKNOWN_FIELD, field="{x}", facts={"resource": "contacts"}),
            "Field '{x}' does not exist on contacts",
            id="braces in a name",
        ),
        pytest.param(
            Problem(ProblemCode.RECORD_TOO_LARGE, facts={"limit": 9}),
            "The record would be larger than 9 bytes",
            id="of the record as a whole",
        ),
    ],
)
def test_messages_are_in_the_published_manner(problem: Problem, expected: str) -> None:
    assert render_message(problem) == expected


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_the_resource_of_its_name(name: str) -> None:
    assert get_object(name).name == name


def test_other_resources_are_no_objects() -> None:
    with pytest.raises(Refused) as refusal:
        get_object("customers")

    assert refusal.value.code == "unknown_resource"
