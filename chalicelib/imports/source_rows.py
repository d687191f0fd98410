"""Blocks of rows as they were given, whatever format they came in: as lines of CSV, and as objects of JSON.

The files of results begin each row as the upload's files have it. Where that is spelled out it is not made once more,
but continued.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeVar

from chalicelib.formats.cell_values import to_json
from chalicelib.formats.csv.writer import to_csv, to_text
from chalicelib.imports.row_objects import names_of, to_object
from chalicelib.model.error_columns import OURS

CELLS = 50_000
"""How many are written at once: JSON rows may have any number of keys."""

OTHER_KEYS = "(other keys)"
"""The header of a column that holds, as a JSON object, all that a JSON row gives under keys without a column."""

RowValues = list[str] | dict[str, object]
RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class SpelledRows:
    """Rows as the files of the upload have them, one by one."""

    lines: Sequence[str]
    """Of CSV, without their ends."""
    objects: Sequence[bytes]
    """Of JSON."""

    def at(self, places: Sequence[int]) -> "SpelledRows":
        """Returns some of the rows."""
        return SpelledRows([self.lines[place] for place in places], [self.objects[place] for place in places])


def spell(block: Sequence[RowValues], headers: Sequence[str]) -> SpelledRows:
    """Returns rows as the upload's files have them: rows of cells with as many as they have."""
    lines = _to_csv(block, len(headers), lambda row: row if isinstance(row, list) else to_cells(row, headers))
    return SpelledRows(lines, to_objects(block, headers))


def can_continue(block: Sequence[RowValues], headers: Sequence[str]) -> bool:
    """Returns whether what a file of results tells of these rows can stand right behind what `spell` returns: each row
    has a cell for each header and no more, or is an object with something in it, and none of it bears a name of ours.
    An empty cell is written in another way where it is the only one."""
    if len(headers) < 2 or not OURS.isdisjoint(headers):
        return False
    if set(map(type, block)) == {dict}:
        return all(row and OURS.isdisjoint(row) for row in block)
    return _width_of(block) == len(headers)


def continue_lines(begun: Sequence[str], cells: Sequence[list[str]]) -> bytes:
    """Returns lines of CSV that begin so, with these cells behind them."""
    behind = _to_csv(cells, len(cells[0]), lambda row: row)
    return to_text(map(",".join, zip(begun, behind, strict=True)))


def continue_objects(begun: Sequence[bytes], values: Sequence[Mapping[str, object]]) -> list[bytes]:
    """Returns JSON objects that begin so, and have these values, too."""
    return [b"%b,%b" % (one[:-1], to_json(more)[1:]) for one, more in zip(begun, values, strict=True)]


def to_lines(block: Sequence[RowValues], headers: Sequence[str]) -> bytes:
    """Returns rows as lines of CSV under these headers, in one bytes."""
    if _width_of(block) == len(headers):
        return lines_of(block, len(headers), lambda row: row)  # type: ignore[arg-type, return-value] # all are lists
    return lines_of(block, len(headers), lambda row: to_cells(row, headers))


def lines_of(ones: Sequence[RowT], columns: int, cells_of: Callable[[RowT], list[str]]) -> bytes:
    """Returns lines of CSV, made of the cells that `cells_of` gives for each row; `columns` is about how many those
    are.
    """
    return to_text(_to_csv(ones, columns, cells_of))


def _to_csv(ones: Sequence[RowT], columns: int, cells_of: Callable[[RowT], list[str]]) -> list[str]:
    step = CELLS // (columns + 1) + 1
    parts = (to_csv([*map(cells_of, ones[at : at + step])]) for at in range(0, len(ones), step))
    return [*chain.from_iterable(parts)]


def to_cells(given: RowValues, headers: Sequence[str]) -> list[str]:
    """Returns as many cells as there are headers; what a row has beyond them is kept at its end."""
    if isinstance(given, Mapping):
        cells = [_text(given.get(header)) for header in headers]
        return _with_others(cells, given, headers) if headers and headers[-1] == OTHER_KEYS else cells
    return given if len(given) >= len(headers) else [*given, *[""] * (len(headers) - len(given))]


def _with_others(cells: list[str], given: Mapping[str, object], headers: Sequence[str]) -> list[str]:
    others = {key: value for key, value in given.items() if key not in headers[:-1]}
    return [*cells[:-1], _text(others or None)]


def to_objects(block: Sequence[RowValues], headers: Sequence[str]) -> list[bytes]:
    """Returns each row as a JSON object. Rows of one length share a dict: it takes longer to make than to write."""
    width = _width_of(block)
    if width is None:
        return [to_json(to_object(row, headers)) for row in block]
    shared: dict[str, object] = {}
    objects = []
    for pairs in map(zip, repeat(names_of(headers, width)), block):
        shared.update(pairs)
        objects.append(to_json(shared))
    return objects


def _width_of(block: Sequence[RowValues]) -> int | None:
    """How many cells each row has; None where they differ, or have no order."""
    widths = set(map(len, block))
    return widths.pop() if len(widths) == 1 and set(map(type, block)) == {list} else None


def _text(value: object) -> str:
    """A JSON value as a cell: texts as they are, null as nothing, the rest as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else to_json(value).decode()
