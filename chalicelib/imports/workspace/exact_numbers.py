"""Which values of rows are numbers that the JSON of work objects spells as texts: decimals and huge integers of JSON
sources, and cells of workbooks that hold numbers.

What is only shown may be a text. Rows that are read once more must mean what they meant: the text 1.234 may be a
thousand in a column of decimal commas, the number never is.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from chalicelib.model.rows import NumberText

Path = tuple[int | str, ...]
"""Where a value stands in its row: the column of a cell; keys and places within a JSON row."""

NumberPlaces = list[tuple[Path, list[int]]]
"""For each path the rows of a block, by their places, that have such a number there."""

_LEAST, _MOST = -(1 << 63), (1 << 64) - 1
_DEEP = frozenset({Decimal, int, list, dict})


def find_numbers(given: Sequence[Sequence[str] | Mapping[str, object]]) -> NumberPlaces:
    """Returns where the rows of a block have numbers that become texts; nothing for rows of plain text."""
    if dict not in set(map(type, given)) and NumberText not in set(map(type, chain.from_iterable(given))):
        return []
    found: dict[Path, list[int]] = {}
    for place, row in enumerate(given):
        each = _each_path(row) if isinstance(row, Mapping) else _each_column(row)
        for path in each:
            found.setdefault(path, []).append(place)
    return [*found.items()]


def restore_numbers(given: Sequence[Any], numbers: NumberPlaces) -> None:
    """Makes the texts at these places numbers again, in the rows as they are."""
    for path, places in numbers:
        for place in places:
            _restore(given[place], path)


def _each_column(row: Sequence[str]) -> Iterator[Path]:
    return ((column,) for column, cell in enumerate(row) if type(cell) is NumberText)


def _each_path(value: object, path: Path = ()) -> Iterator[Path]:
    if type(value) is Decimal or (type(value) is int and not _LEAST <= value <= _MOST):
        yield path
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if type(one) in _DEEP:
                yield from _each_path(one, (*path, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            if type(one) in _DEEP:
                yield from _each_path(one, (*path, index))


def _restore(row: Any, path: Path) -> None:
    *way, last = path
    is_cell = isinstance(row, list)
    for step in way:
        row = row[step]
    row[last] = NumberText(row[last]) if is_cell else Decimal(row[last])
