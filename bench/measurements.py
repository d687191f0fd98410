"""What several rounds of one side have shown: rates, their median, and how far they lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Round:
    """One round, as the contestant's process measured it."""

    done: int
    """The number of rows, or of what else the contestant counts."""
    cpu_s: float
    """Seconds of CPU of the process with all its threads, user and system."""
    wall_s: float
    peak_bytes: int
    """The most memory the process has held so far (resident)."""

    @property
    def rate(self) -> float:
        """What was done per second of CPU."""
        return self.done / self.cpu_s


@dataclass(frozen=True, slots=True)
class Measurements:
    """The values of all rounds of one side."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Measurements":
        """Makes them of one or more values; raises ValueError if there are none."""
        if not values:
            raise ValueError("nothing was measured")
        return cls(tuple(values))

    @property
    def median(self) -> float:
        """The value in the middle."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """Half the distance between the extremes, as a share of the median."""
        return (max(self.values) - min(self.values)) / 2 / self.median

    @property
    def runs(self) -> int:
        """The number of rounds."""
        return len(self.values)


def ratio(ours: Measurements, peer: Measurements) -> Measurements:
    """Divides round by round, because rounds that ran one after the other met the machine in the same state."""
    return Measurements.of([one / other for one, other in zip(ours.values, peer.values, strict=True)])
