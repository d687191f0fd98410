"""Filters are values: equal ones are equal, however they were made."""

from chalicelib.model.filters import EVERYTHING, Condition, Group, LogicalOperator, Operator


def test_a_filter_without_conditions_selects_everything() -> None:
    assert Group(LogicalOperator.AND, ()) == EVERYTHING


def test_filters_nest_and_compare_by_value() -> None:
    condition = Condition("name", Operator.EQ, "Jane")

    assert Group(LogicalOperator.NOT, (condition,)) == Group(
        LogicalOperator.NOT, (Condition("name", Operator("eq"), "Jane"),)
    )
    assert condition != Condition("name", Operator.EQ)
