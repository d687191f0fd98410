"""The files of an export: the parts of all shards, joined in order and rendered, one format at a time.

Rows are counted here anew, while they are written; the caller compares with what the shards' tasks have counted.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from typing import Any

import orjson

from chalicelib.formats.csv_writing import to_cell
from chalicelib.model.exports import ExportFile, ExportFormat, ExportResult, ExportStage, Part
from chalicelib.model.rows import Value
from chalicelib.pipeline.export_parts import each_line, from_line
from chalicelib.pipeline.export_reading import columns_of, merged
from chalicelib.pipeline.export_run import ExportRun, Telling

CHUNK_ROWS = 500

CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.NDJSON: "application/x-ndjson",
}

Rows = Iterable[list[Value]]


def write_file(run: ExportRun, task: int, parts: list[Part], tell: Telling) -> ExportResult:
    """The file of the export's nth format."""
    format_ = run.export.formats[task]
    counting = _Counting(tell.tell)
    filename = f"{run.export.export_id}.{format_}"
    rows = counting.rows_of(_each_row(run, parts))
    chunks = counting.bytes_of(RENDERED[format_](columns_of(run), rows))
    stored = run.stores.files.write_stream(run.file_key(filename), chunks, content_type=CONTENT_TYPES[format_])
    file = ExportFile(
        format=format_,
        key=stored.key,
        filename=filename,
        content_type=CONTENT_TYPES[format_],
        rows=counting.rows,
        size_bytes=counting.size_bytes,
        sha256=counting.digest.hexdigest(),
    )
    return ExportResult(stage=ExportStage.JOIN, task=task, token=run.token, files=(file,), rows=counting.rows)


def _each_row(run: ExportRun, parts: list[Part]) -> Iterator[list[Value]]:
    lines: Iterator[bytes]
    if run.export.selection.order_by is None:
        lines = chain.from_iterable(each_line(run.stores.files, part) for part in parts)
    else:
        lines = merged(run, parts)
    return (from_line(line).values for line in islice(lines, run.export.selection.limit))


@dataclass
class _Counting:
    """Counts what passes; right once all has passed."""

    tell: Callable[[int], None]
    rows: int = 0
    size_bytes: int = 0
    digest: Any = field(default_factory=sha256)

    def rows_of(self, rows: Rows) -> Iterator[list[Value]]:
        for row in rows:
            self.rows += 1
            yield row

    def bytes_of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.size_bytes += len(chunk)
            self.digest.update(chunk)
            yield chunk
            self.tell(self.rows)


def _csv(columns: list[str], rows: Rows) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for several in _several(rows):
        writer.writerows([to_cell(value) for value in row] for row in several)
        yield _drained(buffer)
    yield _drained(buffer)


def _ndjson(columns: list[str], rows: Rows) -> Iterator[bytes]:
    for several in _several(rows):
        yield b"".join(orjson.dumps(dict(zip(columns, row, strict=True))) + b"\n" for row in several)


def _json(columns: list[str], rows: Rows) -> Iterator[bytes]:
    opening = b"[\n"
    for several in _several(rows):
        yield opening + b",\n".join(orjson.dumps(dict(zip(columns, row, strict=True))) for row in several)
        opening = b",\n"
    yield b"\n]\n" if opening == b",\n" else b"[]\n"


RENDERED: dict[ExportFormat, Callable[[list[str], Rows], Iterator[bytes]]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.JSON: _json,
    ExportFormat.NDJSON: _ndjson,
}


def _several(rows: Rows) -> Iterator[list[list[Value]]]:
    iterator = iter(rows)
    while several := list(islice(iterator, CHUNK_ROWS)):
        yield several


def _drained(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
