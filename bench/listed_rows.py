"""Imports of any number of rows that have ended, to list their rows: as the shipped code leaves them, but made quickly.

One split of four batches is imported for real. Splits number their rows from one, so what reading has written of one
split stands for any other. What became of the rows is written by the shipped writer for the first, the middle and the
last split; the index tells of all of them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, BinaryIO

from bench.customers import customers_csv
from bench.imports import ImportPipeline
from chalicelib.imports.workspace import RowRange, SplitOffset, Workspace
from chalicelib.imports.workspace.partitioning import BATCHES_PER_SPLIT
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.phases import FIRST_PHASE
from chalicelib.model.rows import RowOutcome
from chalicelib.stores import memory
from chalicelib.stores.memory import MemoryFiles

BATCH_ROWS, BATCHES = 20_000, 4
SPLIT_ROWS = BATCH_ROWS * BATCHES
"""About 16 MB of customers, as large as splits are."""
COPIED = ("rows", "fields")


class CountedFiles(MemoryFiles):
    """Counts requests for objects, and the bytes that they answer with."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0.0)
        self.requests = self.bytes = 0

    def _answered(self, content: bytes) -> bytes:
        self.requests += 1
        self.bytes += len(content)
        return content

    def read_file(self, key: str) -> bytes:
        """Returns the object, and counts it."""
        return self._answered(super().read_file(key))

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """Returns the end of the object, and counts it alone."""
        return self._answered(self._get_version(key, None).content[-size_bytes:])

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """Opens a part of the object, and counts it."""
        self._answered(self._get_version(key, version_id).content[start:end])
        return super().open_file(key, version_id, start=start, end=end)


def imported(files: CountedFiles, rows: int) -> Import:
    """Returns an import of customers that has ended; one with more rows than a split is put together."""
    stores = replace(memory.stores(), files=files)
    pipeline = ImportPipeline(stores, limits=Limits(split_bytes=1 << 30))
    template = pipeline.run(pipeline.upload(customers_csv(min(rows, SPLIT_ROWS))), "customers")
    return template if rows <= SPLIT_ROWS else _Enlarged(files, template, rows // SPLIT_ROWS).write()


class _Enlarged:
    """An import of many splits, each like the one of a template."""

    def __init__(self, files: CountedFiles, template: Import, splits: int) -> None:
        self._files, self._template, self._splits = files, template, splits
        stats = replace(template.stats, total=template.stats.total * splits)
        self._import = replace(template, import_id=ImportId(f"{template.import_id}x{splits}"), stats=stats)
        self._read = Workspace(files, template, attempt_id="")
        self._written = Workspace(files, self._import, attempt_id="bench")

    def write(self) -> Import:
        """Writes what its tasks and its end would have written, and returns the import."""
        splits, written = range(self._splits), self._written
        written.write_offsets([SplitOffset(one * SPLIT_ROWS, one * SPLIT_ROWS) for one in splits])
        for split in splits:
            written.write_source_summary(split, self._read.get_source_summary())
        for split in {0, self._splits // 2, self._splits - 1}:
            self._copy_read(split)
        written.write_committed_attempts(FIRST_PHASE, dict.fromkeys(splits, "bench"))
        ranges = [*self._each_range()]
        written.write_batches([batch for batch, _ in ranges])
        written.row_pages.write_index(ranges)
        written.unite_source_summaries()
        return self._import

    def _copy_read(self, split: int) -> None:
        before, after = (
            f"work/{one.tenant_id}/{one.import_id}/{one.attempt}/" for one in (self._template, self._import)
        )
        for batch in range(BATCHES):
            for name in COPIED:
                (key,) = self._files.list_keys(f"{before}{FIRST_PHASE}/{name}/{batch}.")
                copied = f"{after}{FIRST_PHASE}/{name}/{split * BATCHES_PER_SPLIT + batch}.bench"
                self._files.write_file(copied, self._files.read_file(key))

    def _each_range(self) -> Iterator[tuple[int, RowRange]]:
        """Of every batch, as its pages tell; they are there for some."""
        outcomes = [self._outcomes_of(batch) for batch in range(BATCHES)]
        told = [self._written.row_pages.write(batch, outcomes[batch]) for batch in range(BATCHES)]
        for split in range(self._splits):
            first_row = split * SPLIT_ROWS
            for batch in range(BATCHES):
                number = split * BATCHES_PER_SPLIT + batch
                if split in (self._splits // 2, self._splits - 1):
                    yield number, self._written.row_pages.write(number, _shifted(outcomes[batch], first_row))
                else:
                    yield number, replace(told[batch], first_row=told[batch].first_row + first_row)

    def _outcomes_of(self, batch: int) -> dict[int, RowOutcome]:
        phases = self._read.row_phases
        return {one.row_number: one for phase in phases for one in self._read.each_outcome(phase, batch)}


def _shifted(outcomes: dict[int, RowOutcome], rows: int) -> dict[int, RowOutcome]:
    def moved(one: RowOutcome) -> RowOutcome:
        problems: list[Any] = [replace(problem, row_number=problem.row_number + rows) for problem in one.problems]
        return replace(one, row_number=one.row_number + rows, line=one.line + rows, problems=problems)

    return {number + rows: moved(one) for number, one in outcomes.items()}
