"""Rows as the schema of their resource reads them: fields that could be read, problems with the others."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType, Identity, Resource
from chalicelib.schema.row_parser import RowParser

CUSTOMERS = RowParser(RESOURCES["customers"])


def test_a_row_of_text_becomes_typed_fields() -> None:
    row = {"email": "Jane@Example.com", "name": " Jane Doe ", "tags": "vip, new", "metadata": '{"a": 1}'}

    fields, problems = CUSTOMERS.parse(row)

    assert problems == []
    assert fields == {
        "email": "Jane@example.com",
        "name": "Jane Doe",
        "tags": ["vip", "new"],
        "metadata": {"a": 1},
    }


@pytest.mark.parametrize("blank", ["", " ", "\t\r\n", "\xa0"])
def test_a_blank_cell_is_not_given(blank: str) -> None:
    row = {"name": "Jane", "phone": blank, "notes": blank, "tags": blank, "metadata": blank, "status": blank}

    assert CUSTOMERS.parse(row) == ({"name": "Jane"}, [])


@pytest.mark.parametrize("empty", [[], {}], ids=["list", "map"])
def test_an_empty_list_or_map_is_a_value(empty: object) -> None:
    name = "tags" if isinstance(empty, list) else "metadata"

    assert CUSTOMERS.parse({name: empty}) == ({name: empty}, [])


def test_a_problem_says_where_and_what() -> None:
    _, [problem] = CUSTOMERS.parse({"name": "Jane", "status": "asleep"}, 7, 9)

    assert (problem.code, problem.row_number, problem.line) == (ProblemCode.NOT_A_CHOICE, 7, 9)
    assert problem.message == "'status' must be one of active, inactive, not 'asleep'."


def test_all_problems_of_a_row_are_found_and_its_readable_fields_kept() -> None:
    fields, problems = CUSTOMERS.parse({"external_id": "C-1", "email": "wrong", "name": "a\0", "phone": "1"})

    assert fields == {"external_id": "C-1"}
    assert {problem.field: problem.code for problem in problems} == {
        "email": ProblemCode.INVALID_EMAIL,
        "name": ProblemCode.INVALID_TEXT,
        "phone": ProblemCode.INVALID_PHONE,
    }


def test_a_null_clears_a_field() -> None:
    assert CUSTOMERS.parse({"name": "Jane", "email": None, "tags": None}) == (
        {"name": "Jane", "email": None, "tags": None},
        [],
    )


def test_a_null_id_is_not_given() -> None:
    assert CUSTOMERS.parse({"id": None, "name": "Jane"}) == ({"name": "Jane"}, [])


def test_a_required_field_cannot_be_cleared() -> None:
    fields, [problem] = CUSTOMERS.parse({"external_id": "C-1", "name": None})

    assert fields == {"external_id": "C-1"}
    assert (problem.code, problem.field) == (ProblemCode.REQUIRED, "name")


def test_the_last_field_of_a_group_cannot_be_cleared() -> None:
    contacts = RowParser(RESOURCES["contacts"])

    fields, problems = contacts.parse({"name": None, "first_name": None, "last_name": None, "phone": None})

    assert fields == {"phone": None}
    assert {problem.code for problem in problems} == {ProblemCode.REQUIRED}
    assert contacts.parse({"name": None, "first_name": None}) == ({"name": None, "first_name": None}, [])


def test_a_cell_clears_a_field_only_by_the_marker() -> None:
    marked = RowParser(RESOURCES["customers"], null_marker="NULL")

    assert marked.parse({"name": "Jane", "phone": "NULL"}) == ({"name": "Jane", "phone": None}, [])
    assert CUSTOMERS.parse({"name": "Jane", "notes": "NULL"}) == ({"name": "Jane", "notes": "NULL"}, [])


def test_computed_and_unknown_fields_are_not_read() -> None:
    assert CUSTOMERS.parse({"name": "Jane", "ticket_count": 5, "spaceship": "x"}) == ({"name": "Jane"}, [])


def test_a_value_too_large_to_spell_is_still_reported() -> None:
    _, [problem] = CUSTOMERS.parse({"name": 10**5000})

    assert problem.code is ProblemCode.INVALID_TYPE


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"first_name": "Jane", "last_name": "Doe"}, {"name": "Jane Doe"}, id="both"),
        pytest.param({"first_name": "Jane", "last_name": ""}, {"name": "Jane"}, id="one-blank"),
        pytest.param({"first_name": None, "last_name": "Doe"}, {"name": "Doe"}, id="one-null"),
        pytest.param({"first_name": "Jane", "last_name": "Doe", "name": "JD"}, {"name": "JD"}, id="whole-given"),
        pytest.param({"first_name": "Jane", "last_name": "Doe", "name": " "}, {"name": "Jane Doe"}, id="whole-blank"),
        pytest.param({"first_name": "Jane"}, {}, id="one-alone"),
        pytest.param({"first_name": "", "last_name": ""}, {}, id="both-blank"),
    ],
)
def test_a_name_is_made_of_its_parts_if_all_are_given(given: dict[str, object], expected: dict[str, object]) -> None:
    assert CUSTOMERS.parse(given) == (expected, [])


def test_what_is_wrong_with_a_part_is_told_of_the_part() -> None:
    fields, [problem] = CUSTOMERS.parse({"first_name": "J" * 128, "last_name": "Doe", "email": "jane@example.com"})

    assert (problem.code, problem.field) == (ProblemCode.TOO_LONG, "first_name")
    assert "first_name" not in fields


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_the_examples_of_the_catalogue_are_read_without_problems(resource: Resource) -> None:
    examples = {one.name: one.example for one in resource.fields if not one.is_computed}

    fields, problems = RowParser(resource).parse(examples)

    assert problems == []
    assert set(fields) == {name for name in examples if not resource.by_name[name].part_of}


@pytest.mark.parametrize("kind", FieldType, ids=str)
def test_every_type_of_field_can_be_read_or_refused(kind: FieldType) -> None:
    field = Field(name="value", type=kind, choices=("a",) if kind is FieldType.CHOICE else ())
    schema = RowParser(Resource(name="things", singular="thing", id_prefix="thg", fields=(field,), identities=()))

    _, problems = schema.parse({"value": Identity})

    assert [problem.field for problem in problems] == ["value"]
