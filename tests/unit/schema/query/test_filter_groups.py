"""Both published shapes of a FilterGroup, and everything that is none."""

from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.filters import Condition, Group, LogicalOperator, Operator
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.schema.query.filter_groups import to_filter, to_operator

STATUS = Condition("status", Operator.EQ, "qualified")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            {
                "operator": "and",
                "conditions": [
                    {"field": "status", "operator": "eq", "value": "qualified"},
                    {"field": "created_at", "operator": "gte", "value": "2025-01-01"},
                ],
            },
            Group(LogicalOperator.AND, (STATUS, Condition("created_at", Operator.GTE, "2025-01-01"))),
            id="export records",
        ),
        pytest.param(
            {"type": "OR", "conditions": [{"field": "status", "operator": "equals", "value": "qualified"}]},
            Group(LogicalOperator.OR, (STATUS,)),
            id="MCP tools",
        ),
        pytest.param(
            {
                "type": "AND",
                "conditions": [
                    {"operator": "NOT", "conditions": [{"field": "status", "operator": "EQ", "value": "qualified"}]},
                    {"field": "email", "operator": "IS_NOT_NULL"},
                ],
            },
            Group(
                LogicalOperator.AND, (Group(LogicalOperator.NOT, (STATUS,)), Condition("email", Operator.IS_NOT_NULL))
            ),
            id="nested, mixed, any case",
        ),
        pytest.param({"conditions": []}, Group(LogicalOperator.AND, ()), id="empty"),
        pytest.param({"field": "status", "operator": "eq", "value": "qualified"}, STATUS, id="a bare condition"),
    ],
)
def test_published_shapes_are_read(given: Any, expected: Group | Condition) -> None:
    assert to_filter(given, DEFAULT_LIMITS) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("eq", Operator.EQ),
        ("equals", Operator.EQ),
        ("ne", Operator.NE),
        ("not_equals", Operator.NE),
        ("contains", Operator.CONTAINS),
        ("starts_with", Operator.STARTS_WITH),
        ("startsWith", Operator.STARTS_WITH),
        ("in", Operator.IN),
        ("gt", Operator.GT),
        ("greater_than", Operator.GT),
        ("gte", Operator.GTE),
        ("greater_equal", Operator.GTE),
        ("lt", Operator.LT),
        ("less_than", Operator.LT),
        ("lte", Operator.LTE),
        ("less_equal", Operator.LTE),
        ("is_null", Operator.IS_NULL),
        ("IS_NOT_NULL", Operator.IS_NOT_NULL),
        ("date_before", Operator.DATE_BEFORE),
        ("Date_After", Operator.DATE_AFTER),
    ],
)
def test_every_published_word_means_an_operator(word: str, expected: Operator) -> None:
    assert to_operator(word) is expected


def nested(levels: int) -> dict[str, Any]:
    return {"conditions": [nested(levels - 1)] if levels > 1 else []}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("status eq qualified", id="text"),
        pytest.param([], id="an array"),
        pytest.param({"conditions": "all"}, id="conditions that are no array"),
        pytest.param({"conditions": ["x"]}, id="a condition that is no object"),
        pytest.param({"operator": "xor", "conditions": []}, id="an unknown logical operator"),
        pytest.param({"operator": 1, "conditions": []}, id="a logical operator that is no word"),
        pytest.param({"operator": "and", "type": "or", "conditions": []}, id="two joints"),
        pytest.param({"operator": "and", "conditions": [], "limit": 1}, id="an unknown key of a group"),
        pytest.param({"field": "status", "operator": "like", "value": "x"}, id="an unknown operator"),
        pytest.param({"field": "status", "value": "x"}, id="no operator"),
        pytest.param({"operator": "eq", "value": "x"}, id="no field"),
        pytest.param({"field": "status", "operator": "eq", "values": ["x"]}, id="an unknown key of a condition"),
        pytest.param(nested(4), id="too deep"),
    ],
)
def test_everything_else_is_refused(given: Any) -> None:
    with pytest.raises(Refused) as refusal:
        to_filter(given, Limits(filter_depth=3))

    assert refusal.value.code == "invalid_filter"


def test_the_depth_itself_is_allowed() -> None:
    assert to_filter(nested(3), Limits(filter_depth=3))
