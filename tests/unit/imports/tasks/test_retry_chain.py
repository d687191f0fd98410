"""Which pages of earlier imports are read for the rows of a retry."""

import pytest

from chalicelib.imports.tasks.retry_chain import is_apart
from chalicelib.imports.workspace import RowRange


@pytest.mark.parametrize(
    ("rows", "apart"),
    [
        pytest.param([], True, id="no rows"),
        pytest.param([9], True, id="just before"),
        pytest.param([10], False, id="the first"),
        pytest.param([14], False, id="the last"),
        pytest.param([15], True, id="just behind"),
        pytest.param([1, 9, 15, 99], True, id="before and behind"),
        pytest.param([1, 12, 99], False, id="one of them"),
        pytest.param(range(9), True, id="a range before"),
        pytest.param(range(14, 20), False, id="a range that begins with the last"),
    ],
)
def test_a_page_is_passed_over_where_none_of_the_rows_is_on_it(rows: list[int] | range, apart: bool) -> None:
    page = RowRange(first_row=10, rows=5, counts=None)

    assert is_apart(page, rows) is apart
