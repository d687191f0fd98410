"""What is asked of the source of an import's rows, whatever kind that is: an uploaded file, or what other imports have
left behind.

    imports/plan.py         DIVISIONS    how many tasks read it, and how its keys are partitioned
    tasks/prevalidation.py  ROW_SOURCES  opens it for one task, which reads it once

Both tables have an entry for each kind of source (`model/children.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from chalicelib.imports.phases.prevalidation import Prevalidated
from chalicelib.imports.workspace import SourceSummary
from chalicelib.model.rows import RowBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDivision:
    """How the rows of an import are divided; the same at every attempt."""

    splits: int = 1
    """How many tasks read them."""
    partitions: int = 1
    """Of their identity keys."""
    expected_rows: int = 0
    """About how many rows there are."""
    is_small: bool = True
    """Whether one function runs all phases."""


class RowSource(Protocol):
    """The rows of one split of an import, being read."""

    @property
    def blocks(self) -> Iterable[RowBlock]:
        """The rows in file order, to be taken once; lazy."""

    @property
    def mentioned_keys(self) -> Iterable[str]:
        """Identity keys that stand beside the rows, in the headers: an overwrite keeps what they name."""

    @property
    def resent_from(self) -> str:
        """The import of which the source is a file of rejected rows; empty for any other source."""

    @property
    def fed(self) -> tuple[str, ...] | None:
        """The fields that keys of JSON rows have fed so far; None where a source is not judged by them."""

    def prevalidate(self, block: RowBlock) -> Prevalidated:
        """Returns what becomes of a block of the rows: drafts, and the rows that fail."""

    def count_lines(self) -> int:
        """Returns how many physical lines have been read so far; 0 where rows bring the numbers of their lines."""

    def summary(self) -> SourceSummary:
        """Returns what was found out about the source. Asked for when all rows have been taken."""
