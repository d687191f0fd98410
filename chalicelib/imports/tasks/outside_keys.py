"""Which keys of a retry's rows other rows of the same source have: those stay as they are, so that the retry's rows are
their duplicates.

In come the keys of one sub-partition, out go the other rows that have them. A row that was tried again has the keys
that it had last. Only partitions are read into which keys of the retry fall.
"""

from collections.abc import Callable, Iterable, Iterator, Set

from chalicelib.errors import NotFound
from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.retry_chain import each_row_number, get_retry_chain
from chalicelib.imports.workspace import Workspace
from chalicelib.model.children import SourceKind, source_kind_of
from chalicelib.model.phases import PhaseName


def find_outside_keys(
    context: TaskContext, keys_of: PhaseName, partition: int, read: Callable[[], Iterable[KeyedRows]]
) -> dict[str, int]:
    """Returns, by key, the first other row that has it; nothing for an import that is no retry. `read` yields the rows
    of the import with the keys of its task.
    """
    if source_kind_of(context.import_) is not SourceKind.RETRY:
        return {}
    own = {key for keyed_rows in read() for key in keyed_rows.keys}
    return _found(context, keys_of, partition, own) if own else {}


def _found(context: TaskContext, keys_of: PhaseName, partition: int, own: Set[str]) -> dict[str, int]:
    chain = get_retry_chain(context.stores, context.import_)
    keys_by_row: dict[int, list[str]] = {}
    for workspace in (chain.source, *chain.earlier, context.workspace):
        for number in each_row_number(workspace) if keys_by_row else ():
            keys_by_row.pop(number, None)
        for keyed_rows in _each_keyed_rows(workspace, keys_of, partition) if workspace is not context.workspace else ():
            for key, number in zip(keyed_rows.keys, keyed_rows.row_numbers, strict=True):
                if key in own:
                    keys_by_row.setdefault(number, []).append(key)
    return {key: number for number in sorted(keys_by_row, reverse=True) for key in keys_by_row[number]}


def _each_keyed_rows(workspace: Workspace, keys_of: PhaseName, partition: int) -> Iterator[KeyedRows]:
    """All imports of a chain divide their keys among as many partitions."""
    try:
        batches = workspace.get_batches()
    except NotFound:
        return
    for batch in batches:
        yield from workspace.each_keyed_rows(keys_of, batch, partition)
