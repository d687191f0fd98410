import pytest

from chalicelib.log_keys import add_log_keys, current_log_keys, ids_in, logging_about

TENANT = "11111111-1111-4111-8111-111111111111"
IMPORT = "imp_" + "a" * 26


def test_a_block_has_its_ids_and_no_other_block_s() -> None:
    with logging_about({"tenant_id": "one", "import_id": "first"}):
        with logging_about({"tenant_id": "two"}):
            inside = current_log_keys()
        outside = current_log_keys()

    assert inside == {"tenant_id": "two"}
    assert outside == {"tenant_id": "one", "import_id": "first"}
    assert current_log_keys() == {}


def test_ids_that_are_found_out_later_end_with_their_block() -> None:
    with logging_about({"tenant_id": "one"}):
        add_log_keys({"import_id": "first"})
        inside = current_log_keys()

    assert inside == {"tenant_id": "one", "import_id": "first"}
    assert current_log_keys() == {}


def test_outside_of_a_block_nothing_is_kept_for_those_who_come_later() -> None:
    add_log_keys({"import_id": "first"})

    assert current_log_keys() == {}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param({"tenant_id": TENANT, "import_id": IMPORT, "attempt": 1}, [TENANT, IMPORT], id="an event"),
        pytest.param({"import_id": "imp_jane@example.com"}, [], id="text of a caller"),
        pytest.param({"record_id": "con_" + "a" * 26}, [], id="another key"),
        pytest.param({"tenant_id": 1}, [], id="no text"),
        pytest.param(["import_id"], [], id="no mapping"),
    ],
)
def test_keys_are_taken_from_what_looks_like_ids(given: object, found: list[str]) -> None:
    assert list(ids_in(given).values()) == found
