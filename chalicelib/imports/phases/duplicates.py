"""Which rows of one source are the same thing, and which of them go on.

Works on namings (a row names a thing by a key), never on rows. A decision needs only the namings of one key, so keys
may be spread over partitions and decided apart. Rows that failed before take no part: they must not displace good ones.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress

from chalicelib.model.imports import DuplicateHandling


@dataclass(slots=True)
class KeyedRows:
    """Rows of one batch and keys of their identities, by columns: a row stands there once for each key, in file
    order."""

    batch: int
    keys: list[str] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)

    def only(self, is_meant: Callable[[str], bool]) -> "KeyedRows":
        """Those whose keys are meant."""
        meant = [*map(is_meant, self.keys)]
        return KeyedRows(self.batch, [*compress(self.keys, meant)], [*compress(self.row_numbers, meant)])


@dataclass(slots=True, frozen=True)
class DuplicateRow:
    """Row `row_number` of `batch` is left out: row `other` has the same key."""

    batch: int
    row_number: int
    key: str
    other: int


Reread = Callable[[], Iterable[KeyedRows]]
"""The namings once more from the first: they may be too many to hold."""


def each_duplicate(namings: Reread, handling: DuplicateHandling) -> Iterator[DuplicateRow]:
    """Lazy; in the order of the namings, which is file order. A row may be dropped under several keys, once under
    each. Only the different keys are held in memory, not the namings."""
    return _each_later(namings()) if handling is DuplicateHandling.USE_FIRST else _each_copy(namings)


def _each_later(blocks: Iterable[KeyedRows]) -> Iterator[DuplicateRow]:
    first: dict[str, int] = {}
    for block in blocks:
        for key, row_number in zip(block.keys, block.row_numbers, strict=True):
            other = first.setdefault(key, row_number)
            if other != row_number:
                yield DuplicateRow(block.batch, row_number, key, other)


def _each_copy(namings: Reread) -> Iterator[DuplicateRow]:
    """Whether a first row is a copy at all is known only when its second has been seen: hence two readings."""
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for block in namings():
        for key, row_number in zip(block.keys, block.row_numbers, strict=True):
            if first.setdefault(key, row_number) != row_number:
                second.setdefault(key, row_number)
    for block in namings() if second else ():
        for key, row_number in zip(block.keys, block.row_numbers, strict=True):
            if key in second:
                other = second[key] if first[key] == row_number else first[key]
                yield DuplicateRow(block.batch, row_number, key, other)
