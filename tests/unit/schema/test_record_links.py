"""What becomes of a record's links where its row names something that is not there, and what is said of them."""

from collections.abc import Iterable

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Draft, Fields
from chalicelib.schema.record_links import find_live, unresolved_references, with_link_outcomes, without_dead_links

TICKETS, CONTACTS, GROUPS = RESOURCES["tickets"], RESOURCES["contacts"], RESOURCES["groups"]
LIVE = {
    "customers": {RecordId("cus_live")},
    "companies": {RecordId("com_live")},
    "contacts": {RecordId("con_a"), RecordId("con_b")},
}


def draft(fields: Fields, field: str, code: ProblemCode = ProblemCode.REFERENCE_DEAD) -> Draft:
    """A row that gave the field in vain."""
    return Draft(1, 2, fields, [], RecordId("rec_1"), problems=[Problem(code, 1, 2, field, "gone")])


def given(resource: Resource, row: Draft, stored: Fields) -> Fields:
    return without_dead_links(row, unresolved_references(resource, row), stored, LIVE).fields


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        pytest.param(
            {"customerId": "cus_dead"}, {"title": "T", "customerId": None}, id="a link that leads nowhere goes"
        ),
        pytest.param({"customerId": "cus_live"}, {"title": "T"}, id="a live one stays"),
        pytest.param({}, {"title": "T"}, id="there is none"),
    ],
)
@pytest.mark.parametrize("code", [ProblemCode.REFERENCE_DEAD, ProblemCode.REFERENCE_AMBIGUOUS])
def test_a_link_outlives_a_row_that_names_nothing_only_if_its_record_lives(
    stored: Fields, expected: Fields, code: ProblemCode
) -> None:
    assert given(TICKETS, draft({"title": "T"}, "customerId", code), stored) == expected


@pytest.mark.parametrize(
    ("row", "stored", "expected"),
    [
        pytest.param("Acme", {"company_name": "Acme", "company_id": "com_dead"}, {"company_id": None}, id="dead"),
        pytest.param("Acme", {"company_name": "Acme", "company_id": "com_live"}, {}, id="live, though renamed"),
        pytest.param(" ACME ", {"company_name": "Acme", "company_id": "com_live"}, {}, id="the same name"),
        pytest.param(
            "Globex", {"company_name": "Acme", "company_id": "com_live"}, {"company_id": None}, id="another company"
        ),
        pytest.param("Globex", {"company_id": "com_live"}, {"company_id": None}, id="a link without its text"),
        pytest.param("Globex", {"company_name": "Acme"}, {}, id="a text without a link"),
    ],
)
def test_a_link_that_goes_with_a_text_follows_the_text(row: str, stored: Fields, expected: Fields) -> None:
    assert given(CONTACTS, draft({"company_name": row}, "company_name"), stored) == {"company_name": row} | expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        pytest.param(["con_a", "con_dead", "con_b"], {"children": ["con_a", "con_b"]}, id="one of several is dead"),
        pytest.param(["con_dead"], {"children": None}, id="all are dead"),
        pytest.param(["con_a"], {}, id="all are live"),
        pytest.param([], {}, id="there are none"),
    ],
)
def test_of_a_list_the_links_that_lead_nowhere_go(stored: list[str], expected: Fields) -> None:
    assert given(GROUPS, draft({}, "children"), {"children": [*stored]}) == expected


def test_a_list_of_which_some_were_found_is_given() -> None:
    row = draft({"children": ["con_a"]}, "children")

    assert unresolved_references(GROUPS, row) == []


def test_other_problems_touch_no_link() -> None:
    row = draft({"title": "T"}, "customerId", ProblemCode.NO_IDENTITY)

    assert unresolved_references(TICKETS, row) == []
    assert with_link_outcomes(TICKETS, row.problems, {"customerId": "a"}, {}) == row.problems


@pytest.mark.parametrize(
    ("resource", "field", "before", "after", "words"),
    [
        pytest.param(TICKETS, "customerId", {}, {}, "it was left out", id="no link"),
        pytest.param(
            TICKETS,
            "customerId",
            {"customerId": "cus_1"},
            {},
            "it was left out, and the record's link to cus_1 was removed",
            id="dropped",
        ),
        pytest.param(
            TICKETS,
            "customerId",
            {"customerId": "cus_1"},
            {"customerId": "cus_1"},
            "it was left out, and the record stays linked to cus_1",
            id="kept",
        ),
        pytest.param(
            CONTACTS,
            "company_name",
            {"company_name": "A", "company_id": "com_1"},
            {"company_name": "B"},
            "no company was created, no link was made, and the record's link to com_1 was removed",
            id="beside a text",
        ),
        pytest.param(
            GROUPS,
            "children",
            {"children": ["a", "b", "c"]},
            {"children": ["a"]},
            "it was left out, and of the record's 3 links 2 were removed",
            id="some of a list",
        ),
        pytest.param(
            GROUPS,
            "children",
            {"children": ["a", "b"]},
            {"children": ["a"]},
            "it was left out, and of the record's 2 links 1 was removed",
            id="one of a list",
        ),
        pytest.param(
            GROUPS,
            "children",
            {"children": ["a", "b"]},
            {"children": ["a", "b"]},
            "it was left out, and the record stays linked to the same 2",
            id="all of a list",
        ),
        pytest.param(
            GROUPS, "children", {"children": ["a"]}, {"children": ["a", "b"]}, "it was left out", id="more than before"
        ),
    ],
)
def test_the_problem_says_what_became_of_the_record(
    resource: Resource, field: str, before: Fields, after: Fields, words: str
) -> None:
    (problem,) = with_link_outcomes(resource, draft({}, field).problems, before, after)

    assert problem.message == f"'{field}' names a record that does not exist: 'gone'; {words}."


def test_only_links_of_rows_that_name_nothing_are_looked_up() -> None:
    asked: list[tuple[str, list[RecordId]]] = []

    def find(resource: str, ids: Iterable[RecordId]) -> set[RecordId]:
        asked.append((resource, [*ids]))
        return {RecordId("cus_live")}

    rows = [draft({"title": "T"}, "customerId"), Draft(2, 3, {"title": "U"}, [], RecordId("rec_2"))]
    stored: dict[RecordId, Fields] = {
        RecordId("rec_1"): {"customerId": "cus_live"},
        RecordId("rec_2"): {"customerId": "cus_dead"},
    }

    assert find_live(TICKETS, rows, stored, find) == {"customers": {"cus_live"}}
    assert find_live(TICKETS, rows[1:], stored, find) == {}
    assert asked == [("customers", ["cus_live"])]
