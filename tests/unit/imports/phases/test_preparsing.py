"""Duplicates come batch by batch."""

import pytest

from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows
from chalicelib.imports.phases.preparsing import preparse
from chalicelib.model.imports import DuplicateHandling

ROWS = [KeyedRows(0, ["email:a", "email:b", "email:a"], [1, 2, 3]), KeyedRows(1, ["email:c"], [4])]
LATER = [KeyedRows(2, ["email:b"], [5])]


@pytest.mark.parametrize(
    ("handling", "expected"),
    [
        pytest.param(DuplicateHandling.USE_FIRST, [(0, [3]), (2, [5])], id="all but the first"),
        pytest.param(DuplicateHandling.IGNORE_ALL, [(0, [1, 2, 3]), (2, [5])], id="all"),
    ],
)
def test_each_batch_with_duplicates_comes_once(
    handling: DuplicateHandling, expected: list[tuple[int, list[int]]]
) -> None:
    found = [(batch, [one.row_number for one in rows]) for batch, rows in preparse(lambda: ROWS + LATER, handling)]

    assert found == expected


def test_a_duplicate_says_which_row_it_repeats() -> None:
    [(_, [duplicate])] = preparse(lambda: ROWS, DuplicateHandling.USE_FIRST)

    assert duplicate == DuplicateRow(0, 3, "email:a", 1)
