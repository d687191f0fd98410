"""Decides which row of a table is its header, where titles, comments or notes stand above it.

The first rows of a source with content go in, the place of the header among them comes out. The first row is the header
unless there is evidence for another, since a data row that is taken for the header is lost, while a title that is taken
for the header fails every row and says why. Evidence is that a row below it holds names of fields that Sluice knows, or
that it looks like labels while the columns below it hold numbers, dates or addresses. Rows above a header always have
fewer cells with content than the header itself.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.resources import squeezed

_LABEL = re.compile(r"[^\W\d_][^@]{0,80}\Z")
"""A text that begins with a letter and is no address."""
_DATA_SHARE = 0.75
"""How many values of a column must look like data before its header can be told from them."""
_TOTALS = frozenset(
    {"total", "totals", "grandtotal", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "totale", "somme", "suma"}
    | {"totaal", "summa", "итого", "всего", "合計", "总计"}
)


def find_header_row(rows: Sequence[Sequence[str]], limits: Limits) -> int:
    """Returns the place of the header among the rows, of which none is blank; 0 unless another is proven."""
    above = 0
    for place, row in enumerate(rows[: limits.header_search_rows]):
        if place and _filled(row) > above and _looks_like_header(rows, place):
            return place
        above = max(above, _filled(row))
    return 0


def index_on_line(lines: Sequence[int], stated: int) -> int:
    """Returns the place of the row that begins on a line. Raises Refused `invalid_option` where none does."""
    if stated not in lines:
        message = f"No row with content begins on line {stated}. State the line of the header."
        raise Refused("invalid_option", message, param="header_row", value=stated)
    return lines.index(stated)


def _looks_like_header(rows: Sequence[Sequence[str]], place: int) -> bool:
    row, below = rows[place], rows[place + 1 :]
    known = _known(row)
    if known >= 2 and all(known > _known(one) for one in rows[:place]):
        return True
    if any(_known(one) >= 2 for one in rows[:place]):
        return False
    return _filled(row) >= 2 and _is_usual_width(row, below) and _are_labels(row) and _differs_from(row, below)


def _is_usual_width(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Returns whether the row is as wide as most rows below it."""
    widths = Counter(map(_width, below)).most_common(1)
    return bool(widths) and widths[0][0] == _width(row) and 2 * widths[0][1] >= len(below)


def _are_labels(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(set(cells)) == len(cells) and all(map(_LABEL.match, cells))


def _differs_from(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Returns whether there is a column whose values look like data, while its cell in the row does not."""
    for column, label in enumerate(row):
        values = [cells[column] for cells in below if column < len(cells) and cells[column].strip()]
        if values and not _is_data(label) and sum(map(_is_data, values)) >= _DATA_SHARE * len(values):
            return True
    return False


def _is_data(cell: str) -> bool:
    return any(character.isdigit() or character == "@" for character in cell)


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _width(row: Sequence[str]) -> int:
    """Returns the number of cells up to the last one with content."""
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _known(row: Sequence[str]) -> int:
    names = _known_headers()
    return len({name for cell in row if (name := squeezed(cell)) in names})


@cache
def _known_headers() -> frozenset[str]:
    """Returns the headers, squeezed, that feed a field of some resource."""
    return frozenset(name for resource in RESOURCES.values() for name in resource.by_header)


def header_row_findings(line: int, lines_above: int, below: Sequence[Sequence[str]]) -> list[Problem]:
    """Returns what a person should know of where the header was found: the line, rows above it, a second header."""
    found = []
    if lines_above:
        above = "1 line" if lines_above == 1 else f"{lines_above} lines"
        found.append(Problem(ProblemCode.HEADER_ROW_FOUND, facts={"header_line": line, "above": above}))
    if below and _known(below[0]) >= 2 and 2 * _known(below[0]) >= _filled(below[0]):
        value = quoted(", ".join(cell.strip() for cell in below[0] if cell.strip()))
        found.append(Problem(ProblemCode.SECOND_HEADER_ROW, value=value))
    return found


def totals_findings(row: Sequence[str]) -> list[Problem]:
    """Returns a finding if the row, the last of its source, looks like a sum of those above it."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if not cells or squeezed(cells[0].rstrip(":.")) not in _TOTALS or any("@" in cell for cell in cells):
        return []
    return [Problem(ProblemCode.TOTALS_ROW, value=quoted(", ".join(cells)))]
