"""What columns prove about how they are written."""

from typing import Any

import pytest

from chalicelib.formats.blocks import block_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.notations import AS_WRITTEN, DateOrder, DecimalSign, Notation, NotationDecision
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import NumberText, Row, RowBlock
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.notation_evidence import NotationEvidence, collect_evidence


def block(*given: Any, start: int = 1) -> RowBlock:
    return block_of([Row(n, n + 1, one) for n, one in enumerate(given, start)], 10 * len(given))


def decided(*values: str, resource: str = "items", header: str = "price", stated: Notation = AS_WRITTEN) -> Any:
    """What one column proves."""
    evidence = NotationEvidence(HeaderRules(RESOURCES[resource], {}), (header,), stated)
    evidence.look(block(*([value] for value in values)))
    return evidence.decisions()


@pytest.mark.parametrize(
    ("values", "ways"),
    [
        pytest.param(["3.000", "1.234.567,00"], (DecimalSign.COMMA,), id="groups-and-comma"),
        pytest.param(["3.000", "999,90"], (DecimalSign.COMMA,), id="two-behind-the-comma"),
        pytest.param(["3.000", "1.234.567"], (DecimalSign.COMMA,), id="two-groups"),
        pytest.param(["3.000", "0,5"], (DecimalSign.COMMA,), id="zero-before-the-comma"),
        pytest.param(["3.000", "\u200e0,5\u200e"], (DecimalSign.COMMA,), id="invisible"),
        pytest.param(["3.000", "1 234,50"], (DecimalSign.COMMA,), id="space"),
        pytest.param(["1,234", "12.5"], (DecimalSign.POINT,), id="point"),
        pytest.param(["1,234", "1,234,567"], (DecimalSign.POINT,), id="two-commas"),
        pytest.param(["1,234", "12,34,567.8"], (DecimalSign.POINT,), id="indian"),
        pytest.param(["12.50", "0,5"], (DecimalSign.POINT, DecimalSign.COMMA), id="both"),
        pytest.param(["12.50", "13.50", "1.234.567"], (DecimalSign.POINT, DecimalSign.COMMA), id="both-by-groups"),
        pytest.param(["3.000", "1,234", "5", "1 000", "", "n/a", "12 €"], None, id="nothing"),
    ],
)
def test_numbers_that_read_one_way_only_prove_it(values: list[str], ways: tuple[DecimalSign, ...] | None) -> None:
    assert [one.conventions for one in decided(*values)] == ([ways] if ways else [])


@pytest.mark.parametrize(
    ("values", "ways"),
    [
        pytest.param(["01/02/2024", "23/01/2024"], (DateOrder.DAY_FIRST,), id="day-first"),
        pytest.param(["01/02/2024", "1-31-2024"], (DateOrder.MONTH_FIRST,), id="month-first"),
        pytest.param(["01/02/2024", "23.1.2024"], None, id="points-prove-nothing"),
        pytest.param(["01/02/2024", "1.23.2024"], (DateOrder.MONTH_FIRST,), id="points-against-custom"),
        pytest.param(["23.1.2024", "01/23/2024"], (DateOrder.MONTH_FIRST,), id="points-do-not-contradict"),
        pytest.param(["23.1.2024", "1.23.2024"], (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST), id="both-with-points"),
        pytest.param(["01/02/2024", "23/01/2024 12:30"], (DateOrder.DAY_FIRST,), id="with-time"),
        pytest.param(["23/01/2024", "01/23/2024"], (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST), id="both"),
        pytest.param(["01/02/2024", "2024-01-23", "23 Jan 2024", "3/3/2024", "23/01/24", "31/02/2024"], None, id="no"),
    ],
)
def test_dates_that_read_one_way_only_prove_it(values: list[str], ways: tuple[DateOrder, ...] | None) -> None:
    found = decided(*values, resource="customers", header="Customer Since")

    assert [one.conventions for one in found] == ([ways] if ways else [])


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["01/23/2024", "03.04.2024"], DateOrder.DAY_FIRST),
        (["01/23/2024", "23/01/2024", "23.04.2024"], DateOrder.DAY_FIRST),
        (["01/23/2024", "04.23.2024"], DateOrder.MONTH_FIRST),
        (["23.04.2024", "04.23.2024"], None),
    ],
)
def test_dates_with_points_have_their_day_first_unless_they_prove_otherwise(
    values: list[str], order: DateOrder | None
) -> None:
    [found] = decided(*values, resource="customers", header="customer_since")

    assert found.pointed_order is order


