"""Values of records as texts of cells, which are read as the same values again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.formats.cell_values import to_cell
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.resources import Field, FieldType
from chalicelib.model.rows import Value
from chalicelib.schema.types import reader_of


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("=1+1", "=1+1", id="text, formulas too"),
        pytest.param(None, "", id="null"),
        pytest.param(True, "true", id="boolean"),
        pytest.param(7, "7", id="number"),
        pytest.param(["a", "b"], "a,b", id="list"),
        pytest.param(["a,b", "c"], '["a,b","c"]', id="list with a comma in it"),
        pytest.param(["a;b"], '["a;b"]', id="list of one with a semicolon in it"),
        pytest.param([], "", id="empty list"),
        pytest.param(["a", ""], '["a",""]', id="list with an empty text in it"),
        pytest.param([""], '[""]', id="list of an empty text"),
        pytest.param([" a"], '[" a"]', id="list with a space in front"),
        pytest.param(["a", "b\n"], '["a","b\\n"]', id="list with a line end behind"),
        pytest.param(["a b", "c"], "a b,c", id="list with a space within"),
        pytest.param([1, "b"], "1,b", id="list with a number in it"),
        pytest.param({"a": 1}, '{"a":1}', id="map"),
    ],
)
def test_a_value_becomes_a_cell(value: Value, cell: str) -> None:
    assert to_cell(value) == cell


@given(
    st.lists(
        st.text(alphabet="ab,;[]\" 'é", min_size=1, max_size=5).filter(lambda one: bool(one.strip())),
        min_size=1,
        unique_by=str.strip,
    )
)
@settings(max_examples=200, deadline=None)
def test_lists_are_read_back_as_they_were(entries: list[str]) -> None:
    read = reader_of(Field(name="tags", type=FieldType.LIST), DEFAULT_LIMITS)
    stored = read(list(entries))

    assert read(to_cell(stored)) == stored
