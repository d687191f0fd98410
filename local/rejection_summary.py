"""What an errors file says, summed up for a screen: how many rows each problem took, and one of them as an example.

In go the rejected rows of the errors file, lazily; out comes one line per problem code, the most frequent first.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from local.api_json import Json


@dataclass(frozen=True, slots=True)
class RejectionSummary:
    """All rows with one problem, and the first of them."""

    code: str
    rows: int
    """A row with several problems counts for each of them."""
    times: int
    """More than the rows where the same problem was found twice in one row."""
    row_number: int
    field: str
    value: str
    message: str
    hint: str


def summarize_rejections(rows: Iterable[Json]) -> list[RejectionSummary]:
    """Returns one summary for each problem code, the most frequent first."""
    rows_with: Counter[str] = Counter()
    times: Counter[str] = Counter()
    examples: dict[str, tuple[int, Json]] = {}
    for row in rows:
        problems = {problem["code"]: problem for problem in reversed(row["_problems"])}
        rows_with.update(problems.keys())
        times.update(problem["code"] for problem in row["_problems"])
        for code, problem in problems.items():
            examples.setdefault(code, (row["_row_number"], problem))
    return [_rejection(count, times[code], *examples[code]) for code, count in rows_with.most_common()]


def _rejection(rows: int, times: int, row_number: int, problem: Json) -> RejectionSummary:
    return RejectionSummary(
        code=problem["code"],
        rows=rows,
        times=times,
        row_number=row_number,
        field=problem["field"] or "",
        value=problem["value"] or "",
        message=problem["message"],
        hint=problem["hint"],
    )