def test_a_decision_names_its_column_and_the_first_value_that_proves_it() -> None:
    assert decided("5", "3.000", "0,5", "0,7", header="Unit Price") == [
        NotationDecision(
            field="price",
            column="Unit Price",
            conventions=(DecimalSign.COMMA,),
            proof="'0,5' (row 3)",
            is_reported=True,
        )
    ]


@pytest.mark.parametrize(
    ("values", "is_reported"),
    [(["12.5", "7"], False), (["12.5", "1,234"], True), (["12.5", "1.234"], True), (["0,5"], True)],
)
def test_a_decision_is_reported_where_it_may_surprise(values: list[str], is_reported: bool) -> None:
    assert [one.is_reported for one in decided(*values)] == [is_reported]


@pytest.mark.parametrize(
    ("values", "is_reported"),
    [
        (["23/01/2024", "01/02/2024"], True),
        (["23/01/2024", "01.02.2024"], False),
        (["01/23/2024"], True),
        (["23/01/2024"], False),
    ],
)
def test_a_decision_on_dates_is_reported_where_it_may_surprise(values: list[str], is_reported: bool) -> None:
    found = decided(*values, resource="customers", header="customer_since")

    assert [one.is_reported for one in found] == [is_reported]


def test_each_column_is_decided_by_itself() -> None:
    evidence = NotationEvidence(HeaderRules(RESOURCES["items"], {}), ("quantity", "price", "notes"), AS_WRITTEN)
    evidence.look(block(["1.5", "0,5", "0,5"], ["2", "3", "4.5"]))

    assert [(one.field, one.conventions) for one in evidence.decisions()] == [
        ("quantity", (DecimalSign.POINT,)),
        ("price", (DecimalSign.COMMA,)),
    ]


def test_what_is_stated_needs_no_proof() -> None:
    assert decided("12.5", stated=Notation(decimal=DecimalSign.COMMA)) == []
    assert not NotationEvidence(HeaderRules(RESOURCES["items"], {}), ("name",), AS_WRITTEN).is_needed


def test_only_the_column_that_is_read_counts() -> None:
    evidence = NotationEvidence(HeaderRules(RESOURCES["items"], {"price": "Net"}), ("price", "Net"), AS_WRITTEN)
    evidence.look(block(["0,5", "12.5"]))

    assert [(one.column, one.conventions) for one in evidence.decisions()] == [("Net", (DecimalSign.POINT,))]


def test_texts_of_json_prove_and_numbers_do_not() -> None:
    evidence = NotationEvidence(HeaderRules(RESOURCES["items"], {}), (), AS_WRITTEN)
    evidence.look(block({"price": 12.5}, {"Unit Price": "0,5"}, {"price": None, "quantity": ["1.5"]}, {"x": "1.5"}))

    assert [(one.field, one.conventions, one.proof) for one in evidence.decisions()] == [
        ("price", (DecimalSign.COMMA,), "'0,5' (row 2)")
    ]


@pytest.mark.parametrize(("most_keys", "proven"), [(2, []), (3, ["price"])])
def test_as_many_keys_are_looked_at_as_a_source_may_have(most_keys: int, proven: list[str]) -> None:
    evidence = NotationEvidence(HeaderRules(RESOURCES["items"], {}), (), AS_WRITTEN, most_keys=most_keys)
    evidence.look(block({"a": "x", "b": "y", "price": "0,5"}))

    assert [one.field for one in evidence.decisions()] == proven


def test_numbers_of_workbooks_prove_nothing() -> None:
    assert [one.conventions for one in decided(NumberText("12.5"), "0,5")] == [(DecimalSign.COMMA,)]


@pytest.mark.parametrize(
    ("code", "ways"), [(ProblemCode.ENCODING_GUESSED, [(DecimalSign.COMMA,)]), (ProblemCode.UNCLOSED_QUOTE, [])]
)
def test_rows_that_cannot_be_read_prove_nothing(code: ProblemCode, ways: list[Any]) -> None:
    evidence = NotationEvidence(HeaderRules(RESOURCES["items"], {}), ("price",), AS_WRITTEN)
    evidence.look(block_of([Row(1, 2, ["0,5"], [Problem(code)])], 3))

    assert [one.conventions for one in evidence.decisions()] == ways


@pytest.mark.parametrize(("characters", "left"), [(20, 1), (21, 0)])
def test_a_look_ends_with_the_block_that_reaches_its_limit(characters: int, left: int) -> None:
    evidence = NotationEvidence(HeaderRules(RESOURCES["items"], {}), ("price",), AS_WRITTEN)
    blocks = iter([block(["5"]), block(["6"]), block(["0,5"])])

    collect_evidence(evidence, blocks, characters)

    assert len(evidence.decisions()) == 1 - left
    assert len([*blocks]) == left
