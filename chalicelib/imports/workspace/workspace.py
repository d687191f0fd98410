"""What the tasks of an import hand to each other, by name: rows, drafts, outcomes, keys, and how the import is divided.

Rows never pass through the state machine; they lie here in batches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, astuple
from types import MappingProxyType
from typing import Any

import orjson

from chalicelib.errors import NotFound
from chalicelib.formats import Splits
from chalicelib.formats.blocks import each_block
from chalicelib.imports.workspace.attempts import TaskAttempts
from chalicelib.imports.workspace.codec import (
    GivenBlock,
    from_drafts,
    from_fields,
    from_outcomes,
    to_decisions,
    to_drafts,
    to_fields,
    to_given,
    to_outcomes,
    to_rows,
    to_splits,
)
from chalicelib.imports.workspace.held_work import KeptWork, ObjectFiles
from chalicelib.imports.workspace.partitioning import (
    NO_OFFSET,
    CleanupPlan,
    ImportManifest,
    SplitOffset,
    split_of,
    task_of,
)
from chalicelib.imports.workspace.result_pieces import ResultPieces
from chalicelib.imports.workspace.row_pages import RowPages
from chalicelib.imports.workspace.shuffled import Shuffled
from chalicelib.imports.workspace.source_summary import SourceSummary, from_summary, to_summary
from chalicelib.imports.workspace.undo_plan import UndoPlan
from chalicelib.imports.workspace.work_objects import (
    BLOCK_ROWS,
    BlockBuffer,
    CommittedAttempts,
    ReadBlocks,
    T,
    WorkObjects,
)
from chalicelib.model.imports import Import
from chalicelib.model.notations import NotationDecision
from chalicelib.model.passes import row_phases_of
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, FieldBlock, Fields, Row, RowOutcome
from chalicelib.stores.interfaces import FileRange

_FIRST = PhaseName.PREVALIDATION
_NO_WRITERS: Mapping[int, Sequence[int]] = MappingProxyType({})
_SOURCE = "source_summaries"


class Workspace:
    """The work objects of one attempt of one import, as seen by one attempt of one task.

    A task attempt writes under its own id; readers see what the committed attempts wrote, as the gate of the phase has
    recorded them. A late or doubled attempt can therefore change nothing. Readers are lazy; writers take a whole batch.
    """

    def __init__(self, files: ObjectFiles, import_: Import, *, attempt_id: str) -> None:
        prefix = f"work/{import_.tenant_id}/{import_.import_id}/{import_.attempt}"
        self.kept = KeptWork(files, import_)
        self._objects = WorkObjects(self.kept.objects_over(files), prefix, attempt_id)
        self.attempts = TaskAttempts(self._objects, attempt_id)
        self.undo_plan = UndoPlan(self._objects)
        self.row_pages = RowPages(self._objects, self._offset_of)
        self.result_pieces = ResultPieces(self._objects)
        self.shuffled = Shuffled(
            objects=self._objects,
            get_manifest=self.get_manifest,
            get_batches=self.get_batches,
            offset_of=self._offset_of,
        )
        self._offsets: list[SplitOffset] = []
        self._manifest: ImportManifest | None = None
        self._batches: list[int] | None = None
        self._sub_partitions: int | None = None
        self._cleanup_plan: CleanupPlan | None = None
        self.attempt_id = attempt_id
        self.row_phases = row_phases_of(import_)

    def write_manifest(self, manifest: ImportManifest) -> None:
        """Writes how the import is divided."""
        self._manifest = manifest
        self._objects.write_one("manifest", asdict(manifest))

    def get_manifest(self) -> ImportManifest:
        """Returns how the import is divided. Raises NotFound where it has not been planned."""
        if self._manifest is None:
            self._manifest = ImportManifest(**self._objects.read_one("manifest"))
        return self._manifest

    def find_manifest(self) -> ImportManifest | None:
        """Returns how the import is divided; None where it has not been planned."""
        try:
            return self.get_manifest()
        except NotFound:
            return None

    def write_sub_partitions(self, sub_partitions: int) -> None:
        """Writes into how many sub-partitions each partition is divided: known when the keys have been counted."""
        self._objects.write_one("sub_partitions", sub_partitions)

    def get_sub_partitions(self) -> int:
        """Returns into how many sub-partitions each partition is divided."""
        if self._sub_partitions is None:
            self._sub_partitions = int(self._objects.read_one("sub_partitions"))
        return self._sub_partitions

    def write_batches(self, batches: list[int]) -> None:
        """Writes the numbers of all batches, in file order: known when prevalidation has ended."""
        self._batches = batches
        self._objects.write_one("batches", batches)

    def get_batches(self) -> list[int]:
        """Returns the numbers of all batches, in file order. Raises NotFound before the end of prevalidation."""
        if self._batches is None:
            self._batches = [int(one) for one in self._objects.read_one("batches")]
        return self._batches

    def find_batches(self) -> list[int]:
        """Returns the numbers of all batches, in file order; none before the end of prevalidation."""
        try:
            return self.get_batches()
        except NotFound:
            return []

    def write_committed_attempts(
        self, phase: PhaseName, committed: CommittedAttempts, writers: Mapping[int, Sequence[int]] = _NO_WRITERS
    ) -> None:
        """Records which attempt of each task of a phase counts, and by task which writers it was in a shuffle."""
        self._objects.write_committed_attempts(phase, committed, writers)

    def write_splits(self, splits: Splits) -> None:
        """Writes where the source is split."""
        self._objects.write_one("splits", splits)

    def get_splits(self) -> Splits:
        """Returns where the source is split. Raises NotFound where one task reads it all."""
        return to_splits(self._objects.read_one("splits"))

    def write_decisions(self, decisions: list[NotationDecision]) -> None:
        """Writes how the columns of the source are written: once, before the first row is typed."""
        self._objects.write_one("notations", decisions)

    def find_decisions(self) -> list[NotationDecision] | None:
        """Returns how the columns of the source are written; None where nothing was decided."""
        try:
            return to_decisions(self._objects.read_one("notations"))
        except NotFound:
            return None

    def write_cleanup_plan(self, cleanup: CleanupPlan) -> None:
        """Writes how cleanup is to be done: known when processing has ended."""
        self._cleanup_plan = cleanup
        self._objects.write_one("cleanup_plan", asdict(cleanup))

    def get_cleanup_plan(self) -> CleanupPlan:
        """Returns how cleanup is to be done."""
        if self._cleanup_plan is None:
            self._cleanup_plan = CleanupPlan(**self._objects.read_one("cleanup_plan"))
        return self._cleanup_plan

    def write_offsets(self, origins: list[SplitOffset]) -> None:
        """Writes how many rows and lines lie before each split: known when prevalidation has ended. From now on what
        prevalidation wrote reads with numbers of the whole source.
        """
        self._objects.write_one("offsets", [astuple(one) for one in origins])

    def write_source_summary(self, split: int, facts: SourceSummary) -> None:
        """Writes what one split has found out about the source."""
        self._objects.write_blocks(_FIRST, f"source/{split}", [from_summary(facts)])

    def get_source_summary(self) -> SourceSummary:
        """Returns what all splits have found out about the source, each finding once. Raises NotFound where the source
        was never opened.
        """
        splits = sorted(self._objects.get_committed_attempts(_FIRST))
        parts = [*self._objects.each_shared_block(_SOURCE)] if len(splits) > 1 else []
        parts = parts or self._find_summaries(splits)
        if not parts:
            raise NotFound("not_found", "The source was never opened.")
        return to_summary(parts)

    def unite_source_summaries(self) -> None:
        """Writes what all splits have found out in one piece, where there are several: to list rows of an import that
        has ended, not each of them has to be asked.
        """
        splits, buffer = sorted(self._objects.get_committed_attempts(_FIRST)), BlockBuffer()
        if len(splits) > 1 and (parts := self._find_summaries(splits)):
            buffer.add(from_summary(to_summary(parts)))
            self._objects.write_shared_buffer(_SOURCE, buffer)

    def _find_summaries(self, splits: Iterable[int]) -> list[dict[str, Any]]:
        attempts = self._objects.get_committed_attempts(_FIRST)
        keys = [self._objects.key_of(_FIRST, f"source/{split}", attempts[split]) for split in splits]
        return [orjson.loads(one) for one in self._objects.read_ranges([*map(FileRange, keys)]) if one is not None]

    def write_read(self, batch: int, read: ReadBlocks) -> None:
        """Writes what prevalidation has read of a batch."""
        for name, buffer in (("rows", read.rows), ("drafts", read.drafts), ("fields", read.fields)):
            self._objects.write_buffer(_FIRST, f"{name}/{batch}", buffer)

    def each_row(self, batch: int) -> Iterator[Row]:
        """Yields the rows of a batch as they were given, in file order."""
        return self._each(_FIRST, batch, "rows", to_rows)

    def each_block_of_given(self, batch: int) -> Iterator[GivenBlock]:
        """Yields the rows of a batch block by block, for readers that need nothing else of them."""
        offset = self._offset_of(_FIRST, batch)
        for block in self._objects.each_block(_FIRST, split_of(batch), f"rows/{batch}"):
            yield to_given(block, offset)

    def write_drafts(self, phase: PhaseName, batch: int, drafts: Iterable[Draft]) -> None:
        """Writes the drafts that go on from a phase, without their fields."""
        self._objects.write(phase, f"drafts/{batch}", drafts, from_drafts)

    def each_draft(self, phase: PhaseName, batch: int) -> Iterator[Draft]:
        """Yields the drafts that go on from a phase, in file order, without fields: most phases need none."""
        offset = self._offset_of(phase, batch)
        for block in self._objects.each_block(phase, task_of(phase, batch), f"drafts/{batch}"):
            yield from self.each_draft(PhaseName(block), batch) if isinstance(block, str) else to_drafts(block, offset)

    def forward_drafts(self, phase: PhaseName, following: PhaseName, batch: int) -> None:
        """Notes that all drafts that go on from a phase go on from the following one as they are."""
        self._objects.write_blocks(following, f"drafts/{batch}", [phase])

    def write_fields(self, phase: PhaseName, batch: int, fields: Mapping[int, Fields]) -> None:
        """Writes anew what the drafts of a batch give, by row number in file order: for a phase that changes fields."""
        buffer = BlockBuffer()
        for rows in each_block(fields, BLOCK_ROWS):
            block = FieldBlock(irregular={row: fields[row] for row in rows})
            buffer.add_rows(from_fields(block), rows[0], rows[-1] - rows[0] + 1)
        self._objects.write_buffer(phase, f"fields/{batch}", buffer)

    def each_with_fields(self, phase: PhaseName, batch: int, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """Yields the same drafts, which must be in file order, with the fields that the phase has written. Lazy."""
        offset = self._offset_of(phase, batch)
        blocks = self._objects.each_block(phase, task_of(phase, batch), f"fields/{batch}")
        fields: dict[int, Fields] = {}
        for draft in drafts:
            while draft.row_number not in fields:
                fields = to_fields(next(blocks), offset).by_row()
            draft.fields = fields[draft.row_number]
            yield draft

    def find_fields(self, phase: PhaseName, batch: int, rows: Set[int]) -> dict[int, Fields]:
        """Returns the fields of few rows of a batch, by row number."""
        offset, found = self._offset_of(phase, batch), dict[int, Fields]()
        for block in self._objects.each_block(phase, task_of(phase, batch), f"fields/{batch}") if rows else ():
            found |= to_fields(block, offset).find_rows(rows)
        return found

    def write_outcomes(self, phase: PhaseName, batch: int, outcomes: Iterable[RowOutcome]) -> None:
        """Writes the rows of a batch that got their outcome in a phase."""
        self._objects.write(phase, f"outcomes/{batch}", outcomes, from_outcomes)

    def each_outcome(self, phase: PhaseName, batch: int) -> Iterator[RowOutcome]:
        """Yields the rows of a batch that got their outcome in a phase; nothing where the phase has not ended for this
        batch.
        """
        return self._each(phase, batch, "outcomes", to_outcomes)

    def each_outcome_of_attempt(self, attempt_id: str, phase: PhaseName, batch: int) -> Iterator[RowOutcome]:
        """Yields the rows that got their outcome in one attempt of a task, which need not be committed."""
        for block in self._objects.each_block_of(attempt_id, phase, f"outcomes/{batch}"):
            yield from to_outcomes(block, NO_OFFSET)

    def write_failed_keys(self, batch: int, keys: Iterable[str]) -> None:
        """Writes the identity keys of rows that failed in prevalidation."""
        self._objects.write(_FIRST, f"failed_keys/{batch}", keys)

    def each_failed_key(self, batch: int) -> Iterator[str]:
        """Yields the identity keys of rows that failed in prevalidation."""
        return self._objects.each(_FIRST, split_of(batch), f"failed_keys/{batch}")

    def write_mentioned_keys(self, batch: int, keys: BlockBuffer) -> None:
        """Writes the identity keys that stand in the batch where no field reads them, in lists as they were found."""
        self._objects.write_buffer(_FIRST, f"mentioned_keys/{batch}", keys)

    def each_mentioned_key(self, batch: int) -> Iterator[str]:
        """Yields the identity keys that stand in the batch where no field reads them."""
        return self._objects.each(_FIRST, split_of(batch), f"mentioned_keys/{batch}")

    def _each(
        self, phase: PhaseName, batch: int, what: str, decode: Callable[[Any, SplitOffset], Iterable[T]]
    ) -> Iterator[T]:
        offset = self._offset_of(phase, batch)
        return self._objects.each(phase, task_of(phase, batch), f"{what}/{batch}", lambda one: decode(one, offset))

    def _offset_of(self, phase: PhaseName, batch: int) -> SplitOffset:
        """What later phases write is numbered in the whole already."""
        if phase is not _FIRST or not split_of(batch):
            return NO_OFFSET
        if not self._offsets:
            self._offsets = [SplitOffset(*one) for one in self._objects.read_one("offsets")]
        return self._offsets[split_of(batch)]
