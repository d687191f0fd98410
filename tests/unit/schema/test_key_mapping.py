"""Keys of JSON rows feed fields, and may differ from row to row."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.error_columns import DIGEST, ROW_NUMBER, digest_of
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.key_mapping import KeyMapping

MOST_KEYS = 10
CUSTOMERS = RESOURCES["customers"]


def map_keys(mapping: dict[str, str] | None = None, *, is_strict: bool = False) -> KeyMapping:
    return KeyMapping(HeaderRules(CUSTOMERS, mapping or {}, is_strict=is_strict), MOST_KEYS)


def test_keys_feed_fields_and_may_differ_from_row_to_row() -> None:
    keys = map_keys({"notes": "remark"})

    assert keys.read({"fullName": "Jane", "remark": "x"}) == ({"name": "Jane", "notes": "x"}, [])
    assert keys.read({"email": None, "name": "Joe"}) == ({"email": None, "name": "Joe"}, [])


@pytest.mark.parametrize("row", [{"mail": "a", "email": "b"}, {"email": "b", "mail": "a"}], ids=["after", "before"])
def test_of_two_keys_for_one_field_the_surer_one_is_read(row: dict[str, str]) -> None:
    given, [problem] = map_keys().read(row, 5)

    assert given == {"email": "b"}
    assert (problem.code, problem.field, problem.value) == (ProblemCode.HEADER_DUPLICATE, "email", "mail")


def test_of_two_keys_that_are_as_sure_the_first_one_is_read() -> None:
    given, [problem] = map_keys().read({"mail": "a", "E-Mail Address": "b"}, 5)

    assert given == {"email": "a"}
    assert (problem.value, problem.facts) == ("E-Mail Address", {"first": "mail"})


def test_an_unread_key_is_reported_once_for_the_source() -> None:
    keys = map_keys()

    for _ in range(3):
        assert keys.read({"spaceship": 1, "pk": 2}) == ({}, [])

    assert [problem.code for problem in keys.problems] == [ProblemCode.HEADER_UNKNOWN, ProblemCode.PROTECTED_FIELD]


def test_a_strict_mapping_fails_every_row_with_an_unknown_key() -> None:
    keys = map_keys(is_strict=True)

    for number in (1, 2):
        _, [problem] = keys.read({"name": "Jane", "spaceship": 1}, number)
        assert (problem.code, problem.row_number) == (ProblemCode.UNKNOWN_FIELD, number)
    assert keys.problems == []


def test_values_beyond_the_header_of_an_errors_file_are_to_be_moved() -> None:
    row = {"name": "Jane", ROW_NUMBER: "7", "column 2": "555-0100"}

    _, [problem] = map_keys().read(row, 3)
    mapped = map_keys({"phone": "column 2"}).read(row, 3)
    _, moved = map_keys().read({**row, "column 2": ""}, 3)

    assert problem.code is ProblemCode.ROW_TOO_LONG
    assert mapped == ({"name": "Jane", "phone": "555-0100"}, [])
    assert moved == []


def test_a_row_of_an_errors_file_that_comes_back_as_it_was_is_told() -> None:
    bad = {"name": "Jane", "email": "jane@"}
    rejected = {**bad, ROW_NUMBER: "7", DIGEST: digest_of(bad.values())}

    _, problems = map_keys().read(rejected, 3)
    _, corrected = map_keys().read({**rejected, "email": "jane@example.com"}, 3)

    assert [(one.code, one.row_number) for one in problems] == [(ProblemCode.NOT_CORRECTED, 3)]
    assert corrected == []


def test_more_keys_than_a_table_may_have_columns_are_refused() -> None:
    keys = map_keys()
    for number in range(MOST_KEYS):
        keys.read({f"key{number}": 1})

    assert keys.read({"key0": 1, "key9": 2}) == ({}, [])
    with pytest.raises(Refused, match="too_many_columns: The rows have more than 10 different keys"):
        keys.read({"name": "Jane"})


def test_an_unread_value_is_one_under_an_unknown_key_or_under_one_of_several_for_a_field() -> None:
    keys = map_keys()
    row = {"email": "a", "mail": "b", "spaceship": "c", "created_at": "d", "name": "e"}

    keys.read(row)

    assert [*keys.each_unread_value(row, {"email"})] == ["a", "b", "c"]
    assert [*keys.each_unread_value(row, {"name"})] == ["c"]
    assert [*map_keys().each_unread_value(row, {"email"})] == []


def test_where_no_key_is_known_all_values_are_unread() -> None:
    keys = map_keys()
    row = {"spaceship": "a", "captain": "b"}

    keys.read(row)

    assert [*keys.each_unread_value(row, {"email"})] == ["a", "b"]


def test_two_keys_for_one_field_are_unread_values_where_all_keys_are_known() -> None:
    keys = map_keys()
    row = {"email": "a", "mail": "b", "name": "c"}

    keys.read(row)

    assert [*keys.each_unread_value(row, {"email"})] == ["a", "b"]
    assert [*keys.each_unread_value(row, {"name"})] == []


def test_corrected_values_stand_under_the_keys_of_their_row() -> None:
    row = {"Mail": "jane@", "E-Mail": "joe@", "name": "Jane", "spaceship": 1}

    corrected = map_keys().corrected(row, {"email": "jane@example.com", "phone": "555-0100"})

    assert corrected == {"name": "Jane", "spaceship": 1, "Mail": "jane@example.com", "phone": "555-0100"}
