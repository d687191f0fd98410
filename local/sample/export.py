"""Puts the sample together: customers, spoiled customers, copies far from their first rows, blank lines.

Nothing goes in; the bytes of the file come out, the same on every run and machine. They are what a spreadsheet saves as
CSV: UTF-8 with a byte order mark, CRLF between rows, LF inside values.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from local.sample.customers import HEADERS, Cells, Customers
from local.sample.dice import Dice
from local.sample.dirt import BLANK, BLANK_LINES, COPIES, SPOILED, Copied, Spoiled

SEED = 20_240_229
CUSTOMERS = 10_200
"""Rows with a customer of their own, spoiled ones included; copies come on top."""
DISTANCE = 1_000
"""How many places lie at least between a row and its copy."""
GOOD = Spoiled("good", 0, lambda _dice, cells: cells)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, and where it comes in the file: rows of one place keep their order."""

    place: int
    kind: str
    cells: Cells
    line: str


def sample_bytes() -> bytes:
    """Returns the sample file, with a byte order mark."""
    return ("\ufeff" + "".join([_written(HEADERS), *_each_line()])).encode()


def _each_line() -> Iterator[str]:
    dice = Dice(SEED)
    customers = Customers(dice)
    rows = _with_copies(dice, customers, [*_each_customer(dice, customers)])
    blanks = {place: dice.pick(BLANK_LINES) for place in dice.draw(range(len(rows)), BLANK)}
    for place, row in enumerate(sorted(rows, key=lambda one: one.place)):
        yield row.line + blanks.get(place, "")


def _each_customer(dice: Dice, customers: Customers) -> Iterator[Placed]:
    kinds = [kind for kind in SPOILED for _ in range(kind.count)]
    spoiled = dict(zip(dice.draw(range(CUSTOMERS), len(kinds)), kinds, strict=True))
    for place in range(CUSTOMERS):
        kind = spoiled.get(place, GOOD)
        cells = kind.spoil(dice, customers.next())
        yield Placed(place, kind.name, cells, kind.write(_written(cells)))


def _with_copies(dice: Dice, customers: Customers, rows: list[Placed]) -> list[Placed]:
    """No row is copied twice, unless its copy is."""
    rows, free = list(rows), dice.draw(rows, len(rows))
    for kind in COPIES:
        firsts = _firsts(kind, free)
        free = [row for row in free if row not in firsts]
        copies = [_copied(dice, kind, row, customers.next()) for row in firsts]
        rows.extend(copies)
        free.extend(copies)
    return rows


def _firsts(kind: Copied, free: Iterable[Placed]) -> list[Placed]:
    wanted = kind.of or GOOD.name
    fitting = [
        row for row in free if row.kind == wanted and row.place < CUSTOMERS - 2 * DISTANCE and kind.suits(row.cells)
    ]
    if len(fitting) < kind.count:
        raise ValueError(f"too few rows for {kind.name!r}: {len(fitting)}")
    return fitting[: kind.count]


def _copied(dice: Dice, kind: Copied, first: Placed, own: Cells) -> Placed:
    start = first.place + DISTANCE
    cells = kind.copy(dice, first.cells, own)
    return Placed(start + dice.below(CUSTOMERS - start), kind.name, cells, _written(cells))


def _written(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
