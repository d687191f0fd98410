"""Which copies of a row go on, for any order of any namings."""

from functools import partial

import hypothesis.strategies as st
from hypothesis import given, settings

from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows, each_duplicate
from chalicelib.model.imports import DuplicateHandling

FAR_APART = [
    KeyedRows(0, ["email:a", "email:b"], [1, 2]),
    KeyedRows(3, ["email:a"], [900]),
    KeyedRows(5, ["email:a"], [901]),
]


def test_use_first_keeps_the_first_in_file_order() -> None:
    drops = list(each_duplicate(lambda: FAR_APART, DuplicateHandling.USE_FIRST))

    assert drops == [DuplicateRow(3, 900, "email:a", 1), DuplicateRow(5, 901, "email:a", 1)]


def test_ignore_all_keeps_no_copy() -> None:
    drops = list(each_duplicate(lambda: FAR_APART, DuplicateHandling.IGNORE_ALL))

    assert sorted(drop.row_number for drop in drops) == [1, 900, 901]


def test_rows_that_only_a_third_row_connects_are_no_duplicates_of_each_other() -> None:
    namings = [KeyedRows(0, ["email:a", "id:7", "email:a", "id:7"], [1, 2, 3, 3])]

    drops = list(each_duplicate(lambda: namings, DuplicateHandling.USE_FIRST))

    assert {drop.row_number for drop in drops} == {3}


def falls_into(part: int, key: str) -> bool:
    return hash(key) % 3 == part


namings_of_rows = st.lists(st.sampled_from("abcdefgh"), max_size=30).map(
    lambda keys: [KeyedRows(row // 4, [f"email:{key}"], [row]) for row, key in enumerate(keys, 1)]
)


@settings(max_examples=200, deadline=None)
@given(namings=namings_of_rows, handling=st.sampled_from(DuplicateHandling))
def test_partitions_decided_apart_decide_the_same(namings: list[KeyedRows], handling: DuplicateHandling) -> None:
    whole = {(drop.row_number, drop.key) for drop in each_duplicate(lambda: namings, handling)}

    parts = [[one.only(partial(falls_into, part)) for one in namings] for part in range(3)]
    apart = {(drop.row_number, drop.key) for part in parts for drop in each_duplicate(partial(iter, part), handling)}

    assert apart == whole


@settings(max_examples=200, deadline=None)
@given(namings=namings_of_rows)
def test_of_every_identity_use_first_keeps_exactly_one_row(namings: list[KeyedRows]) -> None:
    dropped = {drop.row_number for drop in each_duplicate(lambda: namings, DuplicateHandling.USE_FIRST)}

    kept = [one.keys[0] for one in namings if one.row_numbers[0] not in dropped]

    assert sorted(kept) == sorted({one.keys[0] for one in namings})
