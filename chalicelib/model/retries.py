"""What is asked of an import that tries the rows of another one again, and what of a row can be corrected.

Rows stay what they were in the import that read them: their numbers, lines and cells. A correction gives values by
field, which stand in for what the row gives there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.model.error_columns import UNREADABLE
from chalicelib.model.ids import ImportId
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Fields, Outcome

RETRIABLE = frozenset({Outcome.FAILED, Outcome.SKIPPED, Outcome.UNPROCESSED})
"""The outcomes of rows that can be tried again."""

FOUND_BY_READER = frozenset(
    {
        *(UNREADABLE - {ProblemCode.NOT_CORRECTED}),
        *(ProblemCode.ROW_TOO_LONG, ProblemCode.CELLS_LEFT_OUT, ProblemCode.STRAY_QUOTE, ProblemCode.SHOWN_OTHERWISE),
    }
)
"""Codes of what the reader of a source finds in a row: a row that is tried again has it as it had it before."""

_WITHOUT_FIELDS = UNREADABLE | {ProblemCode.ROW_TOO_LONG, ProblemCode.UNKNOWN_FIELD}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryTerms:
    """Which rows of an import are tried again, and with which corrections."""

    include: frozenset[Outcome] = frozenset({Outcome.FAILED})
    """What has become of them so far."""
    corrections: Mapping[int, Fields] = field(default_factory=dict)
    """By row number the values of fields; null clears a field."""
    only_given: bool = False
    """Only rows with a correction are tried, though it may be empty."""
    earlier: tuple[ImportId, ...] = ()
    """The imports that have tried its rows before, the oldest first."""

    def takes(self, row_number: int, outcome: Outcome) -> bool:
        """Returns whether a row of this outcome is tried again."""
        return outcome in self.include and (not self.only_given or row_number in self.corrections)


def is_corrected_as_whole(problems: Iterable[Problem]) -> bool:
    """Returns whether a row failed because it could not be told which value belongs to which field: then a correction
    is the whole row.
    """
    return any(one.severity is Severity.ERROR and one.code in _WITHOUT_FIELDS for one in problems)
