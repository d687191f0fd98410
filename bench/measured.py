"""What several rounds of one side have shown: rates, their median, and how far they lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Round:
    """One round, as the contestant's process saw it."""

    done: int
    """Rows, or whatever the contestant counts."""
    cpu_s: float
    """Of the process with all its threads, user and system."""
    wall_s: float
    peak_bytes: int
    """The most memory the process has held so far (resident)."""

    @property
    def rate(self) -> float:
        """Done per second of CPU."""
        return self.done / self.cpu_s


@dataclass(frozen=True, slots=True)
class Measured:
    """All rounds of one side. `spread` is half the distance between the extremes, as a share of the median."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Measured":
        if not values:
            raise ValueError("nothing was measured")
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def spread(self) -> float:
        return (max(self.values) - min(self.values)) / 2 / self.median

    @property
    def runs(self) -> int:
        return len(self.values)


def ratio(ours: Measured, peer: Measured) -> Measured:
    """Round by round, for rounds that ran one after the other had the same machine under them."""
    return Measured.of([one / other for one, other in zip(ours.values, peer.values, strict=True)])
