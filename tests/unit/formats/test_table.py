"""A table hands out its rows once, and lets its first row be looked at before."""

from chalicelib.formats.blocks import in_blocks
from chalicelib.formats.registry import Format
from chalicelib.formats.table import Table
from chalicelib.model.rows import Row

ROWS = [Row(number, number + 1, [str(number)]) for number in range(1, 4)]


def table_of(rows: list[Row]) -> Table:
    return Table(format=Format.CSV, blocks=in_blocks(iter(rows)))


def test_the_first_row_may_be_looked_at_and_is_still_to_be_taken() -> None:
    first, table = table_of(ROWS).peek()

    assert first == ROWS[0]
    assert list(table.rows) == ROWS


def test_a_table_without_rows_has_no_first_row() -> None:
    first, table = table_of([]).peek()

    assert first is None
    assert list(table.rows) == []


def test_rows_are_taken_once() -> None:
    table = table_of(ROWS)

    assert list(table.rows) == ROWS
    assert list(table.rows) == []
