"""Which headers feed which fields."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules, checked_mapping
from chalicelib.schema.key_mapping import REMEMBERED_KEYS, KeyMapping

CUSTOMERS = RESOURCES["customers"]


def plan(headers: list[str], mapping: dict[str, str] | None = None, *, is_strict: bool = False) -> ColumnMapping:
    return ColumnMapping(HeaderRules(CUSTOMERS, mapping or {}, is_strict=is_strict), headers)


def key_plan(mapping: dict[str, str] | None = None, *, is_strict: bool = False) -> KeyMapping:
    return KeyMapping(HeaderRules(CUSTOMERS, mapping or {}, is_strict=is_strict))


@pytest.mark.parametrize(
    ("headers", "mapping", "expected"),
    [
        pytest.param(["name", "email"], {}, {"name": "0", "email": "1"}, id="names"),
        pytest.param(["Full Name", "E-Mail"], {}, {"name": "0", "email": "1"}, id="aliases"),
        pytest.param(["x", "email"], {"name": "x"}, {"name": "0", "email": "1"}, id="mapped"),
        pytest.param(["Mail", "email"], {}, {"email": "1"}, id="name-before-alias"),
        pytest.param(["email", "Work"], {"email": "Work"}, {"email": "1"}, id="mapping-before-name"),
        pytest.param(["email", "name"], {"notes": "email"}, {"notes": "0", "name": "1"}, id="mapped-away"),
        pytest.param(["email", "email"], {}, {"email": "0"}, id="first-of-equals"),
        pytest.param([" name ", "spaceship"], {}, {"name": "0"}, id="unknown-left-out"),
    ],
)
def test_columns_feed_fields(headers: list[str], mapping: dict[str, str], expected: dict[str, str]) -> None:
    cells = [str(index) for index in range(len(headers))]

    assert plan(headers, mapping).read(cells) == (expected, [])


def test_a_short_row_gives_what_it_has() -> None:
    assert plan(["spaceship", "name", "email"]).read(["x", "Jane"]) == ({"name": "Jane"}, [])


@pytest.mark.parametrize(
    ("headers", "mapping", "expected"),
    [
        pytest.param(["name", "spaceship"], {}, [(ProblemCode.HEADER_UNKNOWN, "spaceship")], id="unknown"),
        pytest.param(["name", ""], {}, [], id="empty, which the reader tells"),
        pytest.param(["email", "mail"], {}, [(ProblemCode.HEADER_DUPLICATE, "email")], id="duplicate"),
        pytest.param(["name"], {"email": "Mail"}, [(ProblemCode.HEADER_MISSING, "email")], id="missing"),
        pytest.param(["ticketCount"], {}, [(ProblemCode.PROTECTED_FIELD, "ticketCount")], id="computed"),
        pytest.param(["tenant_id"], {}, [(ProblemCode.PROTECTED_FIELD, "tenant_id")], id="tenant"),
        pytest.param(["pk", "SK"], {}, [(ProblemCode.PROTECTED_FIELD, name) for name in ("pk", "SK")], id="keys"),
        pytest.param(["__proto__"], {}, [(ProblemCode.PROTECTED_FIELD, "__proto__")], id="prototype"),
        pytest.param(["_version"], {}, [(ProblemCode.PROTECTED_FIELD, "_version")], id="underscore"),
        pytest.param(["Created At"], {}, [(ProblemCode.PROTECTED_FIELD, "Created At")], id="created"),
    ],
)
def test_what_is_not_read_is_reported(
    headers: list[str], mapping: dict[str, str], expected: list[tuple[ProblemCode, str | None]]
) -> None:
    problems = plan(headers, mapping).problems

    assert [(problem.code, problem.field) for problem in problems] == expected


def test_status_is_protected_only_where_it_is_no_field() -> None:
    items = HeaderRules(RESOURCES["items"], {})

    assert items.meaning_of("status").code is ProblemCode.PROTECTED_FIELD
    assert HeaderRules(CUSTOMERS, {}).meaning_of("status").field == "status"


def test_the_texts_of_header_problems_are_complete() -> None:
    problems = plan(["email", "mail", "", "spaceship", "pk"], {"name": "Who"}).problems

    assert [text for problem in problems for text in (problem.message, problem.hint) if "{" in text] == []


def test_a_strict_plan_fails_the_rows_that_give_an_unknown_field() -> None:
    strict = plan(["name", "spaceship", "created_at", ""], is_strict=True)

    given, [problem] = strict.read(["Jane", "Falcon", "2025", "x"], 3, 4)

    assert given == {"name": "Jane"}
    assert (problem.code, problem.row_number, problem.field) == (ProblemCode.UNKNOWN_FIELD, 3, "spaceship")
    assert strict.read(["Jane", " ", ""]) == ({"name": "Jane"}, [])


@pytest.mark.parametrize(
    "mapping",
    [
        pytest.param({"spaceship": "x"}, id="unknown-field"),
        pytest.param({"ticket_count": "x"}, id="computed-field"),
        pytest.param({"email": "x", "name": "x"}, id="header-twice"),
        pytest.param({"email": "x", "e-mail": "y"}, id="field-twice"),
        pytest.param({"email": " "}, id="blank-header"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        checked_mapping(CUSTOMERS, mapping)

    assert (refusal.value.code, refusal.value.param) == ("invalid_column_mapping", "column_mapping")


def test_a_mapping_may_spell_its_fields_as_headers_do() -> None:
    assert checked_mapping(CUSTOMERS, {"Custom Fields": " Extra "}) == {"customFields": "Extra"}


def test_keys_feed_fields_and_may_differ_from_row_to_row() -> None:
    keys = key_plan({"notes": "remark"})

    assert keys.read({"fullName": "Jane", "remark": "x"}) == ({"name": "Jane", "notes": "x"}, [])
    assert keys.read({"email": None, "name": "Joe"}) == ({"email": None, "name": "Joe"}, [])


@pytest.mark.parametrize("row", [{"mail": "a", "email": "b"}, {"email": "b", "mail": "a"}], ids=["after", "before"])
def test_of_two_keys_for_one_field_the_surer_one_is_read(row: dict[str, str]) -> None:
    given, [problem] = key_plan().read(row, 5)

    assert given == {"email": "b"}
    assert (problem.code, problem.field, problem.value) == (ProblemCode.HEADER_DUPLICATE, "email", "mail")


def test_an_unread_key_is_reported_once_for_the_source() -> None:
    keys = key_plan()

    for _ in range(3):
        assert keys.read({"spaceship": 1, "pk": 2}) == ({}, [])

    assert [problem.code for problem in keys.problems] == [ProblemCode.HEADER_UNKNOWN, ProblemCode.PROTECTED_FIELD]


def test_a_strict_plan_fails_every_row_with_an_unknown_key() -> None:
    keys = key_plan(is_strict=True)

    for number in (1, 2):
        _, [problem] = keys.read({"name": "Jane", "spaceship": 1}, number)
        assert (problem.code, problem.row_number) == (ProblemCode.UNKNOWN_FIELD, number)


def test_ever_new_keys_are_not_remembered_for_ever() -> None:
    keys = key_plan()

    for number in range(REMEMBERED_KEYS + 5):
        keys.read({f"key{number}": 1})

    assert len(keys.problems) == REMEMBERED_KEYS
    assert keys.read({"name": "Jane"}) == ({"name": "Jane"}, [])
