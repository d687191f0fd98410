"""What a source names where no field reads it."""

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.identity import identity_keys
from chalicelib.schema.key_mapping import KeyMapping
from chalicelib.schema.mentioned_identities import TEXT_CHARACTERS, MentionedIdentities, has_rows

CUSTOMERS = RESOURCES["customers"]
RULES = HeaderRules(CUSTOMERS, {})
KNOWN = {"id": "cus_1", "external_id": "C-1", "email": "ann@example.com"}


def keys(*names: str) -> set[str]:
    """Of the identities by which the customer is known."""
    return {key for name in names for key in identity_keys(CUSTOMERS, {name: KNOWN[name]})}


@pytest.mark.parametrize(
    ("headers", "cells", "named"),
    [
        pytest.param(["name", "Kunde"], ["Ann", "C-1"], ["external_id"], id="unknown header"),
        pytest.param(["name", "", "x"], ["Ann", " Ann@Example.com ", ""], ["email"], id="no header"),
        pytest.param(["email", "mail"], ["x@example.com", "ann@example.com"], ["email"], id="second column"),
        pytest.param(["name", "phone"], ["C-1", "cus_1"], [], id="columns that are read"),
        pytest.param(["name", "_row_number"], ["Ann", "C-1"], [], id="column of an errors file"),
        pytest.param(["phone", "phone"], ["", "C-1"], [], id="second column of no identity"),
        pytest.param(["name", "x"], ["Ann"], [], id="short row"),
        pytest.param(["name", "phone"], ["Ann\nC-1", ""], [], id="lines that are no rows"),
        pytest.param(["name", "phone"], ["Ann,1\nC-1,2", ""], [], id="too many delimiters for rows"),
        pytest.param(["phone", "name", "notes"], ["1", "Ann,x\nC-1,Bob", "y"], ["external_id"], id="swallowed rows"),
        pytest.param(["name"], ["Ann;C-1"], ["external_id"], id="one column that was several"),
    ],
)
def test_cells_that_no_field_reads_name_records(headers: list[str], cells: list[str], named: list[str]) -> None:
    found = MentionedIdentities(CUSTOMERS, ColumnMapping(RULES, headers)).in_rows([cells])

    assert found & keys(*KNOWN) == keys(*named)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        pytest.param([{"name": "Ann", "Kunde": "C-1"}], ["external_id"], id="unknown key"),
        pytest.param([{"email": "x@example.com", "Mail": "ann@example.com"}], ["email"], id="second key"),
        pytest.param([{"name": "C-1"}], [], id="key that is read"),
        pytest.param([{"Kunde": ["C-1"], "x": {"y": "C-1"}, "z": None}], [], id="no plain values"),
        pytest.param([{"x": 10**5000}], [], id="a number that has no spelling"),
        pytest.param([["C-1"]], [], id="a row that is no object"),
        pytest.param([], [], id="no rows"),
    ],
)
def test_keys_that_no_field_reads_name_records(rows: Sequence[Any], named: list[str]) -> None:
    mapping = KeyMapping(RULES, 100)
    mapping.read({"Kunde": "C-2"})
    for row in rows:
        mapping.read(row if isinstance(row, dict) else {})

    assert MentionedIdentities(CUSTOMERS, mapping).in_rows(rows) & keys(*KNOWN) == keys(*named)


def test_a_header_line_that_lost_its_end_names_records() -> None:
    mentions = MentionedIdentities(CUSTOMERS, ColumnMapping(RULES, ["name", "external_idC-2", "ann@example.com"]))

    assert keys("email") <= mentions.in_headers(["name", "external_idC-2", "ann@example.com"])


def test_stores_are_never_asked_for_texts_that_cannot_be_ids() -> None:
    mentions = MentionedIdentities(CUSTOMERS, ColumnMapping(RULES, ["name", "x"]))

    found = mentions.in_rows([["Ann", "two words"], ["Bob", "y" * 600], ["Cy", "/etc"]])

    assert {key.partition(":")[0] for key in found} == {"external_id"}
    assert len(found) == 2


@pytest.mark.parametrize(("characters", "asked"), [(TEXT_CHARACTERS, 1), (TEXT_CHARACTERS + 1, 0)])
def test_texts_that_are_too_long_are_no_identities(characters: int, asked: int) -> None:
    mentions = MentionedIdentities(CUSTOMERS, ColumnMapping(RULES, ["name", "x"]))

    assert len(mentions.in_rows([["Ann", "y" * characters]])) == asked


@pytest.mark.parametrize(
    ("cell", "width", "expected"),
    [
        pytest.param("Ann,x\r\nC-1,Bob", 3, True, id="one line end"),
        pytest.param("x\n1,2,3\n1", 2, True, id="two line ends"),
        pytest.param("Dear all,\nplease note", 4, False, id="a letter"),
        pytest.param("a;b\nc;d", 3, True, id="semicolons"),
        pytest.param("a,b", 3, False, id="no line end"),
    ],
)
def test_knows_cells_that_may_hold_rows(cell: str, width: int, expected: bool) -> None:
    assert has_rows(cell, width) is expected
