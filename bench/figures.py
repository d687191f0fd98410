"""A figure: what was measured, ours beside a peer's, the target, and whether it is met or missed by how much."""

from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True)
class Target:
    sense: Sense
    value: float
    unit: str = "×"

    def is_met(self, value: float) -> bool:
        return value >= self.value if self.sense is Sense.AT_LEAST else value <= self.value

    def missed_by(self, value: float) -> float:
        """As a share of the target; 0 where it is met."""
        return 0.0 if self.is_met(value) else abs(value - self.value) / self.value

    def __str__(self) -> str:
        return f"{self.sense} {shown(self.value)} {self.unit}".strip()


def at_least(value: float, unit: str = "×") -> Target:
    return Target(Sense.AT_LEAST, value, unit)


def at_most(value: float, unit: str = "×") -> Target:
    return Target(Sense.AT_MOST, value, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    ours: str
    """With its unit."""
    peer: str = ""
    """Whose and how much."""
    value: float
    """What the target speaks of: a ratio, or an amount."""
    unit: str = "×"
    spread: float | None = None
    """Of the value, as a share."""
    target: Target | None = None
    """None where the figure is only told."""
    counted: str
    """CPU, wall, bytes, calls; and over how many runs."""

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        if self.target.is_met(self.value):
            return "met"
        return f"missed by {self.target.missed_by(self.value):.0%}"

    @property
    def shown_value(self) -> str:
        around = f" ±{self.spread:.0%}" if self.spread is not None else ""
        return f"{shown(self.value)} {self.unit}{around}".strip()


def shown(value: float) -> str:
    """Three digits, no more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def shown_rate(per_s: float) -> str:
    return f"{per_s:,.0f}/s" if per_s < 10_000 else f"{per_s / 1000:,.1f} k/s"
