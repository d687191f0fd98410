"""Rows that are not plainly in order: their width, their numbers, and what stands in them."""

from tests.reading import codes, rows_of


def test_a_short_row_fails_where_others_are_full() -> None:
    (row,) = rows_of("a,b,c\n1,2\n")

    assert row.given == ["1", "2", ""]
    assert codes(row.problems) == ["row_too_short"]
    assert row.problems[0].message == "The row has 2 cells, the header has 3."


def test_a_long_row_keeps_all_its_cells() -> None:
    (row,) = rows_of("a,b\n1,2,,4\n")

    assert row.given == ["1", "2", "", "4"]
    assert row.problems[0].message == "The row has 4 cells, the header has 2."
