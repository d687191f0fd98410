"""A page of rows costs the same wherever it lies, and however many rows there are; reads are counted."""

from contextlib import AbstractContextManager
from typing import BinaryIO

import pytest

from chalicelib.imports.workspace import PageOfRows, RowRange, SourceSummary, Workspace
from chalicelib.imports.workspace.work_objects import BlockBuffer
from chalicelib.model.imports import Import
from chalicelib.model.phases import FIRST_PHASE
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.stores.memory.files import MemoryFiles
from tests.import_world import ImportWorld

BATCH_ROWS = 20_000
BLOCK_ROWS = 1_000


class CountedFiles(MemoryFiles):
    """Counts what is read."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0.0)
        self.reads: list[int] = []

    def read_file(self, key: str) -> bytes:
        content = super().read_file(key)
        self.reads.append(len(content))
        return content

    def read_end(self, key: str, size_bytes: int) -> bytes:
        content = self._get_version(key, None).content[-size_bytes:]
        self.reads.append(len(content))
        return content

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        assert end is not None
        self.reads.append(end - start)
        return super().open_file(key, version_id, start=start, end=end)


def ended_import(files: CountedFiles, batches: int) -> Import:
    """An import of so many full batches, of which the first, the middle and the last are there."""
    import_ = ImportWorld().queue("name\n")
    workspace = Workspace(files, import_, attempt_id="t")
    workspace.write_committed_attempts(FIRST_PHASE, {0: "t"})
    ranges = [
        (batch, RowRange(1 + batch * BATCH_ROWS, BATCH_ROWS, {"created": BATCH_ROWS})) for batch in range(batches)
    ]
    for batch in {0, batches // 2, batches - 1}:
        given = BlockBuffer()
        for first in range(1 + batch * BATCH_ROWS, 1 + (batch + 1) * BATCH_ROWS, BLOCK_ROWS):
            numbers = [*range(first, first + BLOCK_ROWS)]
            given.add_rows((numbers, numbers, [["x"]] * BLOCK_ROWS), first, BLOCK_ROWS)
        workspace._objects.write_buffer(FIRST_PHASE, f"rows/{batch}", given)
        created = {number: RowOutcome(number, number, Outcome.CREATED) for number in range(*_bounds(batch))}
        assert workspace.row_pages.write(batch, created) == ranges[batch][1]
    workspace.row_pages.write_index(ranges)
    workspace.write_batches([*range(batches)])
    return import_


def _bounds(batch: int) -> tuple[int, int]:
    return 1 + batch * BATCH_ROWS, 1 + (batch + 1) * BATCH_ROWS


def page_with(workspace: Workspace, row: int) -> PageOfRows:
    batches = workspace.get_batches()
    pages = workspace.row_pages.each_page(batches, lambda one: not one.first_row <= row < one.first_row + one.rows)
    return next(pages)


@pytest.mark.parametrize("batches", [3, 500, 5_000], ids="{} batches".format)
def test_a_page_costs_the_same_wherever_it_lies(batches: int) -> None:
    files = CountedFiles()
    import_ = ended_import(files, batches)
    rows = [1, 1 + batches // 2 * BATCH_ROWS, batches * BATCH_ROWS]

    for row in rows:
        files.reads.clear()
        workspace = Workspace(files, import_, attempt_id="")
        page = page_with(workspace, row)
        assert row in [one.row_number for one in workspace.row_pages.read_outcomes(page)]
        assert row in [one.number for one in workspace.row_pages.read_given(page)]

        assert len(files.reads) == 8
        assert sum(files.reads) < 200_000


def test_where_the_rows_of_a_batch_lie_is_looked_up_once() -> None:
    files = CountedFiles()
    workspace = Workspace(files, ended_import(files, 3), attempt_id="")
    pages = [*workspace.row_pages.each_page_of(1, lambda _: False)]
    files.reads.clear()

    for page in pages:
        workspace.row_pages.read_given(page)

    places_and_committed_attempts = 2
    assert len(files.reads) == len(pages) + places_and_committed_attempts > 10


def test_what_was_found_out_about_a_source_in_many_splits_is_read_in_one_piece() -> None:
    files, import_ = CountedFiles(), ImportWorld().queue("name\n")
    written = Workspace(files, import_, attempt_id="t")
    written.write_committed_attempts(FIRST_PHASE, dict.fromkeys(range(125), "t"))
    for split in range(125):
        written.write_source_summary(split, SourceSummary(format="csv", headers=("name",)))
    before = Workspace(files, import_, attempt_id="").get_source_summary()
    written.unite_source_summaries()
    files.reads.clear()

    assert Workspace(files, import_, attempt_id="").get_source_summary() == before

    assert len(files.reads) == 2


def test_a_batch_knows_from_which_row_to_which_it_reaches() -> None:
    files = CountedFiles()
    workspace = Workspace(files, ended_import(files, 3), attempt_id="")

    assert [workspace.row_pages.rows_of(batch) for batch in (0, 2)] == [range(*_bounds(0)), range(*_bounds(2))]


def test_of_two_batches_the_one_without_such_rows_is_passed_over_unread() -> None:
    files = CountedFiles()
    workspace = Workspace(files, ended_import(files, 2), attempt_id="")
    workspace.get_batches()
    files.reads.clear()

    page_with(workspace, BATCH_ROWS + 1)

    index_and_its_segment_and_places = 3
    assert len(files.reads) == index_and_its_segment_and_places
