"""How the values of a source are written, where there is more than one way to read them. How they are is

    stated     by the caller, for all columns
    decided    by what the values of a column prove, once for the whole source, before its first row is parsed
    unknown    otherwise: then a value with two readings is refused, never guessed

`schema/notation_evidence.py` decides, and the readers of `schema/types/` read values accordingly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class DecimalSign(StrEnum):
    """What stands before the fraction of a number; the other sign may separate thousands."""

    POINT = "point"
    COMMA = "comma"


class DateOrder(StrEnum):
    """The order of day and month in dates whose year stands last."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


Convention = DecimalSign | DateOrder
"""By which decimal sign numbers are written, or in which order dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How the values of one column are written. None means: not known."""

    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    """The order of dates with slashes or hyphens."""
    pointed_order: DateOrder | None = DateOrder.DAY_FIRST
    """The order of dates with points, whose day stands first by custom."""
    time_zone: str | None = None
    """IANA name of the zone of times without an offset; None for UTC."""
    list_separator: str | None = None
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    words: Mapping[str, str | bool] = field(default_factory=dict)
    """What words of this column mean: the choice, or true or false, by the word."""

    def with_fallback(self, other: "Notation") -> "Notation":
        """Returns this notation, with what it leaves open as the other has it."""
        return Notation(
            decimal=self.decimal or other.decimal,
            date_order=self.date_order or other.date_order,
            pointed_order=self.pointed_order if self.date_order else other.pointed_order,
            time_zone=self.time_zone or other.time_zone,
            list_separator=self.list_separator or other.list_separator,
            true_words=self.true_words or other.true_words,
            false_words=self.false_words or other.false_words,
            words=self.words or other.words,
        )

    def states(self, decision: "NotationDecision") -> bool:
        """Returns whether it states already what was decided."""
        is_number = isinstance(decision.conventions[0], DecimalSign)
        return (self.decimal if is_number else self.date_order) is not None


AS_WRITTEN = Notation()
"""The notation of a column about which nothing is stated or decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotationDecision:
    """How one column is written, as its values prove."""

    field: str
    column: str
    """Its header or key."""
    conventions: tuple[Convention, ...]
    """One, or both where the column contradicts itself: then nothing is known of values with two readings."""
    pointed_order: DateOrder | None = DateOrder.DAY_FIRST
    """What dates with points prove about their own order."""
    proof: str
    """The first value that proves each convention, and where it stands."""
    is_reported: bool = True
    """Whether it changes how some value is read, as far as the source was looked at."""

    @property
    def is_mixed(self) -> bool:
        """Whether the column contradicts itself."""
        return len(self.conventions) > 1

    def applied_to(self, notation: Notation) -> Notation:
        """Returns the notation with what was decided."""
        convention = None if self.is_mixed else self.conventions[0]
        if isinstance(convention, DecimalSign):
            return replace(notation, decimal=convention)
        return replace(notation, date_order=convention or notation.date_order, pointed_order=self.pointed_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotations:
    """How the columns of one source are written."""

    stated: Notation = AS_WRITTEN
    decided: Mapping[str, NotationDecision] = field(default_factory=dict)
    """By field; what is stated is not decided any more."""
    words: Mapping[str, Mapping[str, str | bool]] = field(default_factory=dict)
    """By field, what words of its column are stated to mean."""

    def of(self, name: str) -> Notation:
        """Returns the notation of the column that feeds this field."""
        decision = self.decided.get(name)
        notation = decision.applied_to(self.stated) if decision else self.stated
        return replace(notation, words=self.words[name]) if name in self.words else notation


NOTHING_KNOWN = SourceNotations()
"""The notations of a source about which nothing is stated or decided."""
