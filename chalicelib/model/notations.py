"""How the values of a source are written, where there is more than one way to read them.

stated     by the caller, for all columns
decided    by what the values of a column prove, once for the whole source, before its first row is typed
neither    a value with two readings is refused, never guessed
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class DecimalSign(StrEnum):
    """What stands before the fraction of a number; the other sign may separate thousands."""

    POINT = "point"
    COMMA = "comma"


class DateOrder(StrEnum):
    """Of dates whose year stands last."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


Convention = DecimalSign | DateOrder
"""One of two ways to write a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How the values of one column are written. None means: not known."""

    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    """Of dates with slashes or hyphens."""
    pointed_order: DateOrder | None = DateOrder.DAY_FIRST
    """Of dates with points, whose day stands first by custom."""
    time_zone: str | None = None
    """IANA name of the zone of times without an offset; None for UTC."""
    list_separator: str | None = None
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()

    def over(self, other: "Notation") -> "Notation":
        """Returns this notation, with what it leaves open as the other has it."""
        return Notation(
            decimal=self.decimal or other.decimal,
            date_order=self.date_order or other.date_order,
            pointed_order=self.pointed_order if self.date_order else other.pointed_order,
            time_zone=self.time_zone or other.time_zone,
            list_separator=self.list_separator or other.list_separator,
            true_words=self.true_words or other.true_words,
            false_words=self.false_words or other.false_words,
        )

    def states(self, decision: "NotationDecision") -> bool:
        """Returns whether it says already what was decided."""
        is_number = isinstance(decision.ways[0], DecimalSign)
        return (self.decimal if is_number else self.date_order) is not None


AS_WRITTEN = Notation()
"""Of a column of which nothing is stated, and nothing decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotationDecision:
    """What the values of one column prove."""

    field: str
    column: str
    """Its header or key."""
    ways: tuple[Convention, ...]
    """One, or both where the column contradicts itself: then nothing is known of values with two readings."""
    pointed_order: DateOrder | None = DateOrder.DAY_FIRST
    """What dates with points prove about their own order."""
    proof: str
    """The first value that proves each way, and where it stands."""
    is_told: bool = True
    """Whether it changes how some value is read, as far as the source was looked at."""

    @property
    def is_mixed(self) -> bool:
        return len(self.ways) > 1

    def applied_to(self, notation: Notation) -> Notation:
        way = None if self.is_mixed else self.ways[0]
        if isinstance(way, DecimalSign):
            return replace(notation, decimal=way)
        return replace(notation, date_order=way or notation.date_order, pointed_order=self.pointed_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotations:
    """How the columns of one source are written."""

    stated: Notation = AS_WRITTEN
    decided: Mapping[str, NotationDecision] = field(default_factory=dict)
    """By field. What is stated is not decided any more."""

    def of(self, name: str) -> Notation:
        """Of the column that feeds this field."""
        decision = self.decided.get(name)
        return decision.applied_to(self.stated) if decision else self.stated


NOTHING_KNOWN = SourceNotations()
