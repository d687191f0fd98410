"""Columns feed fields, as their headers mean them."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.error_columns import DIGEST, ROW_NUMBER, digest_of
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.schema.column_mapping import ColumnMapping, columns_of, header_of, headers_by_field
from chalicelib.schema.header_rules import HeaderRules

CUSTOMERS = RESOURCES["customers"]


def map_columns(headers: list[str], mapping: dict[str, str] | None = None, *, is_strict: bool = False) -> ColumnMapping:
    return ColumnMapping(HeaderRules(CUSTOMERS, mapping or {}, is_strict=is_strict), headers)


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

    assert map_columns(headers, mapping).read(cells) == (expected, [])


def test_a_short_row_gives_what_it_has() -> None:
    assert map_columns(["spaceship", "name", "email"]).read(["x", "Jane"]) == ({"name": "Jane"}, [])


@pytest.mark.parametrize(
    ("headers", "mapping", "expected"),
    [
        pytest.param(["name", "spaceship"], {}, [(ProblemCode.HEADER_UNKNOWN, "spaceship")], id="unknown"),
        pytest.param(["name", ""], {}, [], id="empty, which the reader tells"),
        pytest.param(["email", "mail"], {}, [(ProblemCode.HEADER_DUPLICATE, "email")], id="duplicate"),
        pytest.param(["name", " Mail "], {"email": "Mail"}, [], id="mapped"),
        pytest.param(["name"], {"email": "Mail"}, [(ProblemCode.HEADER_MISSING, "email")], id="missing"),
        pytest.param(["ticketCount"], {}, [(ProblemCode.PROTECTED_FIELD, "ticketCount")], id="computed"),
        pytest.param(["tenant_id"], {}, [(ProblemCode.PROTECTED_FIELD, "tenant_id")], id="tenant"),
        pytest.param(["pk", "SK"], {}, [(ProblemCode.PROTECTED_FIELD, name) for name in ("pk", "SK")], id="keys"),
        pytest.param(["__proto__"], {}, [(ProblemCode.PROTECTED_FIELD, "__proto__")], id="prototype"),
        pytest.param(["_version"], {}, [(ProblemCode.PROTECTED_FIELD, "_version")], id="underscore"),
        pytest.param(["name", ROW_NUMBER, DIGEST], {}, [], id="columns of an errors file"),
        pytest.param(["Created At"], {}, [(ProblemCode.PROTECTED_FIELD, "Created At")], id="created"),
    ],
)
def test_what_is_not_read_is_reported(
    headers: list[str], mapping: dict[str, str], expected: list[tuple[ProblemCode, str | None]]
) -> None:
    problems = map_columns(headers, mapping).problems

    assert [(problem.code, problem.field) for problem in problems] == expected


def test_the_texts_of_header_problems_are_complete() -> None:
    problems = map_columns(["email", "mail", "", "spaceship", "pk"], {"name": "Who"}).problems

    assert [text for problem in problems for text in (problem.message, problem.hint) if "{" in text] == []


def test_a_row_of_an_errors_file_that_comes_back_as_it_was_is_told() -> None:
    mapping = map_columns(["name", "email", ROW_NUMBER, DIGEST])
    digest = digest_of(["Jane", "jane@"])

    _, problems = mapping.read(["Jane", "jane@", "7", digest], 3, 4)
    _, corrected = mapping.read(["Jane", "jane@example.com", "7", digest], 3, 4)

    assert [(one.code, one.row_number) for one in problems] == [(ProblemCode.NOT_CORRECTED, 3)]
    assert corrected == []


def test_cells_beyond_the_header_of_an_errors_file_are_to_be_moved() -> None:
    mapping = map_columns(["name", "email", "column 3", ROW_NUMBER], {"phone": "column 4"})

    _, problems = mapping.read(["Jane", "jane@example.com", "x", "7"], 3, 4)
    _, moved = mapping.read(["Jane", "jane@example.com", "", "7"], 3, 4)
    _, cut = mapping.read(["Jane", "jane@example.com"], 3, 4)

    assert ([one.code for one in problems], moved, cut) == ([ProblemCode.ROW_TOO_LONG], [], [])


def test_a_surplus_column_that_is_mapped_is_read() -> None:
    mapping = map_columns(["name", "column 2", ROW_NUMBER], {"phone": "column 2"})

    assert mapping.read(["Jane", "555-0100", "7"], 3, 4) == ({"name": "Jane", "phone": "555-0100"}, [])


def test_a_short_row_of_an_errors_file_is_told_by_the_cells_it_has() -> None:
    mapping = map_columns([DIGEST, ROW_NUMBER, "name", "email"])

    _, problems = mapping.read([digest_of(["Jane"]), "7", "Jane"], 3, 4)
    _, corrected = mapping.read([digest_of(["Jane"]), "7", "Joe"], 3, 4)

    assert ([one.code for one in problems], corrected) == ([ProblemCode.NOT_CORRECTED], [])


def test_a_strict_mapping_fails_the_rows_that_give_an_unknown_field() -> None:
    strict = map_columns(["name", "spaceship", "created_at", ""], is_strict=True)

    given, [problem] = strict.read(["Jane", "Falcon", "2025", "x"], 3, 4)

    assert given == {"name": "Jane"}
    assert (problem.code, problem.row_number, problem.field) == (ProblemCode.UNKNOWN_FIELD, 3, "spaceship")
    assert [one.field for one in strict.problems] == ["created_at"]
    assert strict.read(["Jane", " ", ""]) == ({"name": "Jane"}, [])
    assert strict.read(["Jane"]) == ({"name": "Jane"}, [])


@pytest.mark.parametrize(
    ("headers", "is_strict", "expected"),
    [
        pytest.param(["name", "spaceship"], True, True, id="unknown"),
        pytest.param(["name", "spaceship"], False, False, id="unknown, which is only reported"),
        pytest.param(["name", DIGEST], False, True, id="errors file"),
        pytest.param(["name"], True, False, id="known"),
    ],
)
def test_knows_headers_by_which_a_row_may_fail(headers: list[str], is_strict: bool, expected: bool) -> None:
    assert map_columns(headers, is_strict=is_strict).has_unknown_columns is expected


def test_an_unread_column_may_hold_a_field_that_another_column_feeds() -> None:
    mapping = map_columns(["name", "email", "Mail", "spaceship", "created_at"])

    assert mapping.unread_columns({"email"}) == [2, 3]
    assert mapping.unread_columns({"name"}) == [3]


def test_each_column_has_a_reason() -> None:
    headers = ["x", "email", "Mail", "Full Name", "created_at", "spaceship", " "]

    columns = columns_of(HeaderRules(CUSTOMERS, {"notes": "x"}), headers)

    assert [(one.field, one.why.value) for one in columns] == [
        ("notes", "mapping"),
        ("email", "name"),
        (None, "duplicate"),
        ("name", "alias"),
        (None, "protected"),
        (None, "unknown"),
        (None, "nameless"),
    ]


def test_a_problem_stands_under_the_header_of_its_field() -> None:
    headers = headers_by_field(HeaderRules(CUSTOMERS, {"email": "Post"}), ["Post", "Fax"])

    assert headers == {"email": "Post"}
    assert header_of(Problem(ProblemCode.INVALID_EMAIL, field="email"), headers) == "Post"
    assert header_of(Problem(ProblemCode.UNKNOWN_FIELD, field="Fax"), headers) == "Fax"
    assert header_of(Problem(ProblemCode.REQUIRED, field="name"), headers) is None
    assert header_of(Problem(ProblemCode.NO_IDENTITY), headers) is None
