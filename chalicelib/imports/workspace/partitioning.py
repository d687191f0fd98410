"""How an import is cut: its manifest, the numbers of its batches, and where its keys fall.

All of it is the same on every machine and at every try, so that tasks find what others wrote for them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.model.phases import PhaseName, WorkUnit, spec_of

BATCHES_PER_SPLIT = 10_000
"""Batches are numbered span by span, so that their numbers are in file order and known before the spans are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportManifest:
    """How the import is cut: how many tasks the phases have. Written by plan."""

    splits: int = 1
    partitions: int = 1
    """Of keys: fixed before the rows are counted, from the size of the source."""
    shards: int = 0
    """Of the record store; 0 where the action needs no cleanup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupPlan:
    """How cleanup is to be done. Written by the gate before it."""

    counts_only: bool
    """Nothing is deleted, as a row might name any record; cleanup counts what it spares."""
    mentioning: list[int]
    """Batches with identities that stand where no field reads them."""


@dataclass(frozen=True, slots=True)
class SplitOffset:
    """What lies before a span: a span numbers its rows and lines from 1, as it cannot know."""

    rows: int = 0
    lines: int = 0


NO_OFFSET = SplitOffset()


def split_of(batch: int) -> int:
    return batch // BATCHES_PER_SPLIT


def partition_of(key: str, partitions: int) -> int:
    """The same key falls into the same partition, on every machine and at every try."""
    return crc32(key.encode()) % partitions


def sub_partition_of(key: str, partitions: int, sub_partitions: int) -> int:
    """Within its partition."""
    return crc32(key.encode()) // partitions % sub_partitions


def task_of(phase: PhaseName, batch: int) -> int:
    """Prevalidation's tasks are spans; wherever else rows are handled, they are batches."""
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
