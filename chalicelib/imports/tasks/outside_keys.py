"""Which keys of a retry's rows other rows of the same source have: those stay as they are, so that the retry's rows are
their duplicates.

In come the keys of one sub-partition, out go the other rows that have them. A row that was tried again has the keys
that it had last; one that was left unprocessed keeps those from before. Only partitions are read into which keys of the
retry fall.
"""

from collections.abc import Callable, Iterable, Set

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.retry_chain import each_row_number, get_retry_chain, outcomes_in
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
    last = _keys_by_row(chain.source, keys_of, partition, own)
    for workspace in chain.earlier:
        again = _keys_by_row(workspace, keys_of, partition, own)
        tried = outcomes_in(workspace, sorted({*last, *again}))
        last = {number: keys for number, keys in last.items() if number not in tried}
        last |= {number: keys for number, keys in again.items() if number in tried}
    for number in each_row_number(context.workspace) if last else ():
        last.pop(number, None)
    return {key: number for number in sorted(last, reverse=True) for key in last[number]}


def _keys_by_row(workspace: Workspace, keys_of: PhaseName, partition: int, own: Set[str]) -> dict[int, list[str]]:
    """All imports of a chain divide their keys among as many partitions."""
    found: dict[int, list[str]] = {}
    for keyed_rows in workspace.shuffled.each_keyed_rows(keys_of, partition) if workspace.find_batches() else ():
        for key, number in zip(keyed_rows.keys, keyed_rows.row_numbers, strict=True):
            if key in own:
                found.setdefault(number, []).append(key)
    return found
