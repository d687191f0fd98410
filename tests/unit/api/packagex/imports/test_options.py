"""Options of a body become options of the core: those that are given."""

import pytest

from chalicelib.api.http.request_model import read_body
from chalicelib.api.packagex.imports.options import OPTION_NAMES, PackageXImportOptions
from chalicelib.errors import Refused
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.imports import DuplicateHandling
from chalicelib.model.reading_options import ReadingOptions


def test_what_is_not_given_is_not_there() -> None:
    assert read_body(PackageXImportOptions, {}).to_options() == {}
    assert read_body(PackageXImportOptions, {"max_failed": 3}).to_options() == {"max_failed": Tolerance(count=3)}


def test_null_is_the_default() -> None:
    names = [name for name in OPTION_NAMES if name != "action"]

    options = read_body(PackageXImportOptions, dict.fromkeys(names)).to_options()

    assert options == {
        "duplicate_handling": DuplicateHandling.IGNORE_ALL,
        "save_upload": True,
        "location_id": None,
        "column_mapping": {},
        "value_mapping": {},
        "match_by": (),
        "is_preview": False,
        "max_failed": None,
        "max_deleted": None,
        "all_or_nothing": False,
        "merge_rules": {},
        "create_missing": (),
        "reading": ReadingOptions(),
        "hold": False,
    }


def test_a_tolerance_that_is_none_names_its_parameter() -> None:
    with pytest.raises(Refused) as refused:
        read_body(PackageXImportOptions, {"max_deleted": "101%"}).to_options()

    assert refused.value.param == "max_deleted"
