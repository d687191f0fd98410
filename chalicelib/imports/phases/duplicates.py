"""Finds the rows of one source that mean the same thing, and says which of them are left out.

Works on keyed rows, which are row numbers with the identity keys of those rows, never on rows themselves. A decision
needs only the rows of one key, so keys may be spread over partitions, each decided by itself. Rows that failed before
take no part: they must not displace good ones.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import compress
from types import MappingProxyType

from chalicelib.model.identity_keys import identity_of
from chalicelib.model.imports import DuplicateHandling

NOTHING_OUTSIDE: Mapping[str, int] = MappingProxyType({})
"""All rows of the source are read."""


@dataclass(slots=True)
class KeyedRows:
    """Row numbers of one batch, each with an identity key, by columns: a row is listed once for each of its keys, in
    file order."""

    batch: int
    keys: list[str] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)

    def only(self, is_wanted: Callable[[str], bool]) -> "KeyedRows":
        """Returns the keyed rows whose key is wanted."""
        wanted = [*map(is_wanted, self.keys)]
        return KeyedRows(self.batch, [*compress(self.keys, wanted)], [*compress(self.row_numbers, wanted)])


@dataclass(slots=True, frozen=True)
class DuplicateRow:
    """Row `row_number` of `batch` is left out: row `other` has the same key."""

    batch: int
    row_number: int
    key: str
    other: int
    is_taken: bool = False
    """Whether the row fails instead of being skipped: rows are not matched by this identity, which row `other` takes
    for its record."""


def each_duplicate(
    read_keyed_rows: Callable[[], Iterable[KeyedRows]],
    handling: DuplicateHandling,
    match_by: Collection[str] = (),
    *,
    outside: Mapping[str, int] = NOTHING_OUTSIDE,
) -> Iterator[DuplicateRow]:
    """Yields the duplicates in file order, lazily; a row may be one under several of its keys, once under each.

    `read_keyed_rows` begins again at every call, and only the different keys are held in memory: there may be too many
    keyed rows to hold. Where rows are matched by certain identities only, the first row keeps each of the others,
    however duplicates are handled. `outside` are keys of rows that stay as they are, with their numbers: every row that
    is read here is their duplicate.
    """
    if handling is DuplicateHandling.USE_FIRST:
        return _each_later(read_keyed_rows(), match_by, {**outside})
    return _each_copy(read_keyed_rows, match_by, {**outside})


def _each_later(
    blocks: Iterable[KeyedRows], match_by: Collection[str], first: dict[str, int]
) -> Iterator[DuplicateRow]:
    """Every row but the first with its key; `first` is filled."""
    for block in blocks:
        for key, row_number in zip(block.keys, block.row_numbers, strict=True):
            other = first.setdefault(key, row_number)
            if other != row_number:
                is_taken = bool(match_by) and identity_of(key) not in match_by
                yield DuplicateRow(block.batch, row_number, key, other, is_taken)


def _each_copy(
    read_keyed_rows: Callable[[], Iterable[KeyedRows]], match_by: Collection[str], first: dict[str, int]
) -> Iterator[DuplicateRow]:
    """Every row whose key another row has too. Whether a first row has a copy is known only when its second has been
    seen, so all are read twice. `first` is filled."""
    second: dict[str, int] = {}
    for block in read_keyed_rows():
        for key, row_number in zip(block.keys, block.row_numbers, strict=True):
            if first.setdefault(key, row_number) != row_number:
                second.setdefault(key, row_number)
    for block in read_keyed_rows() if second else ():
        for key, row_number in zip(block.keys, block.row_numbers, strict=True):
            if key not in second:
                continue
            is_first, is_taken = first[key] == row_number, bool(match_by) and identity_of(key) not in match_by
            if not (is_first and is_taken):
                yield DuplicateRow(block.batch, row_number, key, second[key] if is_first else first[key], is_taken)
