"""Sums of outcomes, which add up to the rows."""

from dataclasses import dataclass, replace

from chalicelib.model.rows import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Sums of outcomes. rows = created + updated + unchanged + deleted + skipped + failed + unprocessed."""

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: int = 0
    failed: int = 0
    unprocessed: int = 0
    overwritten: int = 0
    """Records removed by cleanup; outside the equation, which counts rows."""
    warnings: int = 0
    """Warnings among all problems; a row may have several."""

    @property
    def accounted(self) -> int:
        """Rows that have an outcome."""
        return sum(getattr(self, outcome.value) for outcome in Outcome)

    def __add__(self, other: "Stats") -> "Stats":
        return Stats(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def with_unprocessed_rest(self) -> "Stats":
        """Every row without an outcome becomes unprocessed: the equation holds for an import that ends early."""
        return replace(self, unprocessed=self.unprocessed + self.total - self.accounted)
