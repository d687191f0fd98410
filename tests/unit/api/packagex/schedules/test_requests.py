"""What may be asked of export schedules."""

from typing import Any

import pytest

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.schedules.requests import PackageXScheduleRequest, PackageXScheduleUpdate
from chalicelib.errors import Refused
from chalicelib.model.limits import DEFAULT_LIMITS

EXPORT = {"resource": "contact", "format": "csv"}


def to_core(model: Any, body: dict[str, Any]) -> Any:
    parsed = read_body(model, body)
    return (parsed.to_changes if model is PackageXScheduleUpdate else parsed.to_request)(DEFAULT_LIMITS)


def refusal_of(model: Any, body: dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as refusal:
        to_core(model, body)
    return refusal.value


def test_a_schedule_keeps_its_export_as_it_was_asked_for() -> None:
    request = to_core(PackageXScheduleRequest, {"schedule": "rate(1 hour)", "export": EXPORT})

    assert (request.expression, request.time_zone, request.asked) == ("rate(1 hour)", "UTC", EXPORT)
    assert request.export.resource == "contact"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        pytest.param({}, "name", id="nothing"),
        pytest.param({"paused": None}, "paused", id="null where it means nothing"),
        pytest.param({"export": {**EXPORT, "formats": ["json"]}}, "export.formats", id="a fault of the export"),
    ],
)
def test_what_cannot_be_changed_so_is_named(body: dict[str, Any], param: str) -> None:
    assert refusal_of(PackageXScheduleUpdate, body).param == param


def test_a_fault_of_the_export_is_named_where_it_stands() -> None:
    body = {"schedule": "rate(1 hour)", "export": {**EXPORT, "since": "yesterday"}}

    assert refusal_of(PackageXScheduleRequest, body).param == "export.since"


def test_null_takes_name_and_destination_away() -> None:
    changes = to_core(PackageXScheduleUpdate, {"name": None, "destination": None, "paused": True})

    assert changes.given == {"name": None, "destination": None, "is_paused": True}
