"""Fields by columns are those of each row."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.rows import FieldBlock, Fields, Value

values = st.sampled_from(["text", "", 0, 1, False, None, ["a"], [], {"a": None}])


@given(rows=st.lists(st.tuples(values, values, values), min_size=1, max_size=6), other=st.booleans())
def test_a_block_gives_each_row_what_its_columns_hold(rows: list[tuple[Value, Value, Value]], other: bool) -> None:
    numbers = [*range(5, 5 + len(rows))]
    others: dict[int, Fields] = {5: {"a": None}, 99: {"b": "x"}} if other else {}
    block = FieldBlock(numbers, ["a", "b", "c"], [list(column) for column in zip(*rows, strict=True)], others)

    by_row = block.by_row()

    named = [{name: value for name, value in zip("abc", row, strict=True) if value is not None} for row in rows]
    assert by_row == dict(zip(numbers, named, strict=True)) | others
    assert by_row == block.find_rows(by_row.keys())
