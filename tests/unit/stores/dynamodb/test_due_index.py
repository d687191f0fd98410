"""Entries of the due index sort as times do, and their partition does not depend on the time."""

import pytest

from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.due_index import PARTITIONS, DueEntry

TENANT = TenantId("t")


def test_entries_sort_by_time_in_either_form() -> None:
    entries = [DueEntry(at, TENANT, "imp_1") for at in (9, 10, 1_800_000_000)]

    assert sorted(entries, key=lambda one: one.sk) == sorted(entries) == entries


@pytest.mark.parametrize("number", range(5))
def test_an_entry_lies_in_the_same_partition_at_any_time(number: int) -> None:
    partitions = {DueEntry(at, TENANT, f"imp_{number}").partition for at in (1, 2, 3)}

    assert len(partitions) == 1
    assert partitions < set(range(PARTITIONS))
