"""Records, or anything else, in blocks: a file is written column by column within a block, and memory holds one block
at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BLOCK_RECORDS = 200
"""More make nothing faster."""

T = TypeVar("T")


def each_block(records: Iterable[T], size: int = BLOCK_RECORDS) -> Iterator[list[T]]:
    """Lazy; none is empty, all but the last have `size`."""
    rest = iter(records)
    return iter(lambda: list(islice(rest, size)), [])
