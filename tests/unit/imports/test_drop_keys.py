"""What the key of a dropped file says, and what its result tells."""

import pytest

from chalicelib.errors import Refused
from chalicelib.imports.drop_keys import (
    DropKey,
    dropped_id,
    is_dropped,
    is_too_long,
    result_key_of,
    to_action,
    to_address,
)
from chalicelib.imports.drop_result import from_result, to_refusal, to_result
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Action, Source, Stats, Status
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from tests.world import NOW, an_import

SOURCE = Source(key="drop/t/customers/merge/a.csv", version_id="v1", size_bytes=7, filename="a.csv")


def test_a_key_says_whose_file_it_is_and_what_to_do_with_it() -> None:
    assert to_address("drop/t-1/customers/merge/May 2024.csv") == DropKey(
        TenantId("t-1"), "customers", "merge", "May 2024.csv"
    )


def test_a_key_may_name_a_profile_in_place_of_resource_and_action() -> None:
    assert to_address("drop/t-1/@monthly/May.csv") == DropKey(TenantId("t-1"), "", "", "May.csv", profile="monthly")


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("drop/t/@/a.csv", id="no name of a profile"),
        pytest.param("drop/t/monthly/a.csv", id="no sign of a profile"),
        pytest.param("drop/a.csv", id="no tenant"),
        pytest.param("drop/t/a.csv", id="no resource"),
        pytest.param("drop/t/customers/a.csv", id="no action"),
        pytest.param("drop/t/customers/merge/2024/a.csv", id="deeper"),
        pytest.param("drop//customers/merge/a.csv", id="empty tenant"),
        pytest.param("drop/t/ /merge/a.csv", id="blank resource"),
    ],
)
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="malformed_key"):
        to_address(key)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("drop/t/customers/merge/a.csv", True),
        ("drop/a.csv", True),
        ("drop/t/customers/merge/a.csv.result.json", False),
        ("drop/t/customers/merge/a.csv.errors.csv", False),
        ("drop/t/customers/merge/", False),
        ("drop/" + "x" * 1_007, True),
        ("drop/" + "x" * 1_008, False),
        ("uploads/t/imp_1/source", False),
    ],
)
def test_results_and_folders_are_no_dropped_files(key: str, expected: bool) -> None:
    assert is_dropped(key) is expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("drop/" + "x" * 1_007, False),
        ("drop/" + "x" * 1_008, True),
        ("drop/" + "é" * 504, True),
        ("drop/" + "x" * 1_007 + ".result.json", False),
        ("drop/" + "x" * 1_018 + "/", False),
        ("uploads/" + "x" * 1_016, False),
    ],
)
def test_a_name_is_too_long_when_that_of_its_result_would_be(key: str, expected: bool) -> None:
    assert is_too_long(key) is expected


@pytest.mark.parametrize("name", ["x" * 1_019, "é" * 509, "x" * 1_006 + "𝄞", "x" * 1_007 + "𝄞"])
def test_a_result_of_too_long_a_name_stands_under_a_shortened_one(name: str) -> None:
    key = "drop/" + name

    shortened = result_key_of(key)

    begun, _, ending = shortened.rpartition("~")
    assert key.startswith(begun)
    assert 1_020 < len(shortened.encode()) <= 1_024 or not name.isascii()
    assert (len(ending), ending[8:]) == (20, ".result.json")
    assert result_key_of(key + "y") != shortened
    assert not is_dropped(shortened)
    assert not is_too_long(shortened)


def test_a_result_stands_next_to_its_file() -> None:
    assert result_key_of("drop/" + "x" * 1_007) == "drop/" + "x" * 1_007 + ".result.json"


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b'{"status": "refused"}', {"status": "refused"}), (b"[]", {}), (b"no json", {}), (b"", {})],
)
def test_what_others_put_in_the_place_of_a_result_says_nothing(content: bytes, expected: dict[str, str]) -> None:
    assert from_result(content) == expected


@pytest.mark.parametrize(("text", "action"), [("merge", Action.MERGE), ("OVERWRITE", Action.OVERWRITE)])
def test_actions_are_known_in_any_case(text: str, action: Action) -> None:
    assert to_action(text) is action


def test_an_unknown_action_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused, match="Use one of: merge, overwrite, create, update, delete"):
        to_action("upload")


def test_an_object_version_has_one_import_id() -> None:
    same, other_version = dropped_id("bucket", SOURCE), Source(key=SOURCE.key, version_id="v2")

    assert dropped_id("bucket", SOURCE) == same == "imp_mye5l2cd45rqedvc4gevdm2uxl"
    assert len({same, dropped_id("other", SOURCE), dropped_id("bucket", other_version)}) == 3


def test_an_object_without_versions_is_another_import_where_its_content_differs() -> None:
    first, second = (Source(key=SOURCE.key, checksum=one) for one in ("a1", "b2"))

    assert dropped_id("bucket", first) != dropped_id("bucket", second)


def test_a_result_tells_what_became_of_the_rows() -> None:
    import_ = an_import(
        Status.COMPLETED,
        dialect="drop",
        source=SOURCE,
        stats=Stats(total=2, created=1, failed=1),
        problem_counts={"not_a_choice": 1},
        findings=(Problem(ProblemCode.HEADER_EMPTY, facts={"columns": "column 3"}),),
        has_errors_file=True,
    )

    result = to_result(import_, SOURCE)

    assert result == {
        "status": "completed",
        "reason": None,
        "import_id": "imp_given",
        "resource": "contacts",
        "action": "merge",
        "source": {"key": "drop/t/customers/merge/a.csv", "version_id": "v1", "size_bytes": 7},
        "stats": {
            "total": 2,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "deleted": 0,
            "skipped": 0,
            "failed": 1,
            "unprocessed": 0,
            "overwritten": 0,
            "warnings": 0,
        },
        "problem_counts": {"not_a_choice": 1},
        "findings": [
            {
                "code": "header_empty",
                "field": None,
                "value": None,
                "message": "Not read, as there is no header above it: column 3.",
                "hint": result["findings"][0]["hint"],
            }
        ],
        "errors_file": "a.csv.errors.csv",
        "created_at": "2023-11-14T22:13:20Z",
        "ended_at": "2023-11-14T22:13:20Z",
    }


def test_a_refusal_has_no_import() -> None:
    assert to_refusal(SOURCE, "unknown_tenant: who?", NOW) == {
        "status": "refused",
        "reason": "unknown_tenant: who?",
        "import_id": None,
        "source": {"key": "drop/t/customers/merge/a.csv", "version_id": "v1", "size_bytes": 7},
        "ended_at": "2023-11-14T22:13:20Z",
    }
