"""Filters are values: equal ones are equal, however they were made."""

from chalicelib.model.filters import EVERYTHING, Condition, Group, LogicalOperator, Operator, size_of


def test_a_filter_without_conditions_selects_everything() -> None:
    assert Group(LogicalOperator.AND, ()) == EVERYTHING


def test_filters_nest_and_compare_by_value() -> None:
    condition = Condition("name", Operator.EQ, "Jane")

    assert Group(LogicalOperator.NOT, (condition,)) == Group(
        LogicalOperator.NOT, (Condition("name", Operator("eq"), "Jane"),)
    )
    assert condition != Condition("name", Operator.EQ)


def test_the_conditions_of_all_groups_are_counted_together_and_an_empty_group_as_one() -> None:
    condition = Condition("name", Operator.EQ, "Jane")
    pair = Group(LogicalOperator.OR, (condition, condition))

    assert size_of(condition) == size_of(EVERYTHING) == 1
    assert size_of(Group(LogicalOperator.AND, (pair, pair, condition, EVERYTHING))) == 6
