"""Which copies of a row go on, in whichever order they come."""

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
    duplicates = list(each_duplicate(lambda: FAR_APART, DuplicateHandling.USE_FIRST))

    assert duplicates == [DuplicateRow(3, 900, "email:a", 1), DuplicateRow(5, 901, "email:a", 1)]


def test_ignore_all_keeps_no_copy() -> None:
    duplicates = list(each_duplicate(lambda: FAR_APART, DuplicateHandling.IGNORE_ALL))

    assert sorted(one.row_number for one in duplicates) == [1, 900, 901]


def test_an_identity_by_which_rows_are_not_matched_stays_with_the_first() -> None:
    duplicates = list(each_duplicate(lambda: FAR_APART, DuplicateHandling.IGNORE_ALL, match_by=("external_id",)))

    assert duplicates == [
        DuplicateRow(3, 900, "email:a", 1, is_taken=True),
        DuplicateRow(5, 901, "email:a", 1, is_taken=True),
    ]


def test_rows_that_only_a_third_row_connects_are_no_duplicates_of_each_other() -> None:
    keyed_rows = [KeyedRows(0, ["email:a", "id:7", "email:a", "id:7"], [1, 2, 3, 3])]

    duplicates = list(each_duplicate(lambda: keyed_rows, DuplicateHandling.USE_FIRST))

    assert {one.row_number for one in duplicates} == {3}


def falls_into(part: int, key: str) -> bool:
    return hash(key) % 3 == part


keyed_rows_of_sources = st.lists(st.sampled_from("abcdefgh"), max_size=30).map(
    lambda keys: [KeyedRows(row // 4, [f"email:{key}"], [row]) for row, key in enumerate(keys, 1)]
)


@settings(max_examples=200, deadline=None)
@given(keyed_rows=keyed_rows_of_sources, handling=st.sampled_from(DuplicateHandling))
def test_partitions_decided_apart_decide_the_same(keyed_rows: list[KeyedRows], handling: DuplicateHandling) -> None:
    whole = {(one.row_number, one.key) for one in each_duplicate(lambda: keyed_rows, handling)}

    parts = [[one.only(partial(falls_into, part)) for one in keyed_rows] for part in range(3)]
    apart = {(one.row_number, one.key) for part in parts for one in each_duplicate(partial(iter, part), handling)}

    assert apart == whole


@settings(max_examples=200, deadline=None)
@given(keyed_rows=keyed_rows_of_sources)
def test_of_every_identity_use_first_keeps_exactly_one_row(keyed_rows: list[KeyedRows]) -> None:
    left_out = {one.row_number for one in each_duplicate(lambda: keyed_rows, DuplicateHandling.USE_FIRST)}

    kept = [one.keys[0] for one in keyed_rows if one.row_numbers[0] not in left_out]

    assert sorted(kept) == sorted({one.keys[0] for one in keyed_rows})


def test_copies_by_an_identity_by_which_rows_are_matched_are_all_left_out() -> None:
    duplicates = list(each_duplicate(lambda: FAR_APART, DuplicateHandling.IGNORE_ALL, match_by=("email",)))

    assert [(one.row_number, one.is_taken) for one in duplicates] == [(1, False), (900, False), (901, False)]


def test_rows_without_copies_are_read_once() -> None:
    reads: list[int] = []

    def read() -> list[KeyedRows]:
        reads.append(1)
        return [KeyedRows(0, ["email:a", "email:b"], [1, 2])]

    assert list(each_duplicate(read, DuplicateHandling.IGNORE_ALL)) == []
    assert len(reads) == 1
