"""Numbers that work objects spell as texts are numbers again when they are read once more."""

from decimal import Decimal
from typing import Any

import pytest

from chalicelib.imports.workspace.exact_numbers import NumberPlaces, find_numbers, restore_numbers
from chalicelib.model.rows import NumberText

LEAST, MOST = -(2**63), 2**64 - 1
"""The integers that the JSON of work objects has as numbers."""


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        pytest.param([], [], id="no rows"),
        pytest.param([["1.5", "a"], ["", "2"]], [], id="texts"),
        pytest.param([["a", NumberText("1.5")], ["b", "2"], ["c", NumberText("3")]], [((1,), [0, 2])], id="cells"),
        pytest.param([{"n": 1.5, "i": 7, "b": True, "z": None, "t": "1"}], [], id="what JSON keeps"),
        pytest.param([{"n": LEAST}, {"n": MOST}], [], id="the least and the largest integer"),
        pytest.param([{"n": LEAST - 1}, {"n": 1}, {"n": MOST + 1}], [(("n",), [0, 2])], id="integers beyond"),
        pytest.param([{"a": "x"}, {"n": Decimal("1.50")}], [(("n",), [1])], id="decimals"),
        pytest.param(
            [{"m": {"a": [1, Decimal(2)], "b": Decimal(3)}}],
            [(("m", "a", 1), [0]), (("m", "b"), [0])],
            id="deep within",
        ),
        pytest.param([["x"], {"n": Decimal(1)}, "no row"], [(("n",), [1])], id="rows of both kinds"),
    ],
)
def test_numbers_that_become_texts_are_found_by_their_places(rows: list[Any], places: NumberPlaces) -> None:
    assert sorted(find_numbers(rows)) == sorted(places)


def test_texts_at_these_places_become_numbers_again() -> None:
    tables: list[Any] = [["1.5", "a"], ["2.5", "b"]]
    objects: list[Any] = [{"m": {"a": ["1", "2.50"]}, "n": "3"}]

    restore_numbers(tables, [((0,), [1])])
    restore_numbers(objects, [(("m", "a", 1), [0]), (("n",), [0])])

    assert [[type(cell) for cell in row] for row in tables] == [[str, str], [NumberText, str]]
    assert objects == [{"m": {"a": ["1", Decimal("2.50")]}, "n": Decimal(3)}]
