"""Rows gathered into blocks, and blocks cut: the rows stay what they were."""

from itertools import chain, count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.formats.blocks import BLOCK_CHARACTERS, BLOCK_RECORDS, BLOCK_ROWS, block_of, each_block, in_blocks
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Row

SHORT = [Problem(ProblemCode.ROW_TOO_SHORT)]


def rows_of(count: int) -> list[Row]:
    return [Row(n, n * 2, [str(n), "x"], SHORT if n % 3 == 0 else []) for n in range(1, count + 1)]


def test_blocks_hold_a_thousand_rows() -> None:
    rows = rows_of(2 * BLOCK_ROWS + 1)

    blocks = list(in_blocks(iter(rows)))

    assert [len(block) for block in blocks] == [BLOCK_ROWS, BLOCK_ROWS, 1]
    assert [row for block in blocks for row in block.each_row()] == rows


def test_a_block_ends_where_its_rows_are_large() -> None:
    large = [Row(n, n, {"note": "x" * (BLOCK_CHARACTERS // 2), "more": {"a": n}}) for n in range(1, 6)]

    assert [len(block) for block in in_blocks(iter(large))] == [2, 2, 1]


def test_no_rows_are_no_block() -> None:
    assert list(in_blocks(iter([]))) == []


@given(st.integers(1, 12), st.integers(0, 14))
def test_a_divided_block_holds_the_same_rows(count: int, at: int) -> None:
    rows = rows_of(count)

    head, tail = block_of(rows, 1_000).cut(at)

    assert [*head.each_row()] == rows[:at]
    assert [*tail.each_row()] == rows[at:]


@given(st.integers(1, 12))
def test_a_block_without_problems_holds_the_other_rows(count: int) -> None:
    rows = rows_of(count)

    assert [*block_of(rows, 0).regular().each_row()] == [row for row in rows if not row.problems]


@pytest.mark.parametrize("records", [0, 1, BLOCK_RECORDS, BLOCK_RECORDS + 1, 3 * BLOCK_RECORDS])
def test_every_record_is_in_one_block(records: int) -> None:
    blocks = list(each_block(range(records)))

    assert list(chain.from_iterable(blocks)) == list(range(records))
    assert all(len(block) == BLOCK_RECORDS for block in blocks[:-1])
    assert all(blocks)


def test_records_are_read_a_block_at_a_time() -> None:
    numbers = count()

    assert [len(block) for block in islice(each_block(numbers), 2)] == [BLOCK_RECORDS, BLOCK_RECORDS]
    assert next(numbers) == 2 * BLOCK_RECORDS
