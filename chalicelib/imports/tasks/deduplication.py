"""Preparsing and parsing of one sub-partition of keys: keyed rows of all batches come in, duplicates by batch go
out. Which rows those are, `imports/phases/duplicates.py` decides."""

from collections.abc import Callable, Iterable, Iterator

from chalicelib.imports.phases import parsing, preparsing
from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.outside_keys import find_outside_keys
from chalicelib.imports.workspace import sub_partition_of
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.phases import PhaseName
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.matching import taken_identities


def preparse(context: TaskContext, task: int) -> TaskResult:
    """Marks rows of one source that have an identity in common, for transforming to skip, or to fail where rows are not
    matched by it."""
    import_ = context.import_
    match_by, handling = import_.rules.match_by, import_.duplicate_handling
    each = _each_taken if match_by else _each_keyed_rows

    def read() -> Iterator[KeyedRows]:
        return each(context, PhaseName.PREVALIDATION, task)

    outside = _find_outside_keys(context, PhaseName.PREVALIDATION, task, read)
    duplicates = preparsing.preparse(read, handling, match_by, outside=outside)
    return _write_duplicates(context, PhaseName.PREPARSING, task, duplicates)


def parse(context: TaskContext, task: int) -> TaskResult:
    """Marks rows that mean the same stored record by different identities, for validation to skip."""
    handling = context.import_.duplicate_handling

    def read() -> Iterator[KeyedRows]:
        return _each_keyed_rows(context, PhaseName.TRANSFORMING, task)

    outside = _find_outside_keys(context, PhaseName.TRANSFORMING, task, read)
    duplicates = parsing.parse(read, handling, outside=outside)
    return _write_duplicates(context, PhaseName.PARSING, task, duplicates)


def _find_outside_keys(
    context: TaskContext, keys_of: PhaseName, task: int, read: Callable[[], Iterator[KeyedRows]]
) -> dict[str, int]:
    return find_outside_keys(context, keys_of, task % context.workspace.get_manifest().partitions, read)


def _write_duplicates(
    context: TaskContext, phase: PhaseName, task: int, duplicates: Iterable[tuple[int, list[DuplicateRow]]]
) -> TaskResult:
    """`left` counts the rows this task marks; another one may mark the same ones."""
    left = context.workspace.shuffled.write_duplicates(phase, task, duplicates)
    return TaskResult(phase=phase, task=task, attempt_id=context.workspace.attempt_id, left=left)


def _each_taken(context: TaskContext, keys_of: PhaseName, task: int) -> Iterator[KeyedRows]:
    """As `_each_keyed_rows`, without the keys that neither mean a record nor are written."""
    names = taken_identities(context.resource, context.import_.action, context.import_.rules)
    for keyed_rows in _each_keyed_rows(context, keys_of, task):
        yield keyed_rows.only(lambda key: identity_of(key) in names)


def _each_keyed_rows(context: TaskContext, keys_of: PhaseName, task: int) -> Iterator[KeyedRows]:
    """Yields, batch by batch, the rows with those of their keys that are this task's. All sub-partitions of a partition
    read the same objects, and each takes its own keys from them."""
    workspace = context.workspace
    partitions, sub_partitions = workspace.get_manifest().partitions, workspace.get_sub_partitions()
    sub_partition, partition = divmod(task, partitions)

    def is_own(key: str) -> bool:
        return sub_partition_of(key, partitions, sub_partitions) == sub_partition

    for keyed_rows in workspace.shuffled.each_keyed_rows(keys_of, partition):
        yield keyed_rows if sub_partitions == 1 else keyed_rows.only(is_own)
