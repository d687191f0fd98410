"""Which rows of one source are the same thing, and which of them go on.

Works on namings (a row names a thing by a key), never on rows. A decision needs only the namings of one key, so keys
may be spread over partitions and decided apart. Rows that failed before take no part: they must not displace good ones.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chalicelib.model.imports import DuplicateHandling


@dataclass(slots=True)
class Naming:
    """Row `row_number`, which lies in `batch`, has an identity with this key.

    Made for every key and never changed; not frozen, since that would cost twice as much.
    """

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


Reread = Callable[[], Iterable[Naming]]
"""The namings once more from the first: they may be too many to hold."""


def each_drop(namings: Reread, handling: DuplicateHandling) -> Iterator[Drop]:
    """Lazy; in the order of the namings, which is file order. A row may be dropped under several keys, once under
    each. Only the different keys are held in memory, not the namings."""
    return _each_later(namings()) if handling is DuplicateHandling.USE_FIRST else _each_copy(namings)


def _each_later(namings: Iterable[Naming]) -> Iterator[Drop]:
    first: dict[str, int] = {}
    for naming in namings:
        other = first.setdefault(naming.key, naming.row_number)
        if other != naming.row_number:
            yield Drop(naming.batch, naming.row_number, naming.key, other)


def _each_copy(namings: Reread) -> Iterator[Drop]:
    """Whether a first row is a copy at all is known only when its second has been seen: hence two readings."""
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for naming in namings():
        if first.setdefault(naming.key, naming.row_number) != naming.row_number:
            second.setdefault(naming.key, naming.row_number)
    for naming in namings() if second else ():
        if naming.key in second:
            other = first[naming.key]
            other = second[naming.key] if other == naming.row_number else other
            yield Drop(naming.batch, naming.row_number, naming.key, other)
