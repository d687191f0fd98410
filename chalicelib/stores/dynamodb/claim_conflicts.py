"""Who a claim belongs to that a write wants and another write has taken.

Comes in: the claim that is wanted, the claim as found, and the records concerned, all read strongly and the claim
first. Goes out: what the write may do about it. Nothing is read or written here, so that every case can be tested as a
value.
"""

from collections.abc import Mapping
from enum import Enum, auto

from chalicelib.model.ids import RecordId
from chalicelib.stores.dynamodb.record_items import Claim, StoredRecord

ABANDONED_MS = 20 * 60 * 1000
"""Longer than any Lambda function lives (15 minutes): no task is still about to write for a claim as old as this."""


class ConflictDecision(Enum):
    """What a write may do about a claim that was taken."""

    FREE = auto()
    """No record holds it any more: claim it again."""
    MINE = auto()
    """This very wave has it: an answer was lost on the way."""
    RENEW = auto()
    """This row has it, from a task that crashed or still runs: take it over, and never undo it."""
    TAKE_OVER = auto()
    """Its record does not carry it, and no task can be about to write that it does."""
    TAKEN = auto()
    """Its record carries it."""
    WAIT = auto()
    """Its record may be about to be written."""


def decide_conflict(wanted: Claim, found: Claim | None, records: Mapping[RecordId, StoredRecord]) -> ConflictDecision:
    """Returns what may be done. `wanted` bears the time of now, and `found` is None if the claim is gone."""
    if found is None:
        return ConflictDecision.FREE
    if found.token == wanted.token:
        return ConflictDecision.MINE
    if (found.record_id, found.stamp) == (wanted.record_id, wanted.stamp):
        return ConflictDecision.RENEW
    holder = records.get(found.record_id)
    if holder is not None and found.key in holder.record.claims:
        return ConflictDecision.TAKEN
    is_dead = _is_past(found, holder) or wanted.claimed_at_ms - found.claimed_at_ms > ABANDONED_MS
    return ConflictDecision.TAKE_OVER if is_dead else ConflictDecision.WAIT


def _is_past(found: Claim, holder: StoredRecord | None) -> bool:
    """The version the claim was made for has been written, without it; its write can no longer succeed."""
    return holder is not None and holder.record.version >= found.for_version
