"""What an errors file says, summed up for a screen: how many rows each problem took, and one of them as an example.

In go the rejected rows of the errors file, lazily; out comes one line per problem code, the most frequent first.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from local.client import Json


@dataclass(frozen=True, slots=True)
class Rejection:
    """All rows with one problem, and the first of them."""

    code: str
    rows: int
    """A row with several problems counts for each of them."""
    row_number: int
    field: str
    value: str
    message: str
    hint: str


def summed_up(rows: Iterable[Json]) -> list[Rejection]:
    counts: Counter[str] = Counter()
    examples: dict[str, tuple[int, Json]] = {}
    for row in rows:
        problems = {problem["code"]: problem for problem in reversed(row["_problems"])}
        counts.update(problems.keys())
        for code, problem in problems.items():
            examples.setdefault(code, (row["_row_number"], problem))
    return [_rejection(rows_with_it, *examples[code]) for code, rows_with_it in counts.most_common()]


def _rejection(rows: int, row_number: int, problem: Json) -> Rejection:
    return Rejection(
        code=problem["code"],
        rows=rows,
        row_number=row_number,
        field=problem["field"] or "",
        value=problem["value"] or "",
        message=problem["message"],
        hint=problem["hint"],
    )
