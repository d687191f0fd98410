"""Records to bytes: every format an export may have, behind one door, `render`; shares of a large one by `Parts`.

Lazy throughout: in goes an iterable of records, out go chunks of some size; no more than a chunk is ever held.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

from chalicelib.errors import Refused
from chalicelib.formats.cells import TableCells
from chalicelib.formats.csv.formulas import Disarmed
from chalicelib.formats.csv.writer import DelimitedWriter
from chalicelib.formats.json.writer import JsonWriter, NdjsonWriter
from chalicelib.formats.workbooks.writer import WorkbookWriter
from chalicelib.model.write_options import ExportFormat, Rendering

CHUNK_BYTES = 256 << 10
_GZIP = 16 + zlib.MAX_WBITS

Records = Iterable[Mapping[str, Any]]


class Writer(Protocol):
    """A format that can be written in shares."""

    @property
    def begin(self) -> bytes: ...
    @property
    def joint(self) -> bytes: ...
    @property
    def end(self) -> bytes: ...
    def each_piece(self, records: Records) -> Iterator[bytes]: ...


def render(
    rows: Records,
    columns: Sequence[str],
    rendering: Rendering,
    *,
    times: Collection[str] = (),
    report: Disarmed | None = None,
) -> Iterator[bytes]:
    """Lazy. Chunks have at least `CHUNK_BYTES`, but for the last. `times` are the columns that hold times; `report`
    learns of the rows in which formulas were disarmed. Raises Refused where a workbook cannot hold a text."""
    if rendering.format is ExportFormat.XLSX:
        cells = TableCells(columns, rendering, times=times, report=report)
        pieces = WorkbookWriter(cells, rendering.sheet).each_piece(rows)
    else:
        writer = _writer(columns, rendering, times, report)
        pieces = chain((writer.begin,), writer.each_piece(rows), (writer.end,))
    return packed(pieces, rendering)


class Parts:
    """One file in shares, made side by side: `begin`, then the parts that are not empty with `joint` between them, then
    `end`. Together they are the file that `render` makes; of gzipped ones the content is the same, in more members.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rendering: Rendering,
        *,
        times: Collection[str] = (),
        report: Disarmed | None = None,
    ) -> None:
        """Raises Refused `invalid_option` for XLSX, which is one piece."""
        self._writer = _writer(columns, rendering, times, report)
        self._rendering = rendering

    def begin(self) -> bytes:
        return self._whole(self._writer.begin)

    def joint(self) -> bytes:
        return self._whole(self._writer.joint)

    def end(self) -> bytes:
        return self._whole(self._writer.end)

    def each_chunk(self, rows: Records) -> Iterator[bytes]:
        """Lazy. Nothing at all where there are no rows."""
        return packed(self._writer.each_piece(rows), self._rendering)

    def _whole(self, content: bytes) -> bytes:
        return b"".join(packed([content], self._rendering))


def packed(pieces: Iterable[bytes], rendering: Rendering) -> Iterator[bytes]:
    """Pieces of any size as chunks, gzipped where that is wanted; nothing where there is nothing."""
    return _each_chunk(_each_gzipped(pieces) if rendering.is_gzipped else pieces)


def _writer(columns: Sequence[str], rendering: Rendering, times: Collection[str], report: Disarmed | None) -> Writer:
    if rendering.format is ExportFormat.XLSX:
        raise Refused("invalid_option", "A workbook is written in one piece.", param="format")
    if rendering.format is ExportFormat.JSON:
        return JsonWriter(columns)
    if rendering.format is ExportFormat.NDJSON:
        return NdjsonWriter(columns)
    return DelimitedWriter(TableCells(columns, rendering, times=times, report=report), rendering)


def _each_gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One member without a time, so that equal content makes equal bytes."""
    packer, is_empty = zlib.compressobj(6, zlib.DEFLATED, _GZIP), True
    for piece in pieces:
        is_empty = is_empty and not piece
        yield packer.compress(piece) if piece else b""
    yield b"" if is_empty else packer.flush()


def _each_chunk(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)
