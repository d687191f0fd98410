"""The columns that an errors file has beside those of its source, by which it is known when it is uploaded again.

The names begin with an underscore, so that no field is ever called so. Cells that a row had beyond its header stand in
columns of their own, `column 5` and on; whoever corrects the row empties them.
"""

import re
from collections.abc import Collection, Iterable

from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem

ROW_NUMBER, IMPORT, PROBLEMS = "_row_number", "_import", "_problems"
ERROR_COLUMNS = (ROW_NUMBER, "_line", "_outcome", "_codes", "_fields", "_values", "_messages", "_hints", IMPORT)
"""In the order in which they stand behind the columns of the source."""
_SURPLUS = re.compile(r"column [1-9]\d{0,6}")


def surplus_name(column: int) -> str:
    """Returns the header of the cells that stood in a column beyond the header, counted from 1."""
    return f"column {column}"


def is_error_column(name: str, names: Collection[str]) -> bool:
    """Returns whether one of the names of a source says something about its errors, and is no column to be read."""
    return name in ERROR_COLUMNS or name == PROBLEMS or is_surplus_column(name, names)


def is_surplus_column(name: str, names: Collection[str]) -> bool:
    """Returns whether the column holds cells beyond the header, which only a source with our own columns can have."""
    return ROW_NUMBER in names and bool(_SURPLUS.fullmatch(name))


def surplus_problem(names: Iterable[str], row_number: int, line: int | None) -> Problem | None:
    """Returns the problem of a row that has content in these surplus columns, None where there are none: whoever
    corrects a row that was too long moves its cells and empties those."""
    columns = sorted(int(name.removeprefix("column ")) for name in names)
    if not columns:
        return None
    return Problem(ProblemCode.ROW_TOO_LONG, row_number, line, facts={"cells": columns[-1], "columns": columns[0] - 1})
