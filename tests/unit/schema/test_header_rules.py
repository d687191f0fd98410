"""What headers mean: by mapping, name or alias."""

from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.schema.header_rules import NOT_READ, HeaderPrecedence, HeaderRules, checked_mapping

CUSTOMERS = RESOURCES["customers"]


@pytest.mark.parametrize(
    ("header", "field", "precedence"),
    [
        pytest.param(" Who ", "name", HeaderPrecedence.MAPPED, id="mapped"),
        pytest.param("E-Mail", "email", HeaderPrecedence.NAMED, id="name, however it is spelled"),
        pytest.param("Mail", "email", HeaderPrecedence.ALIAS, id="alias"),
    ],
)
def test_a_header_means_a_field(header: str, field: str, precedence: HeaderPrecedence) -> None:
    meaning = HeaderRules(CUSTOMERS, {"name": "Who"}).meaning_of(header)

    assert (meaning.field, meaning.precedence) == (field, precedence)


def test_a_field_that_is_not_to_be_read_has_no_header() -> None:
    rules = HeaderRules(CUSTOMERS, {"e-mail": NOT_READ, "name": NOT_READ, "company": "Name"})

    assert rules.meaning_of("Mail").field == ""
    assert rules.meaning_of("Mail").code is ProblemCode.HEADER_UNKNOWN
    assert rules.meaning_of("Name").field == "company"
    assert rules.headers_by_field == {"company": "Name"}


def test_status_is_protected_only_where_it_is_no_field() -> None:
    items = HeaderRules(RESOURCES["items"], {})

    assert items.meaning_of("status").code is ProblemCode.PROTECTED_FIELD
    assert HeaderRules(CUSTOMERS, {}).meaning_of("status").field == "status"


@pytest.mark.parametrize("header", ["_rev", "_spaceship", "pk"])
def test_names_that_stores_and_dialects_live_by_are_protected(header: str) -> None:
    assert HeaderRules(CUSTOMERS, {}).meaning_of(header).code is ProblemCode.PROTECTED_FIELD


@pytest.mark.parametrize(
    "mapping",
    [
        pytest.param({"spaceship": "x"}, id="unknown-field"),
        pytest.param({"ticket_count": "x"}, id="computed-field"),
        pytest.param({"email": "x", "name": "x"}, id="header-twice"),
        pytest.param({"email": "x", "e-mail": "y"}, id="field-twice"),
        pytest.param({"email": " "}, id="blank-header"),
        pytest.param({"email": 5}, id="no-text"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(mapping: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        checked_mapping(CUSTOMERS, mapping)

    assert (refusal.value.code, refusal.value.param) == ("invalid_column_mapping", "column_mapping")


def test_a_mapping_may_spell_its_fields_as_headers_do() -> None:
    assert checked_mapping(CUSTOMERS, {"Custom Fields": " Extra "}) == {"customFields": "Extra"}
