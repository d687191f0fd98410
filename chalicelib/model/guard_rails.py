"""Guard rails: how many rows may fail, and how many records may be deleted, before an import writes nothing at all.

They are judged when everything is decided and nothing is written (`imports/guard_rails.py`).
"""

import re
from dataclasses import dataclass

PERCENT = re.compile(r"(?P<whole>[0-9]{1,3})(\.(?P<rest>[0-9]{1,2}))?%")
"""What a part of all looks like: at most two digits behind the point."""
HUNDREDTHS = 100
"""Percent are kept in hundredths, so that they are compared exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How many of something an import may do: a number, or a part of all."""

    count: int | None = None
    percent_hundredths: int | None = None
    """Hundredths of a percent; given where `count` is not."""

    @classmethod
    def from_given(cls, given: int | str) -> "Tolerance | None":
        """Returns what a caller gives as a number, or as a text such as 5% or 2.5%; None for any other text."""
        if isinstance(given, int):
            return cls(count=given)
        found = PERCENT.fullmatch(given)
        if found is None:
            return None
        hundredths = int(found["whole"]) * HUNDREDTHS + int((found["rest"] or "").ljust(2, "0"))
        return cls(percent_hundredths=hundredths) if hundredths <= 100 * HUNDREDTHS else None

    @property
    def is_percent(self) -> bool:
        """Whether it is a part of all, which must be counted then."""
        return self.percent_hundredths is not None

    def allows(self, found: int, total: int) -> bool:
        """Returns whether so many of all of them are still allowed."""
        if self.count is not None:
            return found <= self.count
        return found * 100 * HUNDREDTHS <= (self.percent_hundredths or 0) * total

    def __str__(self) -> str:
        """Returns the tolerance as callers give it: 100, or 2.5%."""
        if self.count is not None:
            return str(self.count)
        return f"{(self.percent_hundredths or 0) / HUNDREDTHS:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRails:
    """The guard rails of an import; None where there is none."""

    max_failed: Tolerance | None = None
    """Of its rows; those that are skipped do not count."""
    max_deleted: Tolerance | None = None
    """Records that an overwrite cleans up, of those that it might; or that a delete deletes, of all there are."""
    all_or_nothing: bool = False
    """Where a row fails, nothing is written; where one fails only when others are written, those are undone."""


NO_GUARD_RAILS = GuardRails()
