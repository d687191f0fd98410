"""The rows of an uploaded file, or of one that came with its request: bytes → table → rows, one split at a time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from chalicelib.errors import Fatal
from chalicelib.formats import RecordNames, Table, open_split, open_table, totals_findings
from chalicelib.imports.phases.prevalidation import Prevalidated, SourceParser, prevalidate
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.earlier_import import EarlierImport, find_earlier_import
from chalicelib.imports.tasks.notations import decide_notations, findings_of
from chalicelib.imports.workspace import SourceSummary
from chalicelib.model.imports import Import
from chalicelib.model.notations import SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowBlock
from chalicelib.schema.csv_template import check_header


@contextmanager
def open_upload(context: TaskContext, split: int) -> Iterator["UploadedRows"]:
    """Opens a split of the source of an import. Raises Refused where the source as a whole cannot be read."""
    with _open_source(context, split) as opened:
        check_header(context.import_.rules, opened.headers, opened.format)
        yield UploadedRows(context, _prepare_source(context, opened), is_first=split == 0)


@dataclass(frozen=True, slots=True)
class _PreparedSource:
    """What is known of a source before its first row is read."""

    table: Table
    import_: Import
    """With the column mapping that holds."""
    notations: SourceNotations
    earlier: EarlierImport
    """The import whose rows stand in it, if there is one."""
    comes_from: str
    """The id of the import whose errors file it is, if that one's mapping holds; empty otherwise."""


class UploadedRows:
    """Keeps `RowSource` for a split of an uploaded file."""

    def __init__(self, context: TaskContext, prepared: _PreparedSource, *, is_first: bool) -> None:
        self._prepared = prepared
        self._parser = SourceParser.of(
            context.resource,
            prepared.import_,
            context.limits,
            prepared.table.headers,
            notations=prepared.notations,
        )
        self._watcher = BlockWatcher(prepared.table.blocks)
        self._is_first = is_first

    @property
    def blocks(self) -> Iterable[RowBlock]:
        """Does what `RowSource.blocks` says."""
        return self._watcher.each_block()

    @property
    def mentioned_keys(self) -> Iterable[str]:
        """Does what `RowSource.mentioned_keys` says."""
        mentioned = self._parser.mentioned
        return mentioned.in_headers(self._prepared.table.headers) if mentioned and self._is_first else ()

    @property
    def resent_from(self) -> str:
        """Does what `RowSource.resent_from` says."""
        earlier = self._prepared.earlier.earlier
        return earlier.import_id if earlier else ""

    @property
    def fed(self) -> tuple[str, ...] | None:
        """Does what `RowSource.fed` says."""
        return self._parser.fed

    def prevalidate(self, block: RowBlock) -> Prevalidated:
        """Does what `RowSource.prevalidate` says."""
        return prevalidate(block, self._parser)

    def count_lines(self) -> int:
        """Does what `RowSource.count_lines` says."""
        return self._prepared.table.count_lines()

    def summary(self) -> SourceSummary:
        """Does what `RowSource.summary` says."""
        prepared, parser = self._prepared, self._parser
        found = (*_findings_of(prepared.table), *parser.findings, *findings_of(prepared.notations))
        found = (*prepared.earlier.findings(prepared.import_), *found)
        return SourceSummary(
            format=prepared.table.format,
            headers=prepared.table.headers,
            keys=parser.keys,
            findings=(*found, *self._watcher.findings()),
            widest=self._watcher.widest,
            column_mapping=prepared.import_.column_mapping if prepared.comes_from else {},
            comes_from=prepared.comes_from,
        )


def _prepare_source(context: TaskContext, opened: Table) -> _PreparedSource:
    import_ = context.import_
    earlier_import = find_earlier_import(context.stores.imports, import_.tenant_id, import_.resource, opened)
    earlier = None if import_.column_mapping else earlier_import.earlier
    mapped = replace(import_, column_mapping=import_.column_mapping or earlier_import.column_mapping)
    table, notations = decide_notations(replace(context, import_=mapped), earlier_import.table)
    notations = earlier_import.notations(context.stores.files, notations)
    return _PreparedSource(table, mapped, notations, earlier_import, earlier.import_id if earlier else "")


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


@contextmanager
def _open_source(context: TaskContext, split: int) -> Iterator[Table]:
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
