"""Prevalidation of one split of the rows: rows → drafts, batch by batch, in bounded memory. Where the rows come from
follows from the kind of the import; whether a row is well formed, `imports/phases/prevalidation.py` decides.

How many rows and lines lie before its split only the gate knows, which adds that up; so no row is counted twice, and
numbers are those of a reading from beginning to end.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from chalicelib.errors import Refused
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.batch_writer import BatchWriter
from chalicelib.imports.tasks.retried_rows import open_retry
from chalicelib.imports.tasks.row_source import RowSource
from chalicelib.imports.tasks.undone_rows import open_undone_rows
from chalicelib.imports.tasks.uploaded_rows import open_upload
from chalicelib.imports.workspace import BATCHES_PER_SPLIT
from chalicelib.model.children import SourceKind, source_kind_of
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import RowBlock
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.csv_template import too_many_rows

PHASE = PhaseName.PREVALIDATION

ROW_SOURCES: dict[SourceKind, Callable[[TaskContext, int], AbstractContextManager[RowSource]]] = {
    SourceKind.UPLOAD: open_upload,
    SourceKind.UNDO: open_undone_rows,
    SourceKind.RETRY: open_retry,
}
"""What opens a split of the rows of an import, by where they come from."""


def prevalidate_split(context: TaskContext, split: int) -> TaskResult:
    """Reads one split of the rows and writes its batches. Rows and lines are numbered from the split's own beginning,
    unless they keep numbers that they had before.

    Raises Refused where the source as a whole cannot be read.
    """
    with ROW_SOURCES[source_kind_of(context.import_)](context, split) as source:
        result = _read_batches(context, split, source)
        context.workspace.write_source_summary(split, source.summary())
    return replace(result, fed=source.fed, resent_from=source.resent_from, lines=source.count_lines())


def _read_batches(context: TaskContext, split: int, source: RowSource) -> TaskResult:
    result = TaskResult(phase=PHASE, task=split, attempt_id=context.workspace.attempt_id)
    max_rows = context.import_.rules.max_rows
    batch = BatchWriter(context, split * BATCHES_PER_SPLIT)
    batch.add_keys(source.mentioned_keys)
    for block in _each_fitting_block(source.blocks, batch):
        if result.batches == BATCHES_PER_SPLIT:
            raise Refused("too_many_rows", f"There are more than {result.entered} rows in one go. Split the source.")
        if 0 < max_rows < result.entered + batch.rows + len(block):
            raise too_many_rows(max_rows)
        batch.add(block, source.prevalidate(block))
        if batch.is_full:
            result = batch.close(result)
            context.report_progress(PHASE, result.entered)
            if stop := context.find_stop():
                return replace(result, stopped_by=stop)
    return batch.close(result) if batch.rows else result


def _each_fitting_block(blocks: Iterable[RowBlock], batch: BatchWriter) -> Iterator[RowBlock]:
    """Yields the blocks, split so that each fits into the batch that is open when it is taken."""
    for block in blocks:
        rest = block
        while len(rest) > batch.room:
            head, rest = rest.cut(batch.room)
            yield head
        yield rest
