"""The files of an export: the shard files, joined in order and rendered, one file after the other.

A file that takes longer to write than a function may run is written in parts. Each begins where the one before it
ended, and at last they are put together. Rows are counted again while they are written; the caller compares that with
what the tasks of the shards have counted. A workbook is always one part.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from chalicelib.exports.columns import columns_of, times_of, written_columns
from chalicelib.exports.planned_files import PlannedFile
from chalicelib.exports.shard_files import ShardFileLines, from_line
from chalicelib.exports.shard_reader import find_sort_key
from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.formats.blocks import each_block
from chalicelib.formats.cells import TableCells
from chalicelib.formats.formulas import DisarmedRows
from chalicelib.formats.registry import FORMATS
from chalicelib.formats.write import FileParts, content_type, render
from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.exports import ExportFile, ExportResult, ExportStage, FilePart, ShardFile
from chalicelib.stores.interfaces import FileRange

ExportRow = Mapping[str, Any]


def write_file_part(
    context: ExportTaskContext,
    planned: PlannedFile,
    before: list[ExportResult],
    shards: list[ExportResult],
    reporter: ProgressReporter[[int]],
) -> ExportResult:
    """Writes the next part of a file, after those in `before`, until the file or the time ends. Returns what was
    written and counted, and with the last part the whole file.
    """
    rows_before = sum(one.rows for one in before)
    writer = _PartWriter(context, planned, before, shards, reporter)
    key = context.file_key(
        f"{context.export.export_id}{planned.suffix}" if not before else f"part-{len(before)}{planned.suffix}"
    )
    stored = context.stores.files.write_stream(key, writer.each_chunk(), content_type=content_type(planned.rendering))
    part = FilePart(key=stored.key, rows=writer.rows, size_bytes=writer.size_bytes, sha256=writer.digest.hexdigest())
    parts = (*(one.file_part for one in before if one.file_part), part)
    return ExportResult(
        stage=ExportStage.JOIN,
        task=0,
        attempt_id=context.attempt_id,
        file_number=planned.number,
        file_part=part,
        rows=writer.rows,
        lines=writer.lines,
        disarmed=writer.disarmed.rows,
        offsets=tuple(writer.stream.offsets),
        file=_whole(context, planned, parts, rows_before + writer.rows) if writer.is_last else None,
    )


def _whole(context: ExportTaskContext, planned: PlannedFile, parts: tuple[FilePart, ...], rows: int) -> ExportFile:
    """Puts several parts together where they lie."""
    filename = f"{context.export.export_id}{planned.suffix}"
    key = parts[0].key
    if len(parts) > 1:
        key = context.file_key(f"whole/{filename}")
        pieces = [FileRange(one.key) for one in parts]
        context.stores.files.concatenate(pieces, key, content_type=content_type(planned.rendering))
    return ExportFile(
        format=planned.format,
        key=key,
        filename=filename,
        content_type=content_type(planned.rendering),
        rows=rows,
        size_bytes=sum(one.size_bytes for one in parts),
        parts=parts,
    )


@dataclass
class _PartWriter:
    """Writes one part; the counts are whole once all chunks have passed."""

    context: ExportTaskContext
    planned: PlannedFile
    before: list[ExportResult]
    shards: list[ExportResult]
    reporter: ProgressReporter[[int]]
    rows: int = 0
    size_bytes: int = 0
    is_last: bool = True
    digest: Any = field(default_factory=sha256)
    disarmed: DisarmedRows = field(default_factory=DisarmedRows)
    lines: int = 0
    """How many were read from shard files."""
    stream: ShardFileLines = field(init=False)

    def __post_init__(self) -> None:
        shard_files = shard_files_of(self.shards)
        offsets = self.before[-1].offsets if self.before else ()
        self.stream = ShardFileLines(
            self.context.stores.files, shard_files, offsets, sort_key=find_sort_key(self.context)
        )
        self._columns = written_columns(self.context, self.planned.rendering, self.shards)
        self._times = times_of(self.context)
        self._until = self.context.now() + self.context.limits.export_file_part_s

    def each_chunk(self) -> Iterator[bytes]:
        """Yields the bytes of the part, and counts them; lazy."""
        for chunk in self._rendered():
            self.size_bytes += len(chunk)
            self.digest.update(chunk)
            yield chunk
            if not self.planned.is_sanitized:
                self.reporter.report_progress(self.rows)

    def _rendered(self) -> Iterator[bytes]:
        rendering = self.planned.rendering
        written = self._columns
        if FORMATS[rendering.format].is_workbook:
            yield from render(self._each_row(), written, rendering, times=self._times, report=self.disarmed)
            return
        parts = FileParts(written, rendering, times=self._times, report=self.disarmed)
        if not self.before:
            yield parts.prefix()
        yield from self._each_joined(parts)
        if self.is_last:
            yield parts.suffix()

    def _each_joined(self, parts: FileParts) -> Iterator[bytes]:
        """What stands between two rows stands between the rows of two parts too."""
        chunks = parts.each_chunk(self._each_row())
        first = next(chunks, None)
        if first is None:
            return
        if any(one.rows for one in self.before):
            yield parts.separator()
        yield first
        yield from chunks

    def _each_row(self) -> Iterator[ExportRow]:
        rows = self._each_read()
        for row in self._each_disarmed(rows) if self.planned.is_sanitized else rows:
            self.rows += 1
            yield row

    def _each_disarmed(self, rows: Iterable[ExportRow]) -> Iterator[ExportRow]:
        """Yields the rows in which formulas are disarmed."""
        found: list[ExportRow] = []
        report = DisarmedRows(found.append)
        cells = TableCells(self._columns, self.planned.rendering, times=self._times, report=report)
        for block in each_block(rows):
            cells.texts(block)
            yield from found
            found.clear()

    def _each_read(self) -> Iterator[ExportRow]:
        """Ends early, and notes it, when the time of the part is over; not before one line, so that every part is a
        step.
        """
        columns = columns_of(self.context.export)
        for line in islice(self.stream.each_line(), self._lines_left()):
            self.lines += 1
            yield dict(zip(columns, from_line(line).values, strict=True))
            if self._is_over():
                self.is_last = False
                return

    def _is_over(self) -> bool:
        return not FORMATS[self.planned.rendering.format].is_workbook and self.context.now() >= self._until

    def _lines_left(self) -> int | None:
        limit = self.context.export.selection.limit
        return None if limit is None else limit - sum(one.lines for one in self.before)


def shard_files_of(shards: Iterable[ExportResult]) -> list[ShardFile]:
    """Returns the shard files that hold rows, in the order of shards."""
    return [file for one in shards for file in one.shard_files if file.rows]
