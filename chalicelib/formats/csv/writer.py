"""Writes rows of cells as delimited text: quoted as RFC 4180 has it, lines ended by CR LF or LF. What is written can be
read again.

All of it is lazy, a chunk of bytes for each block of rows, so that memory is bounded however many rows there are.
`to_csv` writes many rows of texts as `DelimitedLines` would, in half the time: one look at a whole column tells whether
any of its cells needs another, and mostly none does.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from chalicelib.formats.blocks import each_block
from chalicelib.formats.cells import CellValue, WriteRequest
from chalicelib.formats.formulas import are_suspect, join_cells, safe_cells
from chalicelib.formats.registry import FORMATS
from chalicelib.model.write_options import Formulas, Rendering

_CSV = Rendering()
_CR_LF = "\r\n"
_FEW_ROWS = 16
"""Below this, looking at every column costs more than it saves."""
_QUOTED = (",", '"', "\r", "\n")
"""What only quotes can hold."""


class DelimitedWriter:
    """Writes records as delimited text (a `Writer`)."""

    separator = suffix = b""

    def __init__(self, request: WriteRequest) -> None:
        self._cells = request.table_cells()
        self._lines = DelimitedLines(request.rendering, is_quoted=len(self._cells.header()) == 1)
        self._mark = "\ufeff" if request.rendering.has_bom else ""

    @property
    def prefix(self) -> bytes:
        """Returns the byte order mark, if there is to be one, and the header line."""
        return self._mark.encode() + self._lines.to_bytes([self._cells.header()])

    def each_chunk(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        """Yields the lines of the records, block by block; lazy."""
        return map(self._lines.to_bytes, map(self._cells.texts, each_block(records)))


class DelimitedLines:
    """Writes cells as they are. A single column is quoted, because no other column could tell its delimiter."""

    def __init__(self, rendering: Rendering, *, is_quoted: bool = False) -> None:
        self._end = rendering.end
        self._written: list[str] = []
        # Always CR LF for the module: with another line end it leaves a lone CR without quotes.
        quoting: Literal[0, 1] = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
        delimiter = rendering.delimiter or FORMATS[rendering.format].delimiter
        self._writer = csv.writer(
            _LineCollector(self._written), delimiter=delimiter, lineterminator=_CR_LF, quoting=quoting
        )

    def each_chunk(self, rows: Iterable[Sequence[CellValue]]) -> Iterator[bytes]:
        """Yields the lines of the rows, block by block; lazy."""
        return map(self.to_bytes, each_block(rows))

    def to_bytes(self, rows: Iterable[Sequence[CellValue]]) -> bytes:
        """Returns the lines of all these rows, in UTF-8."""
        return to_text(self.to_lines(rows), self._end)

    def to_lines(self, rows: Iterable[Sequence[CellValue]]) -> list[str]:
        """Returns each of the rows as a line, without its end."""
        self._writer.writerows(rows)
        lines = [line[: -len(_CR_LF)] for line in self._written]
        self._written.clear()
        return lines


class _LineCollector:
    """The file that `csv.writer` writes into: each line becomes an entry of a list."""

    def __init__(self, written: list[str]) -> None:
        self.write = written.append


def to_csv(rows: Sequence[Sequence[str]]) -> list[str]:
    """Returns rows of texts as lines of CSV without their ends, with formulas disarmed. The caller should pass no more
    than a few thousand cells at a time, since they are held three times over. Few rows, rows of different lengths and
    single columns are left to `DelimitedLines`."""
    if len(rows) < _FEW_ROWS or len(set(map(len, rows))) > 1 or len(rows[0]) < 2:
        return DelimitedLines(_CSV).to_lines(safe_cells(row, Formulas.DISARM) for row in rows)
    return [*map(",".join, zip(*map(_written, zip(*rows, strict=True)), strict=True))]


def to_text(lines: Iterable[str], end: str = _CR_LF) -> bytes:
    """Returns these lines with their ends, in UTF-8."""
    return end.join([*lines, ""]).encode("utf-8", "surrogatepass")


def _written(column: Sequence[str]) -> Sequence[str]:
    """Returns a column with formulas disarmed, and quotes where they are needed."""
    text = join_cells(column)
    if are_suspect(text, len(column)):
        column = safe_cells(column, Formulas.DISARM)
        text = join_cells(column)
    return _quoted(column) if any(one in text for one in _QUOTED) else column


def _quoted(column: Sequence[str]) -> list[str]:
    return [
        '"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell or "\n" in cell or "\r" in cell else cell
        for cell in column
    ]
