"""A row as an object."""

import pytest

from chalicelib.imports.row_objects import to_object


@pytest.mark.parametrize(
    ("given", "headers", "expected"),
    [
        pytest.param({"a": [1]}, (), {"a": [1]}, id="JSON"),
        pytest.param(["1", "2"], ("a", "b"), {"a": "1", "b": "2"}, id="cells"),
        pytest.param(["1"], ("a", "b"), {"a": "1"}, id="too few"),
        pytest.param(["1", "2"], ("a",), {"a": "1", "column 2": "2"}, id="too many"),
        pytest.param(["1", "2"], ("", "b"), {"(column 1)": "1", "b": "2"}, id="no header"),
        pytest.param(["1", "2", "3"], ("a", "b", "a"), {"a": "1", "b": "2", "a (column 3)": "3"}, id="equal headers"),
        pytest.param(["1", "2"], ("column 2",), {"column 2": "1", "column 2*": "2"}, id="a header like ours"),
        pytest.param(["1", "2"], ("", ""), {"(column 1)": "1", "(column 2)": "2"}, id="no headers"),
    ],
)
def test_cells_stand_under_their_headers(
    given: list[str] | dict[str, object], headers: tuple[str, ...], expected: dict[str, object]
) -> None:
    assert to_object(given, headers) == expected
