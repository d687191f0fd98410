"""Prevalidation of one split of the source: bytes → rows → drafts, batch by batch, in bounded memory. Whether a row is
well formed, `imports/phases/prevalidation.py` decides.

How many rows and lines lie before its split only the gate knows, which adds that up; so no row is counted twice, and
numbers are those of a reading from beginning to end.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from chalicelib.errors import Fatal, Refused
from chalicelib.formats import RecordNames, Table, open_split, open_table, totals_findings
from chalicelib.imports.phases.prevalidation import SourceParser, prevalidate
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.batch_writer import BatchWriter
from chalicelib.imports.tasks.earlier_import import find_earlier_import
from chalicelib.imports.tasks.notations import decide_notations, findings_of
from chalicelib.imports.workspace import BATCHES_PER_SPLIT, SourceSummary
from chalicelib.model.imports import Import
from chalicelib.model.notations import SourceNotations
from chalicelib.model.phases import PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowBlock
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.csv_template import check_header, too_many_rows

PHASE = PhaseName.PREVALIDATION


def prevalidate_split(context: TaskContext, split: int) -> TaskResult:
    """Reads one split of the source and writes its batches. Rows and lines are numbered from the split's own beginning.

    Raises Refused where the source as a whole cannot be read.
    """
    with open_source(context, split) as opened:
        check_header(context.import_.rules, opened.headers, opened.format)
        prepared = _prepare_source(context, opened)
        parser = SourceParser.of(
            context.resource, prepared.import_, context.limits, opened.headers, notations=prepared.notations
        )
        watcher = BlockWatcher(prepared.table.blocks)
        table = replace(prepared.table, blocks=watcher.each_block())
        result = _read_batches(context, split, table, parser)
        summary = SourceSummary(
            format=table.format,
            headers=table.headers,
            keys=parser.keys,
            findings=(*_findings_of(table), *parser.findings, *findings_of(prepared.notations), *watcher.findings()),
            widest=watcher.widest,
            column_mapping=prepared.import_.column_mapping if prepared.comes_from else {},
            comes_from=prepared.comes_from,
        )
        context.workspace.write_source_summary(split, summary)
    return replace(result, fed=parser.fed, lines=table.count_lines())


@dataclass(frozen=True, slots=True)
class _PreparedSource:
    """What is known of a source before its first row is read."""

    table: Table
    import_: Import
    """With the column mapping that holds."""
    notations: SourceNotations
    comes_from: str
    """The id of the import whose errors file it is, if that one's mapping holds; empty otherwise."""


def _prepare_source(context: TaskContext, opened: Table) -> _PreparedSource:
    import_ = context.import_
    earlier_import = find_earlier_import(context.stores.imports, import_.tenant_id, import_.resource, opened)
    earlier = None if import_.column_mapping else earlier_import.earlier
    mapped = replace(import_, column_mapping=import_.column_mapping or earlier_import.column_mapping)
    table, notations = decide_notations(replace(context, import_=mapped), earlier_import.table)
    notations = earlier_import.notations(context.stores.files, notations)
    return _PreparedSource(table, mapped, notations, earlier.import_id if earlier else "")


def _findings_of(table: Table) -> list[Problem]:
    """Returns the findings of a table whose rows have been read."""
    return [one for one in (*table.findings, *table.find_more()) if one.code is not _SAID_BY_PLAN]


class BlockWatcher:
    """Passes blocks on, and finds what is known only when all of them have been read."""

    def __init__(self, blocks: Iterable[RowBlock]) -> None:
        self._blocks = blocks
        self._last: RowBlock | None = None
        self.widest = 0
        """Cells of the longest row that something is wrong with."""

    def each_block(self) -> Iterator[RowBlock]:
        """Yields the blocks as they are."""
        for block in self._blocks:
            if block.problems:
                self.widest = max(self.widest, *(len(block.given[place]) for place in block.problems))
            self._last = block
            yield block

    def findings(self) -> list[Problem]:
        """Returns what the last row shows: that it holds totals."""
        row = self._last.given[-1] if self._last else ()
        return [] if isinstance(row, Mapping) else totals_findings(row)


_SAID_BY_PLAN = ProblemCode.HEADER_DUPLICATE
"""The reader finds it too; the plan also knows which field the column would have fed."""


def _read_batches(context: TaskContext, split: int, table: Table, parser: SourceParser) -> TaskResult:
    result = TaskResult(phase=PHASE, task=split, attempt_id=context.workspace.attempt_id)
    max_rows = context.import_.rules.max_rows
    batch = BatchWriter(context, split * BATCHES_PER_SPLIT)
    if parser.mentioned and split == 0:
        batch.add_keys(parser.mentioned.in_headers(table.headers))
    for block in _each_fitting_block(table.blocks, batch):
        if result.batches == BATCHES_PER_SPLIT:
            raise Refused("too_many_rows", f"There are more than {result.entered} rows in one go. Split the source.")
        if 0 < max_rows < result.entered + batch.rows + len(block):
            raise too_many_rows(max_rows)
        batch.add(block, prevalidate(block, parser))
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


@contextmanager
def open_source(context: TaskContext, split: int) -> Iterator[Table]:
    """Opens the object version that was there when the import started, or a split of it, as a table."""
    source, limits = context.import_.source, context.limits
    if source is None:
        raise Fatal("the import has no source")
    if context.workspace.get_manifest().splits == 1:
        record_names = RecordNames.of(context.resource, context.import_.column_mapping)
        with context.open_source(source) as stream:
            yield open_table(
                stream,
                context.import_.reading,
                limits,
                filename=source.filename,
                record_names=record_names,
                budget=context.budget,
            )
        return
    cut = context.workspace.get_splits()
    start, end = cut.starts[split], cut.end_of(split)
    with context.open_source(source, start=start, end=end) as stream:
        yield open_split(stream, cut.layout, limits, is_first=split == 0)
