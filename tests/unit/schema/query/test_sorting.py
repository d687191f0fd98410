"""Orders, and the first so many of them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.schema.query.sorting import TopRecords, ranker_of

OPPORTUNITIES = RESOURCES["opportunities"]


def a_record(record_id: str, created_at: int = 0, **fields: Any) -> Record:
    return Record(record_id=RecordId(record_id), fields=fields, version=1, created_at=created_at, updated_at=0)


def sorted_ids(records: list[Record], name: str, *, is_descending: bool = False) -> list[str]:
    return [one.record_id for one in sorted(records, key=ranker_of(OPPORTUNITIES, name, is_descending=is_descending))]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        pytest.param("name", ["b", "A", "a", "B"], [1, 2, 3, 0], id="texts without regard to case first"),
        pytest.param("amount", ["10", "9", "-1", "9.5"], [2, 1, 3, 0], id="decimals as numbers"),
        pytest.param("probability", [10, 9, 100], [1, 0, 2], id="whole numbers"),
        pytest.param("close_date", ["2025-02-01", "2024-12-31"], [1, 0], id="dates"),
        pytest.param("tags", [["b"], ["a", "z"], ["a"]], [2, 1, 0], id="lists by their entries"),
        pytest.param("metadata", [{"b": 1}, {"a": 2}], [1, 0], id="maps, some way"),
    ],
)
def test_values_sort_by_what_their_type_means(name: str, values: list[Any], expected: list[int]) -> None:
    records = [a_record(str(number), **{name: value}) for number, value in enumerate(values)]

    assert sorted_ids(records, name) == [str(one) for one in expected]
    assert sorted_ids(records, name, is_descending=True) == [str(one) for one in reversed(expected)]


@pytest.mark.parametrize(
    ("is_descending", "expected"), [(False, ["2", "1", "3", "0", "4"]), (True, ["1", "3", "2", "0", "4"])]
)
def test_empty_fields_come_last_and_equal_ones_by_id(is_descending: bool, expected: list[str]) -> None:
    values = [None, "5", "4", "5"]
    records = [a_record(str(number), amount=value) for number, value in enumerate(values)]
    records.append(a_record("4"))

    assert sorted_ids(records, "amount", is_descending=is_descending) == expected


def test_times_of_the_record_are_fields_to_sort_by() -> None:
    records = [a_record("0", created_at=2000), a_record("1", created_at=1500), a_record("2", created_at=2001)]

    assert sorted_ids(records, "created_at", is_descending=True) == ["2", "0", "1"]


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        ranker_of(OPPORTUNITIES, "shoe_size", is_descending=False)

    assert refusal.value.code == "unknown_field"


@given(st.lists(st.none() | st.integers(0, 9)), st.integers(1, 12), st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_topmost_are_the_beginning_of_the_whole_order(
    values: list[int | None], limit: int, is_descending: bool
) -> None:
    records = [a_record(f"{number:04d}", probability=value) for number, value in enumerate(values)]
    rank = ranker_of(OPPORTUNITIES, "probability", is_descending=is_descending)
    topmost = TopRecords(limit)

    for record in records:
        if topmost.has_room_for(rank(record)):
            topmost.keep(rank(record), record.record_id.encode())

    expected = [record.record_id.encode() for record in sorted(records, key=rank)[:limit]]
    assert topmost.in_order() == expected
    assert topmost.size_bytes == sum(map(len, expected))
