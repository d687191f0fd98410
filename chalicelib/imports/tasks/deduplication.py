"""Preparsing and parsing of one share of a partition of keys: namings of all batches → drops by batch."""

from collections.abc import Iterable, Iterator

from chalicelib.imports.phases import parsing, preparsing
from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import share_of
from chalicelib.model.phases import PhaseName
from chalicelib.model.task_results import TaskResult


def preparse(context: TaskContext, task: int) -> TaskResult:
    """Marks rows of one source that have an identity in common, for transforming to skip."""
    handling = context.import_.duplicate_handling
    duplicates = preparsing.preparse(lambda: _each_namings(context, PhaseName.PREVALIDATION, task), handling)
    return _write_drops(context, PhaseName.PREPARSING, task, duplicates)


def parse(context: TaskContext, task: int) -> TaskResult:
    """Marks rows that mean the same stored record by different identities, for validation to skip."""
    handling = context.import_.duplicate_handling
    duplicates = parsing.parse(lambda: _each_namings(context, PhaseName.TRANSFORMING, task), handling)
    return _write_drops(context, PhaseName.PARSING, task, duplicates)


def _write_drops(
    context: TaskContext, phase: PhaseName, task: int, duplicates: Iterable[tuple[int, list[DuplicateRow]]]
) -> TaskResult:
    """`left` counts the rows this task marks; another one may mark the same ones."""
    left = 0
    for batch, marked in duplicates:
        context.workspace.write_drops(phase, batch, task, marked)
        left += len({one.row_number for one in marked})
    return TaskResult(phase=phase, task=task, token=context.workspace.token, left=left)


def _each_namings(context: TaskContext, origin: PhaseName, task: int) -> Iterator[KeyedRows]:
    """All shares of a partition read the same objects, and each takes its own keys from them."""
    workspace = context.workspace
    partitions, shares = workspace.get_manifest().partitions, workspace.get_shares()
    share, partition = divmod(task, partitions)
    for batch in workspace.get_batches():
        for namings in workspace.each_namings(origin, batch, partition):
            yield namings if shares == 1 else namings.only(lambda key: share_of(key, partitions, shares) == share)
