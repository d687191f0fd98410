"""A row that a line end cut in two fails, even where one of its halves looks whole."""

from chalicelib.formats.blocks import block_of
from chalicelib.formats.csv.fragments import each_block_checked_for_fragments
from chalicelib.formats.csv.row_widths import FULL_WIDTH, RowWidths
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Row, RowBlock
from tests.reading import codes


def whole(line: int) -> Row:
    return Row(line - 1, line, ["a", "b", "c"])


def fragment(line: int, cell: str = "x") -> Row:
    problem = Problem(ProblemCode.ROW_TOO_SHORT, line - 1, line, facts={"cells": 1, "columns": 3})
    return Row(line - 1, line, [cell, "", ""], [problem])


def failed(*blocks: list[Row], widths: RowWidths = FULL_WIDTH) -> list[int]:
    """The lines of the rows that fail because a line end stands in them."""
    made: list[RowBlock] = [block_of(rows, 9) for rows in blocks]
    checked = each_block_checked_for_fragments(made, 3, widths)
    return [row.line for block in checked for row in block.each_row() if "line_end_in_row" in codes(row.problems)]


def test_both_neighbours_of_a_fragment_fail() -> None:
    assert failed([whole(2), whole(3), fragment(4), whole(5), whole(6)]) == [3, 5]


def test_neighbours_in_other_blocks_fail_too() -> None:
    assert failed([whole(2), whole(3)], [fragment(4)], [whole(5), whole(6)]) == [3, 5]


def test_a_blank_line_between_them_tells_rows_apart() -> None:
    assert failed([whole(2), fragment(4), whole(6)]) == []


def test_a_whole_row_with_another_delimiter_is_no_fragment() -> None:
    assert failed([whole(2), fragment(3, "a;b;c"), whole(4)]) == []


def test_nothing_is_a_fragment_where_cells_are_left_out() -> None:
    assert failed([whole(2), fragment(3), whole(4)], widths=RowWidths(leaves_out_cells=True, widest=3)) == []


def test_a_row_that_has_failed_already_gets_no_second_error() -> None:
    assert failed([fragment(2), fragment(3)]) == []
