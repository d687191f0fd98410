"""What Kasar clients may ask for, and how a fault is named."""

from typing import Any

import pytest

from chalicelib.api.http.request_model import read_body, read_query
from chalicelib.api.kasar.requests import KasarExportQuery, KasarImportRequest
from chalicelib.errors import Refused
from chalicelib.exports.sync import RecordSelection
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.filters import EVERYTHING, Condition, Operator
from chalicelib.model.imports import Action, DuplicateHandling
from chalicelib.model.limits import DEFAULT_LIMITS


def selection(**query: str) -> RecordSelection:
    return read_query(KasarExportQuery, query).to_selection(DEFAULT_LIMITS)


def test_records_are_created_once() -> None:
    request = read_body(KasarImportRequest, {"records": [{}]}).to_request(RESOURCES["contacts"])

    assert (request.dialect, request.action) == ("kasar", Action.CREATE)
    assert request.duplicate_handling is DuplicateHandling.USE_FIRST


@pytest.mark.parametrize("count", [0, 51])
def test_there_are_1_to_50_records(count: int) -> None:
    body = read_body(KasarImportRequest, {"records": [{}] * count})

    with pytest.raises(Refused) as refusal:
        body.to_inline(DEFAULT_LIMITS)

    assert refusal.value.param == "records"


def test_a_parameter_without_a_value_is_not_given() -> None:
    assert selection(limit="", filter_field="", sort_dir="") == RecordSelection(
        filter=EVERYTHING, fields=(), sort_by="created_at", is_descending=True, limit=1000
    )


def test_fields_are_separated_by_commas() -> None:
    assert selection(fields="email, first_name,").fields == ("email", "first_name")


def test_three_parameters_are_one_condition() -> None:
    query = {"filter_field": "email", "filter_operator": "contains", "filter_value": "@x"}

    assert selection(**query).filter == Condition("email", Operator.CONTAINS, "@x")


@pytest.mark.parametrize(
    ("query", "param"),
    [
        pytest.param({"filter_field": "email"}, "filter_operator", id="no operator"),
        pytest.param({"filter_value": "x"}, "filter_field", id="no field"),
        pytest.param({"filters": "{}", "filter_field": "email"}, "filters", id="both ways"),
        pytest.param({"filters": "no JSON"}, "filters", id="no JSON"),
    ],
)
def test_a_fault_is_named(query: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as refusal:
        selection(**query)

    assert refusal.value.param == param
