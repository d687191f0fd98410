"""Reads the header line: makes names of columns of its cells, and finds what is wrong with them."""

from collections.abc import Iterator, Sequence
from itertools import count, groupby

from chalicelib.errors import Refused
from chalicelib.formats.formulas import unguard_cells
from chalicelib.formats.text import printable
from chalicelib.model.invisible_characters import trimmed
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted


def read_headers(cells: Sequence[str], limits: Limits, *, columns_below: int = 0) -> tuple[str, ...]:
    """Returns the cells of the header line, without space and invisible characters at both ends.

    Empty ones at its end, which spreadsheets leave, are dropped as far as nothing stands below them: `columns_below` is
    the number of columns in which the first rows have content. Raises Refused `too_many_columns`.
    """
    headers = [trimmed(unguard_cells([printable(cell)])[0].replace("\0", "")) for cell in cells]
    most = min(columns_below, limits.columns)
    while headers and not headers[-1] and len(headers) > most:
        headers.pop()
    if len(headers) > limits.columns:
        raise Refused(
            "too_many_columns",
            f"The header line has {len(headers)} columns, {limits.columns} are allowed. Remove those you do not need.",
            columns=len(headers),
            limit=limits.columns,
        )
    return tuple(headers)


def header_findings(headers: Sequence[str]) -> list[Problem]:
    """Returns a finding for every header that stands twice or more, and for all neighbouring columns without one."""
    found = [*columns_without_header(headers)]
    seen: dict[str, int] = {}
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        if header and seen[header] == 2:
            name = quoted(header)
            found.append(Problem(ProblemCode.HEADER_DUPLICATE, field=name, value=name, facts={"first": name}))
    return found


def nul_findings(cells: Sequence[str]) -> Iterator[Problem]:
    """Yields a finding for each cell of the header line from which NUL characters were taken."""
    for cell in cells:
        if "\0" in cell:
            yield Problem(ProblemCode.HEADER_NUL, value=quoted(printable(cell).replace("\0", "").strip()))


def columns_without_header(headers: Sequence[str]) -> Iterator[Problem]:
    """Yields one finding for each run of neighbouring columns that have no header."""
    empty = [column for column, header in enumerate(headers, start=1) if not header.strip()]
    runs = groupby(zip(empty, count(), strict=False), key=lambda pair: pair[0] - pair[1])
    for _, run in runs:
        columns = [column for column, _ in run]
        named = f"column {columns[0]}" if len(columns) == 1 else f"columns {columns[0]} to {columns[-1]}"
        yield Problem(ProblemCode.HEADER_EMPTY, facts={"columns": named})
