from typing import cast

import pytest

from sluice import Import
from sluice.cli.guards import stopped_lines
from sluice.models.imports import ImportFields
from sluice.models.records import Resource

CONTACTS = Resource(name="contact", plural="contacts")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            "max_deleted: 1980 of 2000 records, limit 10%",
            [
                "Stopped before writing: 1,980 of 2,000 contacts would be deleted, 10% are allowed.",
                "Nothing has changed. If you mean it: --max-deleted 1980",
            ],
        ),
        (
            "max_deleted: 7 records, limit 5",
            [
                "Stopped before writing: 7 contacts would be deleted, 5 are allowed.",
                "Nothing has changed. If you mean it: --max-deleted 7",
            ],
        ),
        (
            "max_failed: 1 of 1 row, limit 0",
            [
                "Stopped before writing: 1 of 1 rows would fail, 0 are allowed.",
                "Nothing has changed. If you mean it: --max-failed 1",
            ],
        ),
        (
            "all_or_nothing: 3 of 10000 rows",
            [
                "Stopped before writing: 3 of 10,000 rows would fail, and it is all rows or none.",
                "Nothing has changed. See them: sluice imports rows imp_1",
            ],
        ),
        (
            "all_or_nothing: row 17 identity_taken",
            [
                "Stopped, for all rows or none were to be written: row 17 identity_taken",
                "What was written is taken back: sluice imports show imp_1",
            ],
        ),
        ("internal_error: nobody knows", []),
        (None, []),
    ],
)
def test_a_limit_that_was_reached_is_told_with_what_to_do(reason: str | None, expected: list[str]) -> None:
    import_ = cast(Import, ImportFields(id="imp_1", status="failed", reason=reason))

    assert list(stopped_lines(import_, CONTACTS)) == expected
