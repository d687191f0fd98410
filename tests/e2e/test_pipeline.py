"""Small sources are imported in one task, larger ones by seven Maps: both have the same result."""

import io
from collections.abc import Iterable
from random import Random

import pytest
from openpyxl import Workbook

from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

FIRST_STATES = {"RunPhases", "RunPhasesOnWorkbook", "Prevalidation", "PrevalidationOfWorkbook"}
"""The states after the first choice of the state machine."""
NOISE = Random(7).randbytes(120_000).hex()
DIRT = {
    10: ["Person 10", "p10(at)example.com"],
    700: ["Person 20 again", "P20@example.com"],
    800: ["", "p800@example.com"],
}
"""Rows of three batches: an address that is none, a copy of a row two batches before, and a name that is missing."""


def people(*, is_large: bool) -> list[list[str]]:
    """Makes rows; a column that is not read, and that no compression makes small, makes the source large."""
    filler = 240 if is_large else 0
    rows = [["name", "email", "filler"]]
    for n in range(1, 1001):
        rows.append([*DIRT.get(n, [f"Person {n}", f"p{n}@example.com"]), NOISE[n * 240 : n * 240 + filler]])
    return rows


def to_csv(rows: Iterable[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def to_workbook(rows: Iterable[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (to_csv(people(is_large=False)), "RunPhases"),
        (to_csv(people(is_large=True)), "Prevalidation"),
        (to_workbook(people(is_large=False)), "RunPhasesOnWorkbook"),
        (to_workbook(people(is_large=True)), "PrevalidationOfWorkbook"),
    ],
    ids=["in one task", "in many tasks", "a workbook in one task", "a workbook in many tasks"],
)
def test_one_task_and_many_have_the_same_result(
    client: PackageXClient, internals: StackInternals, content: bytes, state: str
) -> None:
    import_ = client.run(content)

    assert counted(import_) == {"total": 1000, "created": 997, "skipped": 1, "failed": 2}
    assert client.codes(import_["id"]) == {10: ["invalid_email"], 700: ["duplicate_in_source"], 800: ["required"]}
    assert len(client.each_record()) == 997
    assert internals.states(import_) & FIRST_STATES == {state}


def test_a_large_overwrite_removes_what_none_of_its_batches_names(client: PackageXClient) -> None:
    client.run(customers_csv(1, 1200))

    import_ = client.run(customers_csv(101, 1300), action="overwrite")

    assert counted(import_) == {"total": 1200, "created": 100, "unchanged": 1100, "overwritten": 100}
    assert import_["phases"][6]["status"] == "completed"
    assert {record["name"] for record in client.each_record()} == {f"Person {n}" for n in range(101, 1301)}
