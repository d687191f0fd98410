"""Records in blocks: every one of them, in order, no more read than is asked for."""

from itertools import chain, count, islice

import pytest

from chalicelib.formats.record_blocks import BLOCK_RECORDS, each_block


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
