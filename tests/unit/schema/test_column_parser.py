"""Rows of cells parsed column by column; that this equals one by one is tested with prevalidation."""

from dataclasses import replace

import pytest

from chalicelib.formats.blocks import block_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, UploadMode
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import NOTHING_KNOWN
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Fields, Row
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.column_parser import ColumnParser
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.identity import identity_keys

IMPORT = Import(
    import_id=ImportId("imp_1"),
    tenant_id=TenantId("t"),
    resource="customers",
    action=Action.MERGE,
    upload_mode=UploadMode.ASYNC,
    reading=ReadingOptions(null_marker="NULL"),
)


def parser_of(
    resource: str, *headers: str, is_strict: bool = False, location: str | None = None
) -> ColumnParser | None:
    rules = HeaderRules(RESOURCES[resource], {}, is_strict=is_strict)
    import_ = replace(IMPORT, location_id=location)
    return ColumnParser.of(RESOURCES[resource], ColumnMapping(rules, headers), DEFAULT_LIMITS, import_, NOTHING_KNOWN)


def test_each_row_is_a_draft_or_rejected_or_irregular() -> None:
    rows = [
        Row(1, 2, ["Jane", "jane@example.com"]),
        Row(2, 3, ["Joe", "joe@"]),
        Row(3, 4, ["NULL", "ann@example.com"]),
        Row(4, 5, ["Eve"], [Problem(ProblemCode.ROW_TOO_SHORT)]),
    ]
    parser = parser_of("customers", "name", "email")
    assert parser is not None

    parsed = parser.parse(block_of(rows, 0))

    assert [draft.row_number for draft in parsed.drafts] == [1]
    assert [(one.row_number, [problem.code for problem in one.problems]) for one in parsed.rejected] == [
        (2, [ProblemCode.INVALID_EMAIL])
    ]
    assert [row.number for row in parsed.irregular] == [3, 4]
    assert parsed.fields.by_row()[1] == {"name": "Jane", "email": "jane@example.com"}


@pytest.mark.parametrize(
    ("headers", "rows"),
    [
        pytest.param(["external_id", "email"], [["C-1", "a@x.com"], ["C-2", "b@x.com"]], id="all identities"),
        pytest.param(["external_id", "email"], [["C-1", ""], ["", "b@x.com"], ["", ""]], id="some of them"),
        pytest.param(["name", "notes"], [["Jane", "x"], ["Joe", "y"]], id="none"),
    ],
)
def test_rows_have_the_keys_of_the_identities_that_they_give(headers: list[str], rows: list[list[str]]) -> None:
    parser = parser_of("customers", *headers)
    assert parser is not None

    parsed = parser.parse(block_of([Row(n, n + 1, cells) for n, cells in enumerate(rows, 1)], 0))

    fields: list[Fields] = [{name: cell for name, cell in zip(headers, cells, strict=True) if cell} for cells in rows]
    assert [draft.identity_keys for draft in parsed.drafts] == [
        identity_keys(RESOURCES["customers"], one) for one in fields
    ]


def test_the_location_fills_a_field_that_no_column_feeds() -> None:
    parser = parser_of("contacts", "email", location="Berlin")
    assert parser is not None

    parsed = parser.parse(block_of([Row(1, 2, ["a@x.com"])], 0))

    assert parsed.fields.by_row()[1] == {"email": "a@x.com", "locations": ["Berlin"]}


def test_the_location_fills_rows_that_give_none() -> None:
    parser = parser_of("contacts", "email", "locations", location="Berlin")
    assert parser is not None

    parsed = parser.parse(block_of([Row(1, 2, ["a@x.com", ""]), Row(2, 3, ["b@x.com", "Rome"])], 0))

    assert [fields["locations"] for fields in parsed.fields.by_row().values()] == [["Berlin"], ["Rome"]]


@pytest.mark.parametrize(
    ("resource", "headers", "is_strict"),
    [
        pytest.param("customers", ["name", "spaceship"], True, id="a cell may fail its row by its header"),
        pytest.param("customers", ["spaceship"], False, id="no field is fed"),
        pytest.param("users", ["name", "email"], False, id="other fields stand for an identity"),
        pytest.param("customers", ["first name", "last name"], False, id="parts make a field"),
    ],
)
def test_some_sources_are_parsed_row_by_row(resource: str, headers: list[str], is_strict: bool) -> None:
    assert parser_of(resource, *headers, is_strict=is_strict) is None
