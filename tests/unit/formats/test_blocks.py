"""Rows in blocks: every one of them, in order, no more read than is asked for."""

from itertools import chain, count, islice

import pytest

from chalicelib.formats.blocks import BLOCK_ROWS, each_block


@pytest.mark.parametrize("rows", [0, 1, BLOCK_ROWS, BLOCK_ROWS + 1, 3 * BLOCK_ROWS])
def test_every_row_is_in_one_block(rows: int) -> None:
    blocks = list(each_block(range(rows)))

    assert list(chain.from_iterable(blocks)) == list(range(rows))
    assert all(len(block) == BLOCK_ROWS for block in blocks[:-1])
    assert all(blocks)


def test_rows_are_read_a_block_at_a_time() -> None:
    numbers = count()

    assert [len(block) for block in islice(each_block(numbers), 2)] == [BLOCK_ROWS, BLOCK_ROWS]
    assert next(numbers) == 2 * BLOCK_ROWS
