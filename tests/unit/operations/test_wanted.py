"""What is checked of a wanted import before anything is written."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.imports import Action, ReadingOptions
from chalicelib.operations.wanted import Wanted, checked_resource

WANTED = Wanted(dialect="phased", resource="contact", action=Action.MERGE)


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        pytest.param({"resource": "spaceship"}, "unknown_resource", "resource", id="no such resource"),
        pytest.param({"name": "ab"}, "invalid_parameter", "name", id="name too short"),
        pytest.param({"name": " a  "}, "invalid_parameter", "name", id="name of spaces"),
        pytest.param({"name": "a" * 128}, "invalid_parameter", "name", id="name too long"),
        pytest.param({"name": "abc\ud800"}, "invalid_parameter", "name", id="lone surrogate"),
        pytest.param({"name": "abc\x00"}, "invalid_parameter", "name", id="control character"),
        pytest.param({"location_id": ""}, "invalid_parameter", "location_id", id="empty location"),
        pytest.param(
            {"resource": "users", "location_id": "loc_1"}, "invalid_parameter", "location_id", id="resource without one"
        ),
        pytest.param(
            {"column_mapping": {"nonsense": "A"}}, "invalid_column_mapping", "column_mapping", id="unknown field"
        ),
        pytest.param(
            {"column_mapping": {"created_at": "A"}}, "invalid_column_mapping", "column_mapping", id="computed field"
        ),
        pytest.param({"column_mapping": {"name": " "}}, "invalid_column_mapping", "column_mapping", id="blank header"),
        pytest.param(
            {"column_mapping": {"name": "A", "email": "A "}},
            "invalid_column_mapping",
            "column_mapping",
            id="header twice",
        ),
        pytest.param({"filename": "a\nb.csv"}, "invalid_parameter", "filename", id="line end in file name"),
        pytest.param({"reading": ReadingOptions(format="pdf")}, "invalid_option", "format", id="format"),
        pytest.param({"reading": ReadingOptions(delimiter=";;")}, "invalid_option", "delimiter", id="delimiter"),
        pytest.param({"reading": ReadingOptions(quote="''")}, "invalid_option", "quote", id="quote"),
        pytest.param({"reading": ReadingOptions(encoding="zip")}, "unsupported_encoding", "encoding", id="encoding"),
        pytest.param({"reading": ReadingOptions(sheet="a\x07")}, "invalid_parameter", "sheet", id="sheet"),
    ],
)
def test_what_is_wrong_is_refused_by_name(given: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_resource(replace(WANTED, **given))

    assert (refusal.value.code, refusal.value.param) == (code, param)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"resource": "contacts"}, id="plural"),
        pytest.param({"name": "abc"}, id="shortest name"),
        pytest.param({"name": "ä" * 127}, id="longest name"),
        pytest.param({"location_id": "Head Office"}, id="location"),
        pytest.param({"column_mapping": {"name": "Full Name", "email": "E-Mail"}}, id="mapping"),
        pytest.param({"reading": ReadingOptions(format="csv", delimiter=";", encoding="cp1252")}, id="reading"),
    ],
)
def test_what_is_right_passes(given: dict[str, Any]) -> None:
    assert checked_resource(replace(WANTED, **given)).name == "contacts"
