"""Many rows at once as CSV with formulas disarmed: the bytes that `csv_writing.Lines` writes, in half the time.

They are looked at column by column: one look at a whole column tells whether any of its cells needs another, and mostly
none does. Few rows, rows that are not equally long and single columns are left to `DelimitedLines`.
"""

from collections.abc import Sequence

from chalicelib.formats.csv.formulas import are_suspect, safe_cells, together
from chalicelib.formats.csv.writer import DelimitedLines
from chalicelib.model.write_options import Formulas, Rendering

_CSV = Rendering()
_FEW_ROWS = 16
"""Below this, looking at every column costs more than it saves."""
_QUOTED = (",", '"', "\r", "\n")
"""What only quotes can hold."""

Rows = Sequence[Sequence[str]]


def to_csv(rows: Rows) -> bytes:
    """A few thousand cells should be enough at a time: they are held three times over."""
    if len(rows) < _FEW_ROWS or len(set(map(len, rows))) > 1 or len(rows[0]) < 2:
        return b"".join(DelimitedLines(_CSV).each_chunk(safe_cells(row, Formulas.DISARM) for row in rows))
    lines = map(",".join, zip(*map(_written, zip(*rows, strict=True)), strict=True))
    return "\r\n".join([*lines, ""]).encode("utf-8", "surrogatepass")


def _written(column: Sequence[str]) -> Sequence[str]:
    text = together(column)
    if are_suspect(text, len(column)):
        column = safe_cells(column, Formulas.DISARM)
        text = together(column)
    return _quoted(column) if any(one in text for one in _QUOTED) else column


def _quoted(column: Sequence[str]) -> list[str]:
    return [
        '"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell or "\n" in cell or "\r" in cell else cell
        for cell in column
    ]
