"""Turns records into bytes: `render` writes a file of any format, `FileParts` writes parts of a large one side by side.

Lazy throughout: in goes an iterable of records, out go chunks of some size; no more than a chunk is ever held.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from chalicelib.errors import Refused
from chalicelib.formats.cells import RecordFields, WriteRequest
from chalicelib.formats.formulas import DisarmedRows
from chalicelib.formats.registry import FORMATS, GZIP_MEDIA_TYPE
from chalicelib.model.write_options import Rendering

CHUNK_BYTES = 256 << 10
_GZIP = 16 + zlib.MAX_WBITS


class Writer(Protocol):
    """Writes records in one format. Only workbooks must be written by a single call of `each_chunk`."""

    @property
    def prefix(self) -> bytes:
        """Returns what stands before the first record."""

    @property
    def separator(self) -> bytes:
        """Returns what stands between the records of two calls of `each_chunk`."""

    @property
    def suffix(self) -> bytes:
        """Returns what stands behind the last record."""

    def each_chunk(self, records: Iterable[RecordFields]) -> Iterator[bytes]:
        """Yields the records as they stand in the file, in blobs of some rows; lazy."""


def render(
    rows: Iterable[RecordFields],
    columns: Sequence[str],
    rendering: Rendering,
    *,
    times: Collection[str] = (),
    report: DisarmedRows | None = None,
) -> Iterator[bytes]:
    """Yields a whole file in chunks of at least `CHUNK_BYTES`, but for the last; lazy.

    `times` are the columns that hold times; `report` learns of the rows in which formulas were disarmed. Raises Refused
    where a workbook cannot hold a text.
    """
    writer = _writer(WriteRequest(columns, rendering, times, report))
    return to_chunks(chain((writer.prefix,), writer.each_chunk(rows), (writer.suffix,)), rendering)


def file_suffix(rendering: Rendering) -> str:
    """Returns the end of the file's name, with its point: `.csv`, `.ndjson.gz`."""
    return FORMATS[rendering.format].extensions[0] + (".gz" if rendering.is_gzipped else "")


def content_type(rendering: Rendering) -> str:
    """Returns the media type with which the file is handed out."""
    return GZIP_MEDIA_TYPE if rendering.is_gzipped else FORMATS[rendering.format].content_type


class FileParts:
    """One file, made in parts side by side: the prefix, then the parts that are not empty with the separator between
    them, then the suffix. Together they are the file that `render` makes; of gzipped ones the content is the same, in
    more members."""

    def __init__(
        self,
        columns: Sequence[str],
        rendering: Rendering,
        *,
        times: Collection[str] = (),
        report: DisarmedRows | None = None,
    ) -> None:
        """Raises Refused `invalid_option` for a workbook, which is written as a whole."""
        if FORMATS[rendering.format].is_workbook:
            raise Refused("invalid_option", "A workbook is written in one blob.", param="format")
        self._writer = _writer(WriteRequest(columns, rendering, times, report))
        self._rendering = rendering

    def prefix(self) -> bytes:
        """Returns what stands before the first record."""
        return self._whole(self._writer.prefix)

    def separator(self) -> bytes:
        """Returns what stands between two parts."""
        return self._whole(self._writer.separator)

    def suffix(self) -> bytes:
        """Returns what stands behind the last record."""
        return self._whole(self._writer.suffix)

    def each_chunk(self, rows: Iterable[RecordFields]) -> Iterator[bytes]:
        """Yields one part in chunks; lazy. Yields nothing where there are no records."""
        return to_chunks(self._writer.each_chunk(rows), self._rendering)

    def _whole(self, content: bytes) -> bytes:
        return b"".join(to_chunks([content], self._rendering))


def to_chunks(blobs: Iterable[bytes], rendering: Rendering) -> Iterator[bytes]:
    """Yields bytes of any sizes as chunks of at least `CHUNK_BYTES`, but for the last, gzipped where that is wanted;
    yields nothing where there is nothing."""
    return _each_chunk(_each_gzipped(blobs) if rendering.is_gzipped else blobs)


def _writer(request: WriteRequest) -> Writer:
    """Returns the writer of the format. Raises Refused `invalid_option`."""
    file_format = FORMATS[request.rendering.format]
    if file_format.write is None:
        raise Refused("invalid_option", f"{file_format.name.upper()} is only read, never written.", param="format")
    _refuse_meaningless(request.rendering)
    writer: Writer = file_format.write(request)
    return writer


def _refuse_meaningless(rendering: Rendering) -> None:
    """Raises Refused `invalid_option` for an option that was chosen and means nothing in the format."""
    known = FORMATS[rendering.format].write_options
    for name in rendering.stated_options() - known:
        message = f"{rendering.format.upper()} has no such option. Leave it out, or choose another format."
        raise Refused("invalid_option", message, param=name)


def _each_gzipped(blobs: Iterable[bytes]) -> Iterator[bytes]:
    """Yields one gzip member without a time, so that equal content makes equal bytes."""
    packer, is_empty = zlib.compressobj(6, zlib.DEFLATED, _GZIP), True
    for blob in blobs:
        is_empty = is_empty and not blob
        yield packer.compress(blob) if blob else b""
    yield b"" if is_empty else packer.flush()


def _each_chunk(blobs: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for blob in blobs:
        held.append(blob)
        size += len(blob)
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)
