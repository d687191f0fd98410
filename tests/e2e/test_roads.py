"""Small sources travel in one task, larger ones through seven Maps: either way leads to the same end."""

import io
from collections.abc import Iterable
from random import Random

import pytest
from openpyxl import Workbook

from tests.e2e.backstage import Backstage
from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.sources import crowd

pytestmark = pytest.mark.e2e

WAYS = {"Travel", "TravelWorkbook", "Prevalidation", "PrevalidationOfWorkbook"}
"""The state machine's states behind its first fork."""
NOISE = Random(7).randbytes(120_000).hex()
DIRT = {
    10: ["Person 10", "p10(at)example.com"],
    700: ["Person 20 again", "P20@example.com"],
    800: ["", "p800@example.com"],
}
"""Rows of three batches: an address that is none, a copy of a row two batches before, and a name that is missing."""


def people(*, is_large: bool) -> list[list[str]]:
    """What makes the source large is a column that nobody reads and no compression makes small."""
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
    ("content", "way"),
    [
        (to_csv(people(is_large=False)), "Travel"),
        (to_csv(people(is_large=True)), "Prevalidation"),
        (to_workbook(people(is_large=False)), "TravelWorkbook"),
        (to_workbook(people(is_large=True)), "PrevalidationOfWorkbook"),
    ],
    ids=["in one task", "in many tasks", "a workbook in one task", "a workbook in many tasks"],
)
def test_every_way_leads_to_the_same_end(
    client: PackageXClient, backstage: Backstage, content: bytes, way: str
) -> None:
    import_ = client.run(content)

    assert counted(import_) == {"total": 1000, "created": 997, "skipped": 1, "failed": 2}
    assert client.codes(import_["id"]) == {10: ["invalid_email"], 700: ["duplicate_in_source"], 800: ["required"]}
    assert len(client.each_record()) == 997
    assert backstage.states(import_) & WAYS == {way}


def test_a_large_overwrite_removes_what_none_of_its_batches_names(client: PackageXClient) -> None:
    client.run(crowd(1, 1200))

    import_ = client.run(crowd(101, 1300), action="overwrite")

    assert counted(import_) == {"total": 1200, "created": 100, "unchanged": 1100, "overwritten": 100}
    assert import_["phases"][6]["status"] == "completed"
    assert {record["name"] for record in client.each_record()} == {f"Person {n}" for n in range(101, 1301)}
