"""The keys of a source are those of all its splits, each once."""

import pytest

from chalicelib.imports.workspace.source_summary import united


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([], (), id="no split"),
        pytest.param([["a", "b"], ["b", "c"]], ("a", "b", "c"), id="in order of appearance"),
        pytest.param([["b"], [], ["a", "b"]], ("b", "a"), id="a split without keys"),
    ],
)
def test_keys_of_all_splits_are_united(parts: list[list[str]], expected: tuple[str, ...]) -> None:
    assert united(parts) == expected
