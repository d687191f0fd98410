"""Which record a row means by the identities that an import states."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Action
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.schema.matching import StatedMatch, deciding_keys, find_stated, still_stated, taken_identities

A, B = RecordId("a"), RecordId("b")
ROW = ["id:z", "external_id:1", "email:1"]


@pytest.mark.parametrize(
    ("match_by", "expected"),
    [
        pytest.param((), ROW, id="all, as the resource declares them"),
        pytest.param(("email",), ["email:1"], id="one"),
        pytest.param(
            ("email", "external_id"), ["email:1", "external_id:1"], id="in the order in which they are stated"
        ),
        pytest.param(("serial_number",), [], id="none that the row gives"),
    ],
)
def test_only_stated_identities_are_tried(match_by: tuple[str, ...], expected: list[str]) -> None:
    assert deciding_keys(ROW, match_by) == expected


@pytest.mark.parametrize(
    ("holders", "carried", "expected"),
    [
        pytest.param({}, {}, None, id="nothing is found"),
        pytest.param({"external_id:1": A, "email:1": B}, {}, StatedMatch(A, "external_id:1"), id="the first decides"),
        pytest.param({"email:1": B}, {B: ["email:1"]}, StatedMatch(B, "email:1"), id="the first is open"),
        pytest.param(
            {"email:1": B},
            {B: ["external_id:2", "email:1"]},
            StatedMatch(B, "email:1", "external_id:1"),
            id="the record has another value for the first",
        ),
        pytest.param({"email:1": B}, {B: ["external_id:2"]}, None, id="a claim that a crash has left"),
        pytest.param({"email:1": B}, {}, None, id="a claim without a record"),
    ],
)
def test_the_first_key_that_finds_a_record_decides(
    holders: dict[str, RecordId], carried: dict[RecordId, list[str]], expected: StatedMatch | None
) -> None:
    assert find_stated(["external_id:1", "email:1"], holders, carried) == expected


@pytest.mark.parametrize(
    ("carried", "is_meant"),
    [
        pytest.param(["id:a", "external_id:1"], True, id="by the first"),
        pytest.param(["id:a", "email:1"], True, id="by the second"),
        pytest.param(["id:a", "external_id:2", "email:1"], False, id="with another value for the first"),
        pytest.param(["id:a", "external_id:1", "email:2"], True, id="with another value for the second"),
        pytest.param(["id:a", "email:2"], False, id="by none"),
    ],
)
def test_a_record_that_has_changed_is_meant_on_the_same_terms(carried: list[str], is_meant: bool) -> None:
    assert still_stated(["external_id:1", "email:1"], carried) is is_meant


def test_a_deletion_takes_no_identity_for_its_record() -> None:
    contacts, rules = RESOURCES["contacts"], RowRules(match_by=("external_id",))

    assert taken_identities(contacts, Action.DELETE, rules) == {"external_id"}
    assert taken_identities(contacts, Action.MERGE, rules) == {"id", "external_id", "email"}


def test_an_update_takes_no_identity_that_it_never_changes() -> None:
    contacts = RESOURCES["contacts"]
    rules = RowRules(match_by=("external_id",), merge_rules={"email": MergeRule.NEVER})

    assert taken_identities(contacts, Action.UPDATE, rules) == {"id", "external_id"}
    assert "email" in taken_identities(contacts, Action.MERGE, rules), "new records take everything"


def test_an_update_takes_an_identity_that_it_may_change() -> None:
    rules = RowRules(merge_rules={"email": MergeRule.IF_EMPTY})

    assert "email" in taken_identities(RESOURCES["contacts"], Action.UPDATE, rules)
