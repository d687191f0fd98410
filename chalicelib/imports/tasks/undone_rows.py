"""The rows of an undo: what the import that it undoes has written, as its results and the kept images tell.

    batches   the rows of the import that have written a record, the last first
    shards    the records that its cleanup has deleted, or taken out of its location
    missing   the records that it has created because rows named them

The rows are numbered anew; each tells the row that it undoes (`of_row`), and which objects may have an image of its
record.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count

from chalicelib.errors import Refused, Retryable
from chalicelib.formats.blocks import each_block
from chalicelib.imports.before_images import BeforeImageReader, images_of_batch, images_of_shard, rows_of
from chalicelib.imports.phases.prevalidation import Prevalidated
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.tasks.missing_records import NamedRecords
from chalicelib.imports.tasks.recovery import DIED, AttemptStillRunning, recover_result
from chalicelib.imports.tasks.row_source import RowDivision
from chalicelib.imports.tasks.undoing import IMAGES, get_undone
from chalicelib.imports.workspace import SourceSummary, UndoSplit, Workspace, address_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record
from chalicelib.model.rows import Draft, FieldBlock, Outcome, RowBlock, Value
from chalicelib.model.task_results import TaskResult

KEYS = ("of_row", "resource", "record_id")
"""What a row of an undo shows."""
BATCHES_PER_TASK = 20
SHARDS_PER_TASK = 20
"""What one task of an undo reads of the import, at most."""
ROW_BYTES = 100
"""About what a row of an undo takes."""

WRITING = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.DELETED})


@dataclass(frozen=True, slots=True)
class UndoneRow:
    """A record that the import has written, and the row for which it did; 0 for its cleanup."""

    of_row: int
    record_id: RecordId
    images: tuple[str, ...] = ()
    """Objects that may have images of the record."""


def divide_undo(context: TaskContext) -> RowDivision:
    """Says, and writes down, which part of the import each task of its undo reads."""
    undone = UndoneImport(context)
    splits = undone.divide()
    context.workspace.undo_plan.write(splits)
    rows = undone.import_.stats.written
    is_small = rows * ROW_BYTES <= context.limits.small_source_bytes
    return RowDivision(splits=len(splits), expected_rows=rows, is_small=is_small)


@contextmanager
def open_undone_rows(context: TaskContext, split: int) -> Iterator["UndoneRows"]:
    """Opens one split of the rows of an undo. Raises Refused `rows_expired` where what the import wrote is not known
    any more.
    """
    yield UndoneRows(context, context.workspace.undo_plan.get_splits()[split])


class UndoneImport:
    """What an import has left behind, as its undo sees it."""

    def __init__(self, context: TaskContext) -> None:
        self.import_ = get_undone(context)
        files, attempt_id = context.stores.files, context.workspace.attempt_id
        self.workspace = Workspace(files, self.import_, attempt_id=attempt_id)
        results = self.workspace.kept.results_over(context.stores.results)
        self._stores = replace(context.stores, results=results)
        self._context = replace(
            context,
            import_=self.import_,
            resource=RESOURCES[self.import_.resource],
            workspace=self.workspace,
            stores=self._stores,
        )
        self._images = BeforeImageReader(files, self.import_)

    def divide(self) -> list[UndoSplit]:
        """Returns the splits of the undo: cleanup came last, and what rows named was created before them."""
        shards = self._images.list_shards()[::-1]
        resource, batches = self.import_.resource, self.workspace.find_batches()[::-1]
        splits = [UndoSplit(resource=resource, shards=tuple(some)) for some in each_block(shards, SHARDS_PER_TASK)]
        splits += [
            UndoSplit(resource=name, batches=tuple(some))
            for name, ones in self._by_resource(batches).items()
            for some in each_block(ones, BATCHES_PER_TASK)
        ]
        splits += [
            UndoSplit(resource=name, batches=tuple(some), creates_missing=True)
            for name in self._named_resources()
            for some in each_block(batches, BATCHES_PER_TASK)
        ]
        return splits or [UndoSplit(resource=resource)]

    def _named_resources(self) -> list[str]:
        """Whose records were created because rows named them, or may have been: where rows have no outcome, a task may
        have died that made some."""
        stats, fields = self.import_.stats, self.import_.rules.create_missing
        named = {one.resource for one in self._context.resource.references if one.field in fields}
        return sorted(named if stats.unprocessed else stats.created_references)

    def _by_resource(self, batches: list[int]) -> dict[str, list[int]]:
        """An undo that is undone itself has batches of several resources."""
        by_resource: dict[str, list[int]] = defaultdict(list)
        for batch in batches:
            is_undo = self.import_.undo_of is not None
            resource = self.workspace.undo_plan.get_split_of(batch).resource if is_undo else self.import_.resource
            by_resource[resource].append(batch)
        return by_resource

    def each_row(self, split: UndoSplit) -> Iterator[UndoneRow]:
        """Yields the rows of a split, the last first."""
        for shard in split.shards:
            yield from self._each_cleaned_up(shard)
        for batch in split.batches:
            yield from self._each_made(split.resource, batch) if split.creates_missing else self._each_written(batch)

    def _each_written(self, batch: int) -> Iterator[UndoneRow]:
        result = self._find_result(batch)
        if result is None:
            return
        address = address_of(result.attempt_id, result.place)
        outcomes = self.workspace.each_outcome_of_attempt(address, PhaseName.PROCESSING, batch)
        written = [(one.row_number, one.record_id) for one in outcomes if one.outcome in WRITING and one.record_id]
        if len(written) < result.stats.created + result.stats.updated + result.stats.deleted:
            raise Refused("rows_expired", f"What {self.import_.import_id} has written is not known any more.")
        yield from self._with_images(batch, reversed(written))

    def _find_result(self, batch: int) -> TaskResult | None:
        """None where no task has begun to write. Of one that died, and that the end of the import has not counted, the
        records prove what it has written; put as its result, that stays what is undone."""
        import_, phase, results = self.import_, PhaseName.PROCESSING, self._stores.results
        found = results.find_result(import_.import_id, import_.attempt, phase, batch)
        if found is not None or not self.workspace.attempts.find(phase, batch):
            return found
        try:
            proven = recover_result(self._context, phase, batch, DIED)
        except AttemptStillRunning as at_work:
            raise Retryable(str(at_work)) from at_work
        results.put_once(import_.import_id, import_.attempt, proven)
        return proven

    def _with_images(self, batch: int, written: Iterable[tuple[int, RecordId]]) -> Iterator[UndoneRow]:
        names = [(rows_of(name), name) for name in self._images.list_names(images_of_batch(batch))]
        for row_number, record_id in written:
            yield UndoneRow(row_number, record_id, tuple(name for rows, name in names if row_number in rows))

    def _each_cleaned_up(self, shard: int) -> Iterator[UndoneRow]:
        """The records that cleanup has changed, without those that others changed in the moment before."""
        named: dict[RecordId, list[str]] = defaultdict(list)
        versions: dict[RecordId, int] = {}
        for name in self._images.list_names(images_of_shard(shard)):
            for image in self._images.each(name):
                named[image.record_id].append(name)
                versions[image.record_id] = image.version
        for ids in each_block(named, WRITE_BATCH_ROWS):
            stored = self._stores.records.get_many(self.import_.tenant_id, self.import_.resource, ids)
            for record_id in ids:
                if self._may_have_made(stored.get(record_id), versions[record_id]):
                    yield UndoneRow(0, record_id, tuple(named[record_id]))

    def _may_have_made(self, record: Record | None, version: int) -> bool:
        """Whether the import has made this version of a record; its stamp may have been pushed out by later ones."""
        behind = record.version - version + 1 if record else 0
        if record is None or not 0 < behind <= len(record.stamps):
            return record is None or behind > 0
        return record.stamps[-behind].import_id == self.import_.import_id

    def _each_made(self, resource: str, batch: int) -> Iterator[UndoneRow]:
        named = NamedRecords(self._context)
        named.note_batch(batch)
        yield from self._with_images(batch, named.each_made(resource))


@dataclass(slots=True)
class UndoneRows:
    """Keeps `RowSource` for one split of an undo."""

    context: TaskContext
    split: UndoSplit
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _open: dict[int, UndoneRow] = field(default_factory=dict)
    """By row number, rows that have been taken and not been prevalidated."""
    _taken: int = 0

    mentioned_keys: tuple[str, ...] = ()
    resent_from: str = ""
    fed: None = None

    @property
    def blocks(self) -> Iterator[RowBlock]:
        """Yields the rows of the split. Lazy."""
        resource = self.split.resource
        for rows in each_block(UndoneImport(self.context).each_row(self.split), 1_000):
            numbers = [next(self._numbers) for _ in rows]
            self._open |= zip(numbers, rows, strict=True)
            self._taken += len(rows)
            given = [{"of_row": one.of_row, "resource": resource, "record_id": one.record_id} for one in rows]
            yield RowBlock(numbers, numbers, given, characters=len(rows) * ROW_BYTES)

    def prevalidate(self, block: RowBlock) -> Prevalidated:
        """Returns a draft for each row: no row of an undo can fail here."""
        rows = [self._open.pop(number) for number in block.numbers]
        drafts = [
            Draft(number, number, {}, [], row.record_id, is_match=True)
            for number, row in zip(block.numbers, rows, strict=True)
        ]
        images: list[Value] = [[*row.images] or None for row in rows]
        return Prevalidated(drafts, FieldBlock([*block.numbers], [IMAGES], [images]))

    def count_lines(self) -> int:
        """Returns how many rows have been taken: each stands for a line."""
        return self._taken

    def summary(self) -> SourceSummary:
        """Returns the keys of an undo's rows."""
        return SourceSummary(format="json", keys=KEYS)
