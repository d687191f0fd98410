"""Rows of cells as CSV and TSV: quoted as RFC 4180 has it, lines ended by CR LF or LF. What is written can be
read again.

Lazy, in pieces of some size, so that memory is bounded however many rows there are.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from chalicelib.formats.table_cells import TableCells
from chalicelib.model.renderings import Rendering

PIECE_ROWS = 500


class DelimitedWriter:
    joint = end = b""

    def __init__(self, cells: TableCells, rendering: Rendering) -> None:
        self._cells = cells
        self._lines = Lines(rendering, is_quoted=len(cells.header()) == 1)
        self._mark = "\ufeff" if rendering.has_bom else ""

    @property
    def begin(self) -> bytes:
        return self._mark.encode() + b"".join(self._lines.each_piece([self._cells.header()]))

    def each_piece(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        return self._lines.each_piece(map(self._cells.texts, records))


class Lines:
    """Writes cells as they are. A single column is quoted, because no other could tell its delimiter."""

    def __init__(self, rendering: Rendering, *, is_quoted: bool = False) -> None:
        self._end = rendering.end
        self._written: list[str] = []
        # Always CR LF for the module: with another line end it leaves a lone CR without quotes.
        quoting: Literal[0, 1] = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
        self._writer = csv.writer(
            _Sink(self._written), delimiter=rendering.separator, lineterminator="\r\n", quoting=quoting
        )

    def each_piece(self, rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
        for cells in rows:
            self._writer.writerow(cells)
            if len(self._written) >= PIECE_ROWS:
                yield self._drain()
        if self._written:
            yield self._drain()

    def _drain(self) -> bytes:
        lines = self._written if self._end == "\r\n" else [line[:-2] + self._end for line in self._written]
        text = "".join(lines)
        self._written.clear()
        return text.encode("utf-8", "surrogatepass")


class _Sink:
    def __init__(self, written: list[str]) -> None:
        self.write = written.append
