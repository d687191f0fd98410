"""The columns that an errors file has beside those of its source, by which it is known when it is uploaded again.

Their names begin with an underscore, so that no field is ever called so. Cells that a row had beyond its header are
written in columns of their own, `column 5` and on; they must be empty when the row has been corrected. For a row that
could not be read as a row the digest of its cells is written: its cells may be under wrong headers, so while they are
the same it fails again.
"""

import re
from collections.abc import Collection, Iterable
from hashlib import blake2b

from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem

ROW_NUMBER, IMPORT, DIGEST, PROBLEMS = "_row_number", "_import", "_digest", "_problems"
ERROR_COLUMNS = (ROW_NUMBER, "_line", "_outcome", "_codes", "_fields", "_values", "_messages", "_hints", IMPORT, DIGEST)
"""In the order in which they stand behind the columns of the source."""
OURS = frozenset({*ERROR_COLUMNS, PROBLEMS})
"""All names that the service adds, as columns and as keys of objects."""
UNREADABLE = frozenset(
    {
        *(ProblemCode.ROW_TOO_SHORT, ProblemCode.ROW_TOO_LARGE, ProblemCode.LINE_END_IN_ROW),
        *(ProblemCode.UNCLOSED_QUOTE, ProblemCode.MISPLACED_QUOTE, ProblemCode.HEADER_REPEATED),
        *(ProblemCode.NUL_CHARACTER, ProblemCode.UNDECODABLE_BYTES, ProblemCode.TRUNCATED_SOURCE),
        *(ProblemCode.INVALID_JSON, ProblemCode.DUPLICATE_KEY, ProblemCode.NOT_AN_OBJECT, ProblemCode.NOT_CORRECTED),
        *(ProblemCode.CELL_ERROR, ProblemCode.FORMULA_NOT_COMPUTED, ProblemCode.INEXACT_NUMBER),
    }
)
"""Codes of rows whose cells are not what was meant, or not under the header they were meant for; rows that are too long
are known by their surplus columns."""
_SURPLUS = re.compile(r"column [1-9]\d{0,6}")
_PLACED = re.compile(r"(?:.+ )?\(column [1-9]\d{0,6}\)", re.DOTALL)
"""How JSON rows name a column without a header, or the second of two columns with the same header."""


def surplus_name(column: int) -> str:
    """Returns the header of the cells that stood in a column beyond the header, counted from 1."""
    return f"column {column}"


def digest_of(cells: Iterable[object]) -> str:
    """Returns a digest of the letters of the cells, and of which of them are blank.

    Digits and signs do not count, since a spreadsheet may write numbers and dates in another way on saving.
    """
    texts = ("" if cell is None else str(cell) for cell in cells)
    marks = ("".join(filter(str.isalpha, text)) or ("0" if text.strip() else "") for text in texts)
    return blake2b("\x1f".join(marks).rstrip("\x1f").encode("utf-8", "replace"), digest_size=8).hexdigest()


def uncorrected_problem(cells: Iterable[object], digest: object, row_number: int, line: int | None) -> Problem | None:
    """Returns the problem of a row that could not be read before and is still the same, None of any other row."""
    if not isinstance(digest, str) or not digest.strip() or digest_of(cells) != digest.strip():
        return None
    return Problem(ProblemCode.NOT_CORRECTED, row_number, line)


def is_error_column(name: str, names: Collection[str]) -> bool:
    """Returns whether one of the names of a source says something about its errors, and is no column to be read."""
    return name in OURS or is_surplus_column(name, names) or (ROW_NUMBER in names and bool(_PLACED.fullmatch(name)))


def is_surplus_column(name: str, names: Collection[str]) -> bool:
    """Returns whether the column holds cells beyond the header, which only a source with our own columns can have."""
    return ROW_NUMBER in names and bool(_SURPLUS.fullmatch(name))


def surplus_problem(names: Iterable[str], row_number: int, line: int | None) -> Problem | None:
    """Returns the problem of a row that has content in these surplus columns, None where there are none.

    In a corrected row the cells beyond the header have been moved, and the surplus columns are empty.
    """
    columns = sorted(int(name.removeprefix("column ")) for name in names)
    if not columns:
        return None
    return Problem(ProblemCode.ROW_TOO_LONG, row_number, line, facts={"cells": columns[-1], "columns": columns[0] - 1})
