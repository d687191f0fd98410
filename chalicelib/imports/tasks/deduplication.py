"""Preparsing and parsing of one share of a partition of keys: namings of all batches → drops by batch."""

from collections.abc import Iterator

from chalicelib.imports.phases import parsing, preparsing
from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import share_of
from chalicelib.model.imports import PhaseName
from chalicelib.model.task_results import TaskResult

_RULES = {
    PhaseName.PREPARSING: (PhaseName.PREVALIDATION, preparsing.preparse),
    PhaseName.PARSING: (PhaseName.TRANSFORMING, parsing.parse),
}
"""By phase: whose namings it looks at, and how."""


def drop_duplicates(journey: TaskContext, phase: PhaseName, task: int) -> TaskResult:
    """`left` counts the rows this task drops; another one may drop the same ones."""
    origin, decide = _RULES[phase]
    left = 0
    drops = decide(lambda: _each_namings(journey, origin, task), journey.import_.duplicate_handling)
    for batch, dropped in drops:
        journey.work.write_drops(phase, batch, task, dropped)
        left += len({drop.row_number for drop in dropped})
    return TaskResult(phase=phase, task=task, token=journey.work.token, left=left)


def _each_namings(journey: TaskContext, origin: PhaseName, task: int) -> Iterator[KeyedRows]:
    """All shares of a partition read the same objects, and each takes its own keys from them."""
    work = journey.work
    partitions, shares = work.get_manifest().partitions, work.get_shares()
    share, partition = divmod(task, partitions)
    for batch in work.get_batches():
        for namings in work.each_namings(origin, batch, partition):
            yield namings if shares == 1 else namings.only(lambda key: share_of(key, partitions, shares) == share)
