"""What cStar clients may ask for, and how a fault is named."""

from typing import Any

import pytest

from chalicelib.api.cstar.requests import CStarExportRequest, CStarImportRequest
from chalicelib.api.http.request_model import read_body
from chalicelib.errors import Refused
from chalicelib.model.filters import Condition, Group, LogicalOperator, Operator
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.row_rules import MergeStrategy

IMPORT = {"resource": "customers", "records": [{"name": "Jane"}]}


def selections(*resources: dict[str, Any], format_: str = "json") -> Any:
    return read_body(CStarExportRequest, {"resources": list(resources), "format": format_}).to_selections()


@pytest.mark.parametrize("strategy", ["skip", "update", "fill", "replace"])
def test_a_merge_strategy_reaches_the_core(strategy: str) -> None:
    request = read_body(CStarImportRequest, IMPORT | {"mergeStrategy": strategy}).to_request()

    assert (request.action, request.duplicate_handling) == (Action.MERGE, DuplicateHandling.USE_FIRST)
    assert request.rules.strategy is MergeStrategy(strategy)


@pytest.mark.parametrize("count", [0, 3])
def test_there_are_as_many_records_as_may_be(count: int) -> None:
    body = read_body(CStarImportRequest, IMPORT | {"records": [{}] * count})

    with pytest.raises(Refused) as refusal:
        body.to_inline(limit=2)

    assert (refusal.value.param, refusal.value.message) == ("records", f"1 to 2 records per request, not {count}.")


def test_filters_are_conditions_and_a_tag_is_one_of_the_tags() -> None:
    [selection] = selections({"type": "customers", "filters": {"status": "active", "tag": "vip", "sentiment": ""}})

    assert selection.filter == Group(
        LogicalOperator.AND,
        (Condition("status", Operator.EQ, "active"), Condition("tags", Operator.EQ, "vip")),
    )
    assert selection.param_of("tags") == f"{selection.param}.tag"
    assert selection.param_of("filters") == selection.param


def test_a_search_looks_into_several_fields() -> None:
    [selection] = selections({"type": "articles", "filters": {"search": "door"}})
    [search] = selection.filter.parts

    assert [one.field for one in search.parts] == ["title", "excerpt", "content", "slug"]


@pytest.mark.parametrize(
    ("resources", "format_", "param"),
    [
        pytest.param([{"type": "tickets"}, {"type": "articles"}], "csv", "format", id="a CSV of several"),
        pytest.param([{"type": "tickets"}, {"type": "tickets"}], "json", "resources", id="one twice"),
        pytest.param(
            [{"type": "tickets"}, {"type": "articles", "filters": {"color": "red"}}],
            "json",
            "resources.1.filters.color",
            id="a filter it does not have",
        ),
    ],
)
def test_a_fault_is_named_where_it_stands(resources: list[dict[str, Any]], format_: str, param: str) -> None:
    with pytest.raises(Refused) as refusal:
        selections(*resources, format_=format_)

    assert refusal.value.param == param
