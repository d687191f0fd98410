"""Which rows of one source are the same thing, and which of them go on.

Works on namings (a row names a thing by a key), never on rows. A decision needs only the namings of one key, so keys
may be spread over partitions and decided apart. Rows that failed before take no part: they must not displace good ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.model.imports import DuplicateHandling


@dataclass(slots=True, frozen=True)
class Naming:
    """Row `row_number`, which lies in `batch`, has an identity with this key."""

    key: str
    batch: int
    row_number: int


@dataclass(slots=True, frozen=True)
class Drop:
    """Row `row_number` of `batch` is left out: row `other` has the same key."""

    batch: int
    row_number: int
    key: str
    other: int


def each_drop(namings: Iterable[Naming], handling: DuplicateHandling) -> Iterator[Drop]:
    """Lazy; expects the namings of a key in file order. A row may be dropped under several keys, once under each."""
    if handling is DuplicateHandling.USE_FIRST:
        yield from _each_later(namings)
    else:
        yield from _each_copy(namings)


def _each_later(namings: Iterable[Naming]) -> Iterator[Drop]:
    first: dict[str, int] = {}
    for naming in namings:
        other = first.setdefault(naming.key, naming.row_number)
        if other != naming.row_number:
            yield Drop(naming.batch, naming.row_number, naming.key, other)


def _each_copy(namings: Iterable[Naming]) -> Iterator[Drop]:
    first: dict[str, Naming] = {}
    repeated: set[str] = set()
    for naming in namings:
        other = first.setdefault(naming.key, naming)
        if other.row_number == naming.row_number:
            continue
        if naming.key not in repeated:
            repeated.add(naming.key)
            yield Drop(other.batch, other.row_number, naming.key, naming.row_number)
        yield Drop(naming.batch, naming.row_number, naming.key, other.row_number)
