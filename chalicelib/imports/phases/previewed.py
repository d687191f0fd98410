"""Strict imports: what a row means now must be what its preview has shown, or it fails.

In come the decisions of a write batch, the records as they are now and what the preview has told of the rows; out come
the same decisions, without the writes of rows whose record was made, changed or deleted since. What a row has written
itself is no change.
"""

from collections.abc import Iterable, Mapping

from chalicelib.imports.phases.outcomes import fail_row, finish_row
from chalicelib.imports.phases.processing import Decision
from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.records import Record, Write
from chalicelib.model.rows import REJECTED, Draft, RowOutcome

Meaning = tuple[RecordId | None, int]
"""The record that a row means, and its version; 0 where there is none."""

Previewed = Mapping[int, RowOutcome]
"""What a preview has told, by row number."""


def live_version(record: Record | None) -> int:
    """Returns the version of a record; 0 where there is none, or only a tombstone."""
    return 0 if record is None or record.is_deleted else record.version


def fail_changed(
    decided: Iterable[Decision], stored: Mapping[RecordId, Record], previewed: Previewed
) -> list[Decision]:
    """Returns the decisions, in which rows fail that mean another record than they did, or another version of it. Rows
    that are rejected anyway keep their reason, as it is more to the point.
    """
    return [(draft, _decide(draft, what, stored, previewed)) for draft, what in decided]


def _decide(
    draft: Draft, what: Write | RowOutcome, stored: Mapping[RecordId, Record], previewed: Previewed
) -> Write | RowOutcome:
    if what.is_repeat if isinstance(what, Write) else what.outcome in REJECTED:
        return what
    told = previewed.get(draft.row_number)
    if told and any(one.code is ProblemCode.DUPLICATE_IN_SOURCE for one in told.problems):
        return finish_row(draft, told.outcome, *told.problems)
    before, now = _meaning_in(told), _meaning_of(draft, stored)
    if before == now:
        return what
    was = "a row without a record" if before is None else _spelled(before)
    return fail_row(draft, ProblemCode.CHANGED_SINCE_PREVIEW, previewed=was, found=_spelled(now))


def _meaning_of(draft: Draft, stored: Mapping[RecordId, Record]) -> Meaning:
    return draft.record_id, live_version(stored.get(draft.record_id)) if draft.record_id else 0


def _meaning_in(outcome: RowOutcome | None) -> Meaning | None:
    """None where the row had ended before it came to a record."""
    return None if outcome is None or outcome.version is None else (outcome.record_id, outcome.version)


def _spelled(meaning: Meaning) -> str:
    record_id, version = meaning
    return f"{record_id}, version {version}" if version else "a new record"
