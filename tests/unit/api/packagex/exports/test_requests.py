"""What may be asked of exports, and what does not go together."""

from typing import Any

import pytest

from chalicelib.api.http.request_model import read_body, read_query
from chalicelib.api.packagex.exports.requests import (
    PackageXExportQuery,
    PackageXExportRequest,
    PackageXExportsQuery,
    PackageXExportUpdate,
)
from chalicelib.errors import Refused
from chalicelib.model.exports import ExportStatus
from chalicelib.model.filters import Condition, Group, LogicalOperator, Operator
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.write_options import Formulas


def a_request(**given: Any) -> Any:
    return read_body(PackageXExportRequest, {"resource": "contact", **given}).to_request(DEFAULT_LIMITS)


def refusal_of(**given: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        a_request(**given)
    return refusal.value


def test_csv_and_json_are_written_where_no_format_is_asked_for() -> None:
    assert [one.format for one in a_request().renderings] == ["csv", "json"]


@pytest.mark.parametrize(
    ("option", "condition"),
    [
        pytest.param("Ann", Condition("name", Operator.EQ, "Ann"), id="a value"),
        pytest.param(["Ann", "Bob"], Condition("name", Operator.IN, ["Ann", "Bob"]), id="a list"),
        pytest.param("contains:an", Condition("name", Operator.CONTAINS, "an"), id="an operator"),
        pytest.param("Dr: Ann", Condition("name", Operator.EQ, "Dr: Ann"), id="a colon without an operator"),
        pytest.param(None, Condition("name", Operator.IS_NULL), id="null"),
    ],
)
def test_an_unknown_option_is_a_filter_on_that_field(option: object, condition: Condition) -> None:
    assert a_request(options={"name": option}).filter == Group(LogicalOperator.AND, (condition,))


@pytest.mark.parametrize(
    ("given", "order_by"),
    [({}, None), ({"direction": None}, None), ({"direction": "asc"}, "created_at"), ({"order_by": "name"}, "name")],
)
def test_a_direction_alone_is_that_of_time(given: dict[str, str | None], order_by: str | None) -> None:
    assert a_request(options=given).order_by == order_by


def test_options_of_tables_reach_the_formats_they_concern() -> None:
    csv, json = a_request(csv_field_options={"formulas": "raw", "delimiter": ";"}).renderings

    assert (csv.formulas, csv.delimiter) == (Formulas.RAW, ";")
    assert json.formulas is Formulas.DISARM


def test_true_columns_are_the_fields_in_their_order() -> None:
    columns = {"email": True, "id": False, "name": True}

    assert a_request(csv_field_options={"columns": columns}).fields == ("email", "name")


@pytest.mark.parametrize("since", [1_700_000_000, "2023-11-14T22:13:20Z"])
def test_since_is_a_time_or_epoch_seconds(since: object) -> None:
    assert a_request(since=since).since_ms == 1_700_000_000_000


@pytest.mark.parametrize(
    ("given", "param"),
    [
        pytest.param({"format": "csv", "formats": ["json"]}, "formats", id="format twice"),
        pytest.param({"format": "json", "csv_field_options": {"bom": True}}, "csv_field_options.bom", id="no table"),
        pytest.param({"csv_field_options": {"delimiter": "ab"}}, "csv_field_options.delimiter", id="an odd delimiter"),
        pytest.param({"csv_field_options": {"columns": {"id": False}}}, "csv_field_options.columns", id="no column"),
        pytest.param({"fields": ["id"], "csv_field_options": {"columns": {"id": True}}}, "fields", id="fields twice"),
        pytest.param({"since": "yesterday"}, "since", id="no time"),
    ],
)
def test_what_does_not_go_together_is_named(given: dict[str, object], param: str) -> None:
    refusal = refusal_of(**given)

    assert (refusal.code, refusal.param) == ("invalid_parameter", param)


def test_an_update_without_anything_is_refused() -> None:
    with pytest.raises(Refused):
        read_body(PackageXExportUpdate, {}).validated()


def test_null_takes_the_name_away() -> None:
    assert read_body(PackageXExportUpdate, {"name": None}).validated().is_renaming


def test_exports_are_listed_by_what_their_status_is_called() -> None:
    chosen = read_query(PackageXExportsQuery, {"status": "failed", "resource": "contact"}).to_filter()

    assert chosen.statuses == frozenset({ExportStatus.FAILED, ExportStatus.CANCELED})
    assert chosen.resources == frozenset({"contacts"})


def test_disarmed_rows_come_with_the_csv_file() -> None:
    assert read_query(PackageXExportQuery, {"include_csv": "1"}).to_files() == ["csv", "csv_sanitized"]
    assert read_query(PackageXExportQuery, {"include_json": "true"}).to_files() == ["json"]
