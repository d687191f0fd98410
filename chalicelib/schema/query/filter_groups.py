"""Reads a FilterGroup, JSON in either published shape, as a filter.

    {"operator": "and", "conditions": [{"field": "status", "operator": "eq", "value": "qualified"}]}
    {"type": "OR", "conditions": [{"field": "status", "operator": "equals", "value": "qualified"}, {…another group…}]}

Words may be in any case. Sources: Kasar, export records; Kasar, MCP tools for records and data.
"""

from collections.abc import Mapping

from chalicelib.errors import Refused
from chalicelib.model.filters import Condition, Filter, Group, LogicalOperator, Operator
from chalicelib.model.limits import Limits
from chalicelib.model.problems import quoted
from chalicelib.model.resources import squeezed

_OPERATORS = {squeezed(one.value): one for one in Operator} | {
    squeezed(alias): one
    for alias, one in {
        "equals": Operator.EQ,
        "not_equals": Operator.NE,
        "greater_than": Operator.GT,
        "greater_equal": Operator.GTE,
        "less_than": Operator.LT,
        "less_equal": Operator.LTE,
    }.items()
}

_LOGICAL_OPERATORS = {one.value: one for one in LogicalOperator}

_GROUP_KEYS = frozenset({"operator", "type", "conditions"})
_CONDITION_KEYS = frozenset({"field", "operator", "value"})


def to_filter(given: object, limits: Limits) -> Filter:
    """Returns the filter. Raises Refused `invalid_filter` for what is no FilterGroup or nests too deep. How many
    conditions a filter may have is checked where the whole of it is known: `compile_filter`.
    """
    return _to_filter(given, limits.filter_depth)


def to_operator(word: object) -> Operator:
    """Returns the operator that a word means, in any case. Raises Refused `invalid_filter` for any other word."""
    found = _OPERATORS.get(squeezed(word)) if isinstance(word, str) else None
    if found is None:
        missing = "A condition names its operator" if word is None else f"There is no operator {quoted(word)!r}"
        raise Refused("invalid_filter", f"{missing}; there are {', '.join(Operator)}.", param="operator")
    return found


def _to_filter(given: object, depth_left: int) -> Filter:
    if not isinstance(given, dict):
        raise _refused("A filter is a group of conditions, or a condition with field, operator and value.")
    if "conditions" not in given:
        return _to_condition(given)
    if depth_left == 0:
        raise _refused("The groups of the filter nest too deep.")
    _check_keys(given, _GROUP_KEYS)
    parts = given["conditions"]
    if not isinstance(parts, list):
        raise _refused("The conditions of a group are an array.")
    return Group(_to_logical_operator(given), tuple(_to_filter(part, depth_left - 1) for part in parts))


def _to_condition(given: Mapping[str, object]) -> Condition:
    _check_keys(given, _CONDITION_KEYS)
    field = given.get("field")
    if not isinstance(field, str):
        raise _refused("A condition names its field.")
    return Condition(field, to_operator(given.get("operator")), given.get("value"))


def _to_logical_operator(given: Mapping[str, object]) -> LogicalOperator:
    """Returns the logical operator; `and` if none is given."""
    word = given.get("operator", given.get("type", "and"))
    found = _LOGICAL_OPERATORS.get(word.strip().lower()) if isinstance(word, str) else None
    if found is None or ("operator" in given and "type" in given):
        raise _refused(f"A group is joined by one of {', '.join(LogicalOperator)}, under operator or type.")
    return found


def _check_keys(given: Mapping[str, object], known: frozenset[str]) -> None:
    unknown = [quoted(key) for key in given if key not in known]
    if unknown:
        raise _refused(f"A filter has no {unknown[0]!r}.")


def _refused(message: str) -> Refused:
    return Refused("invalid_filter", message, param="filters")
