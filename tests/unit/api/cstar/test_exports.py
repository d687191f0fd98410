"""Exports in cStar's shape: records by resource, and a header where records were cut."""

import json
from typing import Any

import orjson
import pytest

from chalicelib.api.cstar.exports import TRUNCATED_HEADER, ResourceExport, render_csv, render_json
from chalicelib.exports.sync import SelectedRecords
from chalicelib.model.catalogue import RESOURCES

TICKET = {"id": "tic_1", "title": "Cannot log in", "response_deadline": None, "notes": "=Ann"}


def an_export(matching: int = 1) -> ResourceExport:
    selected = SelectedRecords(fields=tuple(TICKET), documents=(orjson.dumps(TICKET),), matching=matching)
    return ResourceExport(RESOURCES["tickets"], selected)


def test_records_have_the_fields_with_a_value_under_cstar_s_names() -> None:
    data: Any = render_json([an_export()]).data

    assert data["totalRows"] == 1
    assert data["resources"]["tickets"] == [
        {"id": "tic_1", "object": "ticket", "title": "Cannot log in", "notes": "=Ann"}
    ]
    assert json.dumps(data)


@pytest.mark.parametrize(("matching", "headers"), [(1, {}), (2, {TRUNCATED_HEADER: "tickets"})])
def test_a_header_names_what_was_cut(matching: int, headers: dict[str, str]) -> None:
    assert render_json([an_export(matching)]).headers == headers


def test_a_csv_file_has_every_field_as_a_column_and_no_formula() -> None:
    document = render_csv(an_export())

    header, row = document.content.decode().splitlines()
    assert header.removeprefix("\ufeff") == "id,title,responseDeadline,notes"
    assert row.startswith("tic_1,Cannot log in,,'=Ann")
    assert document.headers["Content-Disposition"] == 'attachment; filename="tickets_export.csv"'
