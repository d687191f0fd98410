"""What a session may state of its import: every option is either named, or refused."""

from chalicelib.api.packagex.imports.options import OPTION_NAMES
from chalicelib.api.packagex.imports.requests import PackageXImportRequest
from chalicelib.api.packagex.imports.session_rules import OF_FILE, OPTIONS


def test_what_may_be_written_is_not_a_session_s_to_state() -> None:
    assert {*OPTION_NAMES} - OPTIONS == {
        *("save_upload", "location_id", "max_failed", "max_deleted", "all_or_nothing", "merge_rules", "create_missing"),
    }


def test_what_is_named_is_there() -> None:
    assert {*PackageXImportRequest.model_fields} >= OPTIONS | OF_FILE
    assert "profile" not in OPTIONS | OF_FILE
