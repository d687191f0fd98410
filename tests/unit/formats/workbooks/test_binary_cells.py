"""Cells of binary workbooks as texts, with what is wrong with them."""

import pytest

from chalicelib.formats.workbooks.binary_cells import BinaryCells
from chalicelib.formats.workbooks.number_formats import number_format
from chalicelib.formats.workbooks.sheets import SheetRow
from chalicelib.model.problem_codes import ProblemCode

STYLES = [number_format(code) for code in ("General", "00000", "yyyy-mm-dd", '0.00 "EUR"')]


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [(7.0, 0, "7"), (0.1 + 0.2, 0, "0.3"), (7.0, 1, "00007"), (45351.0, 2, "2024-02-29"), (7.0, 99, "7")],
)
def test_numbers_are_displayed_by_their_style(value: float, style: int, text: str) -> None:
    row = SheetRow(1, [])

    BinaryCells(STYLES, is_1904=False).add_number(row, 0, value, style)

    assert (row.cells, row.flaws) == ([text], {})


def test_cells_stand_in_their_columns() -> None:
    cells, row = BinaryCells(STYLES, is_1904=False), SheetRow(1, [])

    cells.add_text(row, 1, "x")
    cells.add_boolean(row, 3, 1)
    cells.add_boolean(row, 4, 0)

    assert row.cells == ["", "x", "", "true", "false"]


def test_days_may_count_from_1904() -> None:
    row = SheetRow(1, [])

    BinaryCells(STYLES, is_1904=True).add_number(row, 0, 43889.0, 2)

    assert row.cells == ["2024-02-29"]


@pytest.mark.parametrize(("code", "text"), [(0x07, "#DIV/0!"), (0x2A, "#N/A"), (0x99, "#ERROR")])
def test_errors_are_flaws(code: int, text: str) -> None:
    row = SheetRow(1, [])

    BinaryCells(STYLES, is_1904=False).add_error(row, 0, code)

    assert (row.cells, row.flaws[0].code) == ([text], ProblemCode.CELL_ERROR)


def test_a_number_that_lost_digits_is_a_flaw() -> None:
    row = SheetRow(1, [])

    BinaryCells(STYLES, is_1904=False).add_number(row, 0, 1.23456789012346e18, 0)

    assert row.flaws[0].code is ProblemCode.INEXACT_NUMBER


def test_a_number_that_is_displayed_differently_is_noted_once_for_each_column() -> None:
    cells, rows = BinaryCells(STYLES, is_1904=False), [SheetRow(1, []), SheetRow(2, [])]

    for row in rows:
        cells.add_number(row, 0, 2.5, 3)

    assert [[one.value for one in row.flaws.values()] for row in rows] == [["2.5 EUR"], []]
