"""The files of an export: the parts of all shards, joined in order and rendered, one file after the other.

A file that takes longer to write than a function may is written in pieces, each where the one before it ended, and put
together at last. Rows are counted here anew, while they are written; the caller compares with what the shards' tasks
have counted. A workbook is always one piece.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from chalicelib.exports.columns import columns_of, times_of, written_columns
from chalicelib.exports.outputs import Output
from chalicelib.exports.part_streams import Stream
from chalicelib.exports.parts import from_line
from chalicelib.exports.shard_reader import find_rank
from chalicelib.exports.task_context import ExportRun
from chalicelib.formats.blocks import each_block
from chalicelib.formats.cells import TableCells
from chalicelib.formats.csv.formulas import DisarmedRows
from chalicelib.formats.registry import FORMATS
from chalicelib.formats.write import FileParts, content_type, render
from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.exports import ExportFile, ExportResult, ExportStage, Part, Piece

Json = Mapping[str, Any]


def write_piece(
    run: ExportRun,
    output: Output,
    before: list[ExportResult],
    shards: list[ExportResult],
    reporter: ProgressReporter[[int]],
) -> ExportResult:
    """The next piece of a file, whose pieces so far are `before`; with the last one comes the file."""
    rows_before = sum(one.rows for one in before)
    writing = _Writing(run, output, before, shards, reporter)
    key = run.file_key(
        f"{run.export.export_id}{output.suffix}" if not before else f"piece-{len(before)}{output.suffix}"
    )
    stored = run.stores.files.write_stream(key, writing.each_chunk(), content_type=content_type(output.rendering))
    piece = Piece(key=stored.key, rows=writing.rows, size_bytes=writing.size_bytes, sha256=writing.digest.hexdigest())
    pieces = (*(one.piece for one in before if one.piece), piece)
    return ExportResult(
        stage=ExportStage.JOIN,
        task=0,
        token=run.token,
        output=output.number,
        piece=piece,
        rows=writing.rows,
        lines=writing.lines,
        disarmed=writing.disarmed.rows,
        offsets=tuple(writing.stream.offsets),
        file=_whole(run, output, pieces, rows_before + writing.rows) if writing.is_last else None,
    )


def _whole(run: ExportRun, output: Output, pieces: tuple[Piece, ...], rows: int) -> ExportFile:
    """Several pieces are put together where they lie."""
    filename = f"{run.export.export_id}{output.suffix}"
    key = pieces[0].key
    if len(pieces) > 1:
        key = run.file_key(f"whole/{filename}")
        run.stores.files.concatenate([one.key for one in pieces], key, content_type=content_type(output.rendering))
    return ExportFile(
        format=output.format,
        key=key,
        filename=filename,
        content_type=content_type(output.rendering),
        rows=rows,
        size_bytes=sum(one.size_bytes for one in pieces),
        pieces=pieces,
    )


@dataclass
class _Writing:
    """One piece; what is counted is right once all chunks have passed."""

    run: ExportRun
    output: Output
    before: list[ExportResult]
    shards: list[ExportResult]
    reporter: ProgressReporter[[int]]
    rows: int = 0
    size_bytes: int = 0
    is_last: bool = True
    digest: Any = field(default_factory=sha256)
    disarmed: DisarmedRows = field(default_factory=DisarmedRows)
    lines: int = 0
    """Read from the parts."""
    stream: Stream = field(init=False)

    def __post_init__(self) -> None:
        parts = parts_of(self.shards)
        offsets = self.before[-1].offsets if self.before else ()
        self.stream = Stream(self.run.stores.files, parts, offsets, rank=find_rank(self.run))
        self._columns = written_columns(self.run, self.output.rendering, self.shards)
        self._times = times_of(self.run)
        self._until = self.run.now() + self.run.limits.export_step_s

    def each_chunk(self) -> Iterator[bytes]:
        for chunk in self._rendered():
            self.size_bytes += len(chunk)
            self.digest.update(chunk)
            yield chunk
            if not self.output.is_sanitized:
                self.reporter.report_progress(self.rows)

    def _rendered(self) -> Iterator[bytes]:
        rendering = self.output.rendering
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
        """What stands between two rows stands between the rows of two pieces too."""
        chunks = parts.each_chunk(self._each_row())
        first = next(chunks, None)
        if first is None:
            return
        if any(one.rows for one in self.before):
            yield parts.separator()
        yield first
        yield from chunks

    def _each_row(self) -> Iterator[Json]:
        rows = self._each_read()
        for row in self._each_disarmed(rows) if self.output.is_sanitized else rows:
            self.rows += 1
            yield row

    def _each_disarmed(self, rows: Iterable[Json]) -> Iterator[Json]:
        """The rows of which formulas are disarmed."""
        found: list[Json] = []
        report = DisarmedRows(found.append)
        cells = TableCells(self._columns, self.output.rendering, times=self._times, report=report)
        for block in each_block(rows):
            cells.texts(block)
            yield from found
            found.clear()

    def _each_read(self) -> Iterator[Json]:
        """Ends early, and says so, when the time of the piece is over; not before one line, so that there is an end."""
        columns = columns_of(self.run.export)
        for line in islice(self.stream.each_line(), self._lines_left()):
            self.lines += 1
            yield dict(zip(columns, from_line(line).values, strict=True))
            if self._is_over():
                self.is_last = False
                return

    def _is_over(self) -> bool:
        return not FORMATS[self.output.rendering.format].is_workbook and self.run.now() >= self._until

    def _lines_left(self) -> int | None:
        limit = self.run.export.selection.limit
        return None if limit is None else limit - sum(one.lines for one in self.before)


def parts_of(shards: Iterable[ExportResult]) -> list[Part]:
    return [part for one in shards for part in one.parts if part.rows]
