"""The header line: its cells as names of columns, and what is wrong with them."""

from collections.abc import Sequence

from chalicelib.errors import Refused
from chalicelib.formats.formulas import armed
from chalicelib.formats.text import shown
from chalicelib.model.invisible import trimmed
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted


def read_headers(cells: Sequence[str], limits: Limits) -> tuple[str, ...]:
    """The cells without space and invisible characters at both ends, but not the empty ones behind that sheets leave.
    Raises `too_many_columns`."""
    headers = [trimmed(armed(shown(cell)).replace("\0", "")) for cell in cells]
    while headers and not headers[-1]:
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
    """One finding for every header that stands twice or more, and for every column without one."""
    found: list[Problem] = []
    seen: dict[str, int] = {}
    for column, header in enumerate(headers, start=1):
        seen[header] = seen.get(header, 0) + 1
        if not header:
            found.append(Problem(ProblemCode.HEADER_EMPTY, facts={"column": column}))
        elif seen[header] == 2:
            name = quoted(header)
            found.append(Problem(ProblemCode.HEADER_DUPLICATE, field=name, value=name, facts={"first": name}))
    return found
