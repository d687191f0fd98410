"""How an import is divided: its manifest, the numbers of its batches, and where its keys fall.

All of it is the same on every machine and at every attempt, so that tasks find what others wrote for them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.model.phases import PhaseName, WorkUnit, spec_of
from chalicelib.model.task_results import TaskResult

BATCHES_PER_SPLIT = 10_000
"""Batches are numbered split by split, so that their numbers are in file order and known before the splits are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportManifest:
    """How the import is divided, and so how many tasks its phases have. `plan` writes it."""

    splits: int = 1
    partitions: int = 1
    """Of keys: fixed before the rows are counted, from the size of the source."""
    shards: int = 0
    """Of the record store; 0 where the action needs no cleanup."""
    is_small: bool = False
    """Whether one function may run all phases, as far as the number of rows tells."""
    starts_empty: bool = False
    """Whether no record of the resource was stored when the import was divided, and a row that finds none all the same
    comes to light: then none is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupPlan:
    """How cleanup is to be done. The gate before it writes it."""

    counts_only: bool
    """Nothing is deleted, as a row might name any record; cleanup counts what it spares."""
    mentioning: list[int]
    """Batches with identities that stand where no field reads them."""


@dataclass(frozen=True, slots=True)
class SplitOffset:
    """How many rows and lines lie before a split. A split numbers its own from 1, as it cannot know."""

    rows: int = 0
    lines: int = 0


NO_OFFSET = SplitOffset()


def split_of(batch: int) -> int:
    """Returns the split that a batch belongs to."""
    return batch // BATCHES_PER_SPLIT


def batches_of(result: TaskResult) -> Iterable[int]:
    """Returns the batches that a task has worked on, in order: a split's own, or the one that it is about."""
    if spec_of(result.phase).unit is not WorkUnit.SPLIT:
        return (result.task,)
    first = result.task * BATCHES_PER_SPLIT
    return range(first, first + result.batches)


def partition_of(key: str, partitions: int) -> int:
    """Returns the partition of a key: the same on every machine and at every attempt."""
    return crc32(key.encode()) % partitions


def sub_partition_of(key: str, partitions: int, sub_partitions: int) -> int:
    """Returns the sub-partition of a key within its partition."""
    return crc32(key.encode()) // partitions % sub_partitions


def task_of(phase: PhaseName, batch: int) -> int:
    """Returns the task that worked on a batch in a phase: its split in prevalidation, the batch itself elsewhere."""
    return split_of(batch) if spec_of(phase).unit is WorkUnit.SPLIT else batch


def each_partition(keyed_rows: KeyedRows, partitions: int) -> Iterable[tuple[int, KeyedRows]]:
    """Returns the keys of a batch by partition."""
    if partitions == 1:
        return [(0, keyed_rows)]
    parts: dict[int, KeyedRows] = defaultdict(lambda: KeyedRows(keyed_rows.batch))
    for key, row_number in zip(keyed_rows.keys, keyed_rows.row_numbers, strict=True):
        part = parts[partition_of(key, partitions)]
        part.keys.append(key)
        part.row_numbers.append(row_number)
    return parts.items()
