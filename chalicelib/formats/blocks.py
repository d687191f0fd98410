"""Rows in blocks: a format is written column by column within a block, and memory holds one block at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BLOCK_ROWS = 200
"""More make nothing faster."""

T = TypeVar("T")


def each_block(rows: Iterable[T]) -> Iterator[list[T]]:
    """Lazy; none is empty, all but the last have `BLOCK_ROWS`."""
    rest = iter(rows)
    return iter(lambda: list(islice(rest, BLOCK_ROWS)), [])
