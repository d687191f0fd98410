"""Gathers rows into blocks: small enough to be held, large enough that what is done for each block costs nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from chalicelib.model.rows import Row, RowBlock

BLOCK_ROWS = 1_000
BLOCK_CHARACTERS = 1 << 20
"""A block ends with the row that reaches this."""


def in_blocks(rows: Iterator[Row]) -> Iterator[RowBlock]:
    """Lazy; blocks are never empty."""
    block: list[Row] = []
    characters = 0
    for row in rows:
        block.append(row)
        characters += _characters_of(row)
        if len(block) == BLOCK_ROWS or characters >= BLOCK_CHARACTERS:
            yield block_of(block, characters)
            block, characters = [], 0
    if block:
        yield block_of(block, characters)


def block_of(rows: Sequence[Row], characters: int) -> RowBlock:
    return RowBlock(
        [row.number for row in rows],
        [row.line for row in rows],
        [row.given for row in rows],
        {place: row.problems for place, row in enumerate(rows) if row.problems},
        characters,
    )


def _characters_of(row: Row) -> int:
    """JSON's nested values count as they would be written."""
    if isinstance(row.given, list):
        return sum(map(len, row.given))
    values = row.given.values() if isinstance(row.given, Mapping) else row.given
    return sum(len(value) if isinstance(value, str) else len(str(value)) for value in values)


BLOCK_RECORDS = 200
"""More make nothing faster."""

T = TypeVar("T")


def each_block(records: Iterable[T], size: int = BLOCK_RECORDS) -> Iterator[list[T]]:
    """Lazy; none is empty, all but the last have `size`."""
    rest = iter(records)
    return iter(lambda: list(islice(rest, size)), [])
