"""Which rows of an import are asked for: by their outcome, and by the problems that they have."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.imports.workspace import RowCounts
from chalicelib.model.rows import Outcome, RowOutcome


class RowSelection(Protocol):
    """Which rows are asked for."""

    def count(self, counts: RowCounts) -> int:
        """Returns how many rows are selected of those that were counted by outcome (`failed`), by outcome and code
        (`failed|required`), and by outcome, code and field.
        """

    def takes(self, outcome: RowOutcome | None) -> bool:
        """Returns whether a row with this outcome is selected; None is one on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """Rows with an outcome, or with a problem of a code and a field; None means any."""

    outcome: Outcome | None = None
    code: str | None = None
    field: str | None = None

    def count(self, counts: RowCounts) -> int:
        """Does what `RowSelection.count` promises; a row with several such problems counts more than once."""
        return sum(number for kind, number in counts.items() if self._takes_kind(*_parts(kind)))

    def takes(self, outcome: RowOutcome | None) -> bool:
        """Does what `RowSelection.takes` promises."""
        if outcome is None or self.outcome not in (None, outcome.outcome):
            return False
        return not self._asks_for_problems or any(
            self.code in (None, one.code) and self.field in (None, one.field) for one in outcome.problems
        )

    @property
    def _asks_for_problems(self) -> bool:
        return self.code is not None or self.field is not None

    def _takes_kind(self, outcome: str, code: str | None, field: str | None) -> bool:
        if self.outcome not in (None, outcome) or (field is not None) != self._asks_for_problems:
            return False
        return (self.code in (None, code) and self.field in (None, field)) if self._asks_for_problems else code is None


def _parts(kind: str) -> tuple[str, str | None, str | None]:
    outcome, code, field = [*kind.split("|", 2), None, None][:3]
    return outcome or "", code, field
