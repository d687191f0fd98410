"""Rows of cells as CSV and TSV: quoted as RFC 4180 has it, lines ended by CR LF or LF. What is written can be
read again.

Lazy, a piece for each block, so that memory is bounded however many rows there are.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from chalicelib.formats.cells import CellValue, WriteRequest
from chalicelib.formats.record_blocks import each_block
from chalicelib.formats.registry import FORMATS
from chalicelib.model.write_options import Rendering


class DelimitedWriter:
    separator = suffix = b""

    def __init__(self, request: WriteRequest) -> None:
        self._cells = request.table_cells()
        self._lines = DelimitedLines(request.rendering, is_quoted=len(self._cells.header()) == 1)
        self._mark = "\ufeff" if request.rendering.has_bom else ""

    @property
    def prefix(self) -> bytes:
        return self._mark.encode() + self._lines.to_bytes([self._cells.header()])

    def each_chunk(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        return map(self._lines.to_bytes, map(self._cells.texts, each_block(records)))


class DelimitedLines:
    """Writes cells as they are. A single column is quoted, because no other could tell its delimiter."""

    def __init__(self, rendering: Rendering, *, is_quoted: bool = False) -> None:
        self._end = rendering.end
        self._written: list[str] = []
        # Always CR LF for the module: with another line end it leaves a lone CR without quotes.
        quoting: Literal[0, 1] = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
        delimiter = rendering.delimiter or FORMATS[rendering.format].delimiter
        self._writer = csv.writer(
            _LineCollector(self._written), delimiter=delimiter, lineterminator="\r\n", quoting=quoting
        )

    def each_chunk(self, rows: Iterable[Sequence[CellValue]]) -> Iterator[bytes]:
        return map(self.to_bytes, each_block(rows))

    def to_bytes(self, rows: Iterable[Sequence[CellValue]]) -> bytes:
        self._writer.writerows(rows)
        lines = self._written if self._end == "\r\n" else [line[:-2] + self._end for line in self._written]
        text = "".join(lines)
        self._written.clear()
        return text.encode("utf-8", "surrogatepass")


class _LineCollector:
    def __init__(self, written: list[str]) -> None:
        self.write = written.append
