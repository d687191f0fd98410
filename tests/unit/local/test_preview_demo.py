"""The demo previews a file that changes a tenth of the records, and goes on serving whatever the API answers."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from chalicelib.model.catalogue import RESOURCES
from local.api_json import Json
from local.preview_demo import each_change, find_free_field, show_preview, would_be, write_changed
from sluice import RateLimited, Sluice
from sluice.errors import Refusal

CUSTOMERS = RESOURCES["customers"]
RECORDS: list[Json] = [{"id": f"cus_{n}", "notes": None if n % 2 else f"as {n}"} for n in range(25)]


class RecordsClient:
    """A client of an API that has these records, or refuses to list them."""

    def __init__(self, records: list[Json] | None) -> None:
        self._records = records

    def ask(self, method: str, path: str, body: object = None) -> Any:
        if self._records is None:
            raise RateLimited(Refusal(429, message="rate_limited"))
        return self._records


def output_of(client: RecordsClient, folder: Path) -> str:
    console = Console(file=StringIO(), width=200, force_terminal=False)
    show_preview(console, cast(Sluice, client), CUSTOMERS, folder)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("resource", "field"), [("customers", "notes"), ("users", "team"), ("articles", "notes")], ids=str
)
def test_a_field_that_means_nothing_to_others_is_changed(resource: str, field: str) -> None:
    found = find_free_field(RESOURCES[resource])

    assert found is not None
    assert found.name == field


def test_a_tenth_of_the_records_is_changed_and_the_others_are_as_they_were(tmp_path: Path) -> None:
    file = write_changed(tmp_path / "new" / "changed.csv", RECORDS, CUSTOMERS.by_name["notes"])

    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert [row["id"] for row in rows] == [record["id"] for record in RECORDS]
    assert [n for n, row in enumerate(rows) if row["notes"].startswith("Changed at ")] == [0, 10, 20]
    assert {row["notes"] for n, row in enumerate(rows) if n % 2} == {""}
    assert rows[2]["notes"] == "as 2"


def test_what_would_become_of_the_rows_is_said_in_a_line() -> None:
    outcomes = ("created", "updated", "unchanged", "deleted", "skipped", "failed", "unprocessed")
    stats = dict.fromkeys(outcomes, 0) | {"total": 1100, "updated": 110, "unchanged": 990}

    assert would_be({"stats": stats}) == "Of 1,100 rows would be 110 updated, 990 unchanged. Nothing is written."


def test_a_change_is_told_with_both_values() -> None:
    row = {"row_number": 3, "changes": {"notes": {"from": None, "to": "x" * 50}}}

    assert list(each_change(row)) == [f"  row 3, notes: '' → '{'x' * 39}…'"]


def test_without_records_nothing_is_previewed(tmp_path: Path) -> None:
    assert output_of(RecordsClient([]), tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_said_and_the_stack_goes_on_serving(tmp_path: Path) -> None:
    assert "No preview is shown; the API answered 429: rate_limited" in output_of(RecordsClient(None), tmp_path)
