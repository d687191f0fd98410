"""A figure: what was measured, ours beside a peer's, the target, and whether it is met or missed by how much."""

from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    """Whether a target is a least or a greatest value."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True)
class Target:
    """A value that a figure should reach, or should not exceed."""

    sense: Sense
    value: float
    unit: str = "×"

    def is_met(self, value: float) -> bool:
        """Whether a value meets the target."""
        return value >= self.value if self.sense is Sense.AT_LEAST else value <= self.value

    def missed_by(self, value: float) -> float:
        """Returns by how much a value misses the target, as a share of it, or of one where it is zero; 0 if it is
        met.
        """
        return 0.0 if self.is_met(value) else abs(value - self.value) / (self.value or 1)

    def __str__(self) -> str:
        return f"{self.sense} {rounded(self.value)} {self.unit}".strip()


def at_least(value: float, unit: str = "×") -> Target:
    """Makes a target that is met by this value and higher ones."""
    return Target(Sense.AT_LEAST, value, unit)


def at_most(value: float, unit: str = "×") -> Target:
    """Makes a target that is met by this value and lower ones."""
    return Target(Sense.AT_MOST, value, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    ours: str
    """Our value with its unit."""
    peer: str = ""
    """Whose value it is compared with, and how much that is."""
    value: float
    """What the target speaks of: a ratio, or an amount."""
    unit: str = "×"
    spread: float | None = None
    """Half the distance between the extremes of the value, as a share of it."""
    target: Target | None = None
    """None where the figure is shown without a target."""
    counted: str
    """CPU, wall, bytes, calls; and over how many runs."""

    @property
    def result(self) -> str:
        """Whether the target is met, or by how much it is missed; empty without a target."""
        if self.target is None:
            return ""
        if self.target.is_met(self.value):
            return "met"
        return f"missed by {self.target.missed_by(self.value):.0%}"

    @property
    def value_text(self) -> str:
        """The value with its unit and its spread."""
        around = f" ±{self.spread:.0%}" if self.spread is not None else ""
        return f"{rounded(self.value)} {self.unit}{around}".strip()


def rounded(value: float) -> str:
    """Writes a number with three digits, or with those before the point if there are more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def rate_text(per_s: float) -> str:
    """Writes a rate per second, in thousands if it is high."""
    return f"{per_s:,.0f}/s" if per_s < 10_000 else f"{per_s / 1000:,.1f} k/s"
