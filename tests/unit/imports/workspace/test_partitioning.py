"""Where keys fall, and which task worked on a batch."""

import pytest

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.workspace.partitioning import (
    BATCHES_PER_SPLIT,
    each_partition,
    partition_of,
    split_of,
    sub_partition_of,
    task_of,
)
from chalicelib.model.phases import PhaseName

KEYS = [f"email:p{number}@example.com" for number in range(100)]


def test_every_key_falls_into_one_partition_with_its_row() -> None:
    keyed_rows = KeyedRows(3, KEYS, list(range(1, 101)))

    parts = dict(each_partition(keyed_rows, 4))

    assert set(parts) == {0, 1, 2, 3}
    assert all(partition_of(key, 4) == partition for partition, part in parts.items() for key in part.keys)
    pairs = [pair for part in parts.values() for pair in zip(part.keys, part.row_numbers, strict=True)]
    assert sorted(pairs, key=lambda pair: pair[1]) == list(zip(KEYS, range(1, 101), strict=True))
    assert {part.batch for part in parts.values()} == {3}


def test_one_partition_has_all_keys() -> None:
    keyed_rows = KeyedRows(0, KEYS, list(range(100)))

    [(partition, keys)] = each_partition(keyed_rows, 1)

    assert partition == 0
    assert keys is keyed_rows, "no copy is made"


def test_a_partition_is_divided_among_all_its_sub_partitions() -> None:
    found = {sub_partition_of(key, 3, 2) for key in KEYS if partition_of(key, 3) == 0}

    assert found == {0, 1}


@pytest.mark.parametrize(("batch", "split"), [(0, 0), (BATCHES_PER_SPLIT - 1, 0), (BATCHES_PER_SPLIT, 1)])
def test_batches_are_numbered_split_by_split(batch: int, split: int) -> None:
    assert split_of(batch) == split


def test_a_batch_is_read_by_the_task_of_its_split_and_then_has_tasks_of_its_own() -> None:
    batch = BATCHES_PER_SPLIT + 7

    assert task_of(PhaseName.PREVALIDATION, batch) == 1
    assert task_of(PhaseName.PROCESSING, batch) == batch
