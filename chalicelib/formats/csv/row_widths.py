"""Learns how wide the rows of a delimited file may be, judged by what its writer does in the file's own first rows.

Programs that leave out empty cells at the end of a row do so in many rows, and programs that end every row with a
delimiter do so in all of them. A file whose rows are otherwise as wide as its header was written by neither, so that a
short or a long row in it has lost or gained a delimiter, and its cells no longer stand under the headers that they were
meant for.

The widths are decided once, before the first row is judged, and are the same for every split of a file.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.formats.csv.dialect import DELIMITERS
from chalicelib.model.limits import Limits


@dataclass(frozen=True, slots=True)
class RowWidths:
    """What the writer of a file does on purpose with the ends of its rows."""

    leaves_out_cells: bool = False
    """Whether empty cells at the end of a row are left out, so that rows may be shorter than the header."""
    widest: int = 0
    """How many cells a row may have if all those beyond the header are blank. The header's own width always counts."""

    def allows_short(self, cells: Sequence[str], delimiter: str) -> bool:
        """Returns whether a row with fewer cells than headers is one whose empty cells were left out.

        A short row that holds another delimiter may have been written with that one, so that it is never allowed.
        """
        others = [one for one in DELIMITERS if one != delimiter]
        return self.leaves_out_cells and not any(one in cell for cell in cells for one in others)


FULL_WIDTH = RowWidths()
"""Of a writer that makes every row as wide as the header."""


def row_widths_of(header: Sequence[str], columns: int, rows: Iterable[Sequence[str]], limits: Limits) -> RowWidths:
    """Returns which widths the first rows of a file show to be intended.

    `header` is the header row with all its cells, of which the first `columns` have a name or content below them. Blank
    rows are no rows. A width is intended if at least `Limits.row_width_percent` percent and `Limits.row_width_rows` of
    these rows have it. None is where as many rows have content beyond the header, and short rows are not intended where
    no row reaches the end of the header: then it is the header that does not fit the rows.
    """
    filled = [cells for cells in rows if any(map(str.strip, cells))]
    least = max(limits.row_width_rows, len(filled) * limits.row_width_percent / 100)
    short = sum(len(cells) < columns for cells in filled)
    too_long = sum(has_content(cells[columns:]) for cells in filled)
    is_reached = any(len(cells) >= columns for cells in filled)
    blank_ends = Counter(len(cells) for cells in filled if len(cells) > columns and not has_content(cells[columns:]))
    if too_long >= least:
        return RowWidths(widest=len(header))
    habitual = [width for width, count in blank_ends.items() if count >= least]
    return RowWidths(short >= least and is_reached, max([len(header), *habitual]))


def columns_with_content(rows: Iterable[Sequence[str]]) -> int:
    """Returns the number of columns up to the last one in which any of the rows has content."""
    return max((place for cells in rows for place, cell in enumerate(cells, 1) if cell.strip()), default=0)


def has_content(cells: Iterable[str]) -> bool:
    """Returns whether any of the cells holds more than white space."""
    return any(map(str.strip, cells))
