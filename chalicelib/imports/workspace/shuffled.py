"""What is shuffled between the phases of an import, by name: keys to those that look for duplicates, the duplicates
back to the batches of their rows, and named records to the shards that cleanup works on.

A gate records beside the attempts that count which of them have written any, so that no reader asks for what is not
there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

import orjson

from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows
from chalicelib.imports.workspace.codec import from_keyed_rows, to_keyed_rows, to_line
from chalicelib.imports.workspace.partitioning import ImportManifest, SplitOffset, batches_of, each_partition
from chalicelib.imports.workspace.shuffle import Shuffle
from chalicelib.imports.workspace.work_objects import WorkObjects
from chalicelib.model.ids import RecordId
from chalicelib.model.phases import PhaseName, spec_of
from chalicelib.model.task_results import TaskResult

_KEYED_ROWS, _DUPLICATES, _NAMED, _MENTIONED = "keyed_rows", "duplicates", "named", "mentioned"


def writers_of(result: TaskResult) -> Iterable[int]:
    """Returns which writers a task was in the shuffle of its phase: the batches whose keys it has written, or itself
    where it has marked duplicates; none where it wrote nothing.
    """
    spec = spec_of(result.phase)
    if spec.duplicates_skipped_by:
        return (result.task,) if result.left else ()
    return batches_of(result) if spec.finds_keys and result.keys else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuffled:
    """The shuffles of one attempt of an import."""

    objects: WorkObjects
    get_manifest: Callable[[], ImportManifest]
    get_batches: Callable[[], list[int]]
    offset_of: Callable[[PhaseName, int], SplitOffset]

    def write_indexes(self, phase: PhaseName) -> None:
        """Writes where the parts lie that a phase has written, once none of its tasks can write any more."""
        spec = spec_of(phase)
        if spec.duplicates_skipped_by:
            self._duplicates(phase).write_index(self.objects.get_writers(phase))
        if spec.finds_keys:
            self._keyed_rows(phase).write_index(self.objects.get_writers(phase))
        if phase is PhaseName.TRANSFORMING and self.get_manifest().shards:
            self._of_shards(_NAMED).write_index(_batches(self.get_batches()))

    def write_keyed_rows(self, phase: PhaseName, keyed_rows: KeyedRows) -> None:
        """Writes the keys that a phase found in a batch, each into its partition; the rows stay in their batch."""
        each = each_partition(keyed_rows, self.get_manifest().partitions)
        parts = {partition: to_line(from_keyed_rows(ones)) for partition, ones in each if ones.keys}
        self._keyed_rows(phase).write(keyed_rows.batch, parts)

    def each_keyed_rows(self, phase: PhaseName, partition: int) -> Iterator[KeyedRows]:
        """Yields, batch by batch in file order, the rows with those keys that a phase found and that fall into a
        partition; none where the phase has not ended. Lazy.
        """
        for batch, content in self._keyed_rows(phase).each(partition, self.objects.get_writers(phase)):
            yield to_keyed_rows(orjson.loads(content), batch, self.offset_of(phase, batch))

    def write_duplicates(
        self, phase: PhaseName, task: int, duplicates: Iterable[tuple[int, Sequence[DuplicateRow]]]
    ) -> int:
        """Writes which rows one task of a phase marks as duplicates, batch by batch, and returns how many rows these
        are.
        """
        places = {batch: place for place, batch in enumerate(self.get_batches())}
        rows, parts = 0, dict[int, bytes]()
        for batch, found in duplicates:
            parts[places[batch]] = to_line([*map(astuple, found)])
            rows += len({one.row_number for one in found})
        self._duplicates(phase).write(task, parts)
        return rows

    def get_duplicates(self, phase: PhaseName, batch: int) -> dict[int, DuplicateRow]:
        """Returns the marked rows of a batch, by row number. A row that several keys would mark is marked once, under
        the key of the lowest task; one that is to be skipped does not fail.
        """
        duplicates: dict[int, DuplicateRow] = {}
        place = self.get_batches().index(batch)
        for _, content in self._duplicates(phase).each(place, self.objects.get_writers(phase)):
            for stored in orjson.loads(content):
                duplicate = DuplicateRow(*stored)
                kept = duplicates.setdefault(duplicate.row_number, duplicate)
                if kept.is_taken and not duplicate.is_taken:
                    duplicates[duplicate.row_number] = duplicate
        return duplicates

    def write_named(self, batch: int, by_shard: Mapping[int, Sequence[RecordId]]) -> None:
        """Writes the records that rows of the batch name, by shard: an overwrite spares them."""
        self._of_shards(_NAMED).write(batch, _lines(by_shard))

    def each_named(self, shard: int) -> Iterator[RecordId]:
        """Yields the records of a shard that rows name, batch by batch. Lazy."""
        return self._each_record(_NAMED, shard, self.get_batches())

    def write_mentioned(self, batch: int, by_shard: Mapping[int, Sequence[RecordId]]) -> None:
        """Writes the records whose identity stands in the batch where no field reads it, by shard: an overwrite keeps
        them.
        """
        self._of_shards(_MENTIONED).write(batch, _lines(by_shard))

    def each_mentioned(self, shard: int, batches: Sequence[int]) -> Iterator[RecordId]:
        """Yields the records of a shard that these batches mention. Lazy."""
        return self._each_record(_MENTIONED, shard, batches)

    def _each_record(self, name: str, shard: int, batches: Sequence[int]) -> Iterator[RecordId]:
        for _, content in self._of_shards(name).each(shard, _batches(batches)):
            yield from orjson.loads(content)

    def _keyed_rows(self, phase: PhaseName) -> Shuffle:
        return Shuffle(self.objects, phase, _KEYED_ROWS, self.get_manifest().partitions)

    def _duplicates(self, phase: PhaseName) -> Shuffle:
        return Shuffle(self.objects, phase, _DUPLICATES, len(self.get_batches()))

    def _of_shards(self, name: str) -> Shuffle:
        return Shuffle(self.objects, PhaseName.TRANSFORMING, name, self.get_manifest().shards)


def _batches(batches: Iterable[int]) -> dict[int, int]:
    return {batch: batch for batch in batches}


def _lines(by_shard: Mapping[int, Sequence[RecordId]]) -> dict[int, bytes]:
    return {shard: to_line(ids) for shard, ids in by_shard.items()}
