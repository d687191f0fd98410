"""Keys go to partitions, rows stay in their batch."""

from collections import defaultdict
from collections.abc import Iterable

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import partition_of
from chalicelib.model.phases import PhaseName


def shuffle(context: TaskContext, phase: PhaseName, keyed_rows: KeyedRows) -> None:
    """Writes the keys that a phase found in a batch, each for its partition."""
    for partition, ones in _partitioned(keyed_rows, context.workspace.get_manifest().partitions):
        if ones.keys:
            context.workspace.write_keyed_rows(phase, partition, ones)


def _partitioned(keyed_rows: KeyedRows, partitions: int) -> Iterable[tuple[int, KeyedRows]]:
    if partitions == 1:
        return [(0, keyed_rows)]
    parts: dict[int, KeyedRows] = defaultdict(lambda: KeyedRows(keyed_rows.batch))
    for key, row_number in zip(keyed_rows.keys, keyed_rows.row_numbers, strict=True):
        part = parts[partition_of(key, partitions)]
        part.keys.append(key)
        part.row_numbers.append(row_number)
    return parts.items()
