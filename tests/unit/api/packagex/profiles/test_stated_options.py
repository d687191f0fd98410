"""Options are shown as a body gives them."""

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.imports.options import OPTION_NAMES
from chalicelib.api.packagex.profiles.requests import PackageXProfileRequest
from chalicelib.api.packagex.profiles.stated_options import PackageXStatedOptions, render_options

STATED = {
    "action": "overwrite",
    "duplicate_handling": "use_first",
    "save_upload": False,
    "location_id": "loc_1",
    "column_mapping": {"name": "Kunde"},
    "value_mapping": {"status": {"paused": "inactive"}},
    "match_by": ["email"],
    "preview": True,
    "max_failed": "2.5%",
    "max_deleted": 7,
    "all_or_nothing": True,
    "merge_rules": {"notes": "append_line"},
    "create_missing": [],
    "reading": {"sheet": "Data", "date_order": "day_first", "false_words": ["-"]},
    "hold": False,
}


def test_every_option_is_shown_as_it_was_given() -> None:
    body = read_body(PackageXProfileRequest, {"name": "x", "resource": "customers"} | STATED)

    assert render_options(body.to_options()) == STATED
    assert set(STATED) == set(OPTION_NAMES) == set(PackageXStatedOptions.__annotations__)


def test_what_is_not_stated_is_not_shown() -> None:
    assert render_options({"max_failed": None}) == {"max_failed": None}
