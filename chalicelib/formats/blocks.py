"""Gathers rows and records into blocks, which are small enough to be held in memory, and large enough that what is done
once for each block costs nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from chalicelib.model.rows import Row, RowBlock

BLOCK_ROWS = 1_000
BLOCK_CHARACTERS = 1 << 20
"""A block ends with the row that reaches this."""
BLOCK_PROBLEMS = 10_000
"""The same for the problems of its rows: every cell may have one, and they take more memory than the cell."""

BLOCK_RECORDS = 200
"""More make nothing faster."""
T = TypeVar("T")


def in_blocks(rows: Iterator[Row]) -> Iterator[RowBlock]:
    """Yields the rows in blocks that end at `BLOCK_ROWS` rows, `BLOCK_CHARACTERS` characters or `BLOCK_PROBLEMS`
    problems; lazy, and never an empty one."""
    block: list[Row] = []
    characters = problems = 0
    for row in rows:
        block.append(row)
        characters += _characters_of(row)
        problems += len(row.problems)
        if len(block) == BLOCK_ROWS or characters >= BLOCK_CHARACTERS or problems >= BLOCK_PROBLEMS:
            yield block_of(block, characters)
            block, characters, problems = [], 0, 0
    if block:
        yield block_of(block, characters)


def block_of(rows: Sequence[Row], characters: int) -> RowBlock:
    """Returns one block that holds all these rows, whose source text has about this many characters."""
    return RowBlock(
        [row.number for row in rows],
        [row.line for row in rows],
        [row.given for row in rows],
        {place: row.problems for place, row in enumerate(rows) if row.problems},
        characters,
    )


def _characters_of(row: Row) -> int:
    """Returns about how many characters a row has in its source; nested values of JSON count as Python would print
    them."""
    if isinstance(row.given, list):
        return sum(map(len, row.given))
    values = row.given.values() if isinstance(row.given, Mapping) else row.given
    return sum(len(value) if isinstance(value, str) else len(str(value)) for value in values)


def each_block(records: Iterable[T], size: int = BLOCK_RECORDS) -> Iterator[list[T]]:
    """Yields lists of `size` records, in their order, of which only the last may be shorter; lazy, and never an empty
    one."""
    rest = iter(records)
    return iter(lambda: list(islice(rest, size)), [])
