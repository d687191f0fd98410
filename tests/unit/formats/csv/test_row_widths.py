"""How wide rows may be: what is a habit of the file's writer, and what is a flaw."""

import pytest

from chalicelib.formats.csv.row_widths import FULL_WIDTH, RowWidths, columns_with_content, row_widths_of
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.reading import codes, found, rows_of

HEADER = ["name", "email", "city"]
FULL, SHORT, BLANK_END, LONG = (
    ["Ann", "a@x.org", "Rome"],
    ["Ann", "a@x.org"],
    ["Ann", "", "", ""],
    ["Ann", "a", "b", "c"],
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([FULL] * 9, RowWidths(widest=3), id="all full"),
        pytest.param([FULL] * 95 + [SHORT] * 5, RowWidths(leaves_out_cells=True, widest=3), id="five short"),
        pytest.param([FULL] * 96 + [SHORT] * 4, RowWidths(widest=3), id="four short"),
        pytest.param([FULL] * 245 + [SHORT] * 5, RowWidths(leaves_out_cells=True, widest=3), id="two percent short"),
        pytest.param([FULL] * 246 + [SHORT] * 5, RowWidths(widest=3), id="less than two percent short"),
        pytest.param([SHORT] * 50, RowWidths(widest=3), id="no row reaches the end of the header"),
        pytest.param([FULL] * 50 + [SHORT] * 9 + [LONG] * 5, RowWidths(widest=3), id="ragged on both sides"),
        pytest.param([BLANK_END] * 9, RowWidths(widest=4), id="a delimiter at the end of every row"),
        pytest.param([FULL] * 9 + [BLANK_END] * 4, RowWidths(widest=3), id="a delimiter at the end of four rows"),
        pytest.param([BLANK_END] * 9 + [[*BLANK_END, ""]] * 4, RowWidths(widest=4), id="four rows with one more"),
        pytest.param([BLANK_END] * 9 + [LONG] * 5, RowWidths(widest=3), id="a header with a cell too few"),
        pytest.param([["", " ", ""]] * 50 + [SHORT] * 4, RowWidths(widest=3), id="blank rows are no rows"),
        pytest.param([], RowWidths(widest=3), id="no rows"),
    ],
)
def test_a_width_that_many_rows_have_is_allowed(rows: list[list[str]], expected: RowWidths) -> None:
    assert row_widths_of(HEADER, 3, rows, DEFAULT_LIMITS) == expected


def test_empty_cells_of_the_header_line_itself_are_free() -> None:
    assert row_widths_of([*HEADER, "", ""], 3, [FULL], DEFAULT_LIMITS) == RowWidths(widest=5)


@pytest.mark.parametrize(
    ("widths", "cells", "expected"),
    [
        pytest.param(FULL_WIDTH, SHORT, False, id="no habit"),
        pytest.param(RowWidths(leaves_out_cells=True), SHORT, True, id="habit"),
        pytest.param(RowWidths(leaves_out_cells=True), ["Ann;a@x.org;Rome"], False, id="another delimiter"),
        pytest.param(RowWidths(leaves_out_cells=True), ["Ann", "a\tRome"], False, id="a tab"),
    ],
)
def test_a_short_row_is_allowed_where_cells_are_left_out(widths: RowWidths, cells: list[str], expected: bool) -> None:
    assert widths.allows_short(cells, ",") is expected


def test_columns_reach_to_the_last_content() -> None:
    assert columns_with_content([["a", "", " "], ["", "b", "", ""]]) == 2
    assert columns_with_content([]) == 0


def test_the_widths_are_known_before_the_first_row_is_judged() -> None:
    rows = rows_of("a,b,c\n" + "1,2\n" * 3 + "1,2,3\n" * 9 + "1\n" * 2)

    assert found(rows)[0] == (1, 2, ["cells_left_out"])
    assert rows[0].given == ["1", "2", ""]
    assert codes(rows[-1].problems) == ["cells_left_out"]


def test_a_width_of_rows_behind_the_first_thousand_is_not_allowed() -> None:
    rows = rows_of("a,b,c\n" + "1,2,3\n" * 1_000 + "1,2\n" * 900)

    assert codes(rows[-1].problems) == ["row_too_short"]
