"""Rows that come to mean another record than transforming found: another import has made or changed theirs meanwhile.

Which record they mean instead is written down before they write to it. An attempt that comes later could not find it
any more where the row has deleted the record, or another import has changed what it is known by; the stamp on the
record then proves that the row is done.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

from chalicelib.imports.phases.processing import fail_taken
from chalicelib.imports.phases.transforming import transform
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.lookups import own_records
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.ids import RecordId
from chalicelib.model.records import WriteStatus, Written
from chalicelib.model.rows import Draft, RowOutcome

Contested = tuple[Draft, Written | None]
"""A row that has to be decided again, and how its write ended, where it came to one."""

RetargetedRows = Mapping[int, Set[RecordId]]
"""By row number, the records that attempts have been about to write."""


def retarget_written_rows(context: TaskContext, drafts: Iterable[Draft], retargeted: RetargetedRows) -> set[int]:
    """Points each row that has been written at the record that bears its stamp, and returns the numbers of these
    rows."""
    rows = [draft for draft in drafts if draft.row_number in retargeted]
    ids = {record_id for draft in rows for record_id in retargeted[draft.row_number]}
    import_ = context.import_
    stored = context.stores.records.get_many(import_.tenant_id, import_.resource, ids) if ids else {}
    done: set[int] = set()
    for draft in rows:
        for record_id in retargeted[draft.row_number] & stored.keys():
            if stored[record_id].find_stamp(import_.import_id, draft.row_number):
                draft.record_id, draft.is_match = record_id, True
                done.add(draft.row_number)
    return done


def rematch(context: TaskContext, batch: int, contested: Sequence[Contested]) -> tuple[list[Draft], list[RowOutcome]]:
    """Looks anew, and closely, for the records of rows that have lost theirs, or found that there is one; those that
    still have one keep it. What other attempts have noted is read after the search: what the search missed because
    an attempt has deleted it, that attempt has noted before."""
    unmatched = [draft for draft, _ in contested if not draft.is_match]
    matched = [draft for draft, _ in contested if draft.is_match]
    found = transform(unmatched, {}, own_records(context, closely=True), context.new_record_ids)
    done = retarget_written_rows(context, unmatched, context.workspace.attempts.find_retargeted_rows(batch))
    going, taken = _without_taken(
        [draft for draft in found.drafts if draft.row_number not in done], contested, context.import_.rules.match_by
    )
    meant = {draft.row_number: draft.record_id for draft in going if draft.is_match and draft.record_id}
    if meant:
        context.workspace.attempts.write_retargeted_rows(batch, meant)
    written = [draft for draft in unmatched if draft.row_number in done]
    return [*matched, *written, *going], [*taken, *(one for one in found.outcomes if one.row_number not in done)]


def _without_taken(
    drafts: Iterable[Draft], contested: Iterable[Contested], match_by: Sequence[str]
) -> tuple[list[Draft], list[RowOutcome]]:
    """The rows that go on, and the outcomes of those that mean no record and want an identity that another one holds.
    Where rows are not matched by that identity, to look again would never end: it is outside `match_by`, or the row
    gives another one in its stead, such as the address that a user has so far."""
    ends = {draft.row_number: written for draft, written in contested if written}
    going: list[Draft] = []
    taken: list[RowOutcome] = []
    for draft in drafts:
        written = ends.get(draft.row_number)
        is_taken = written is not None and written.status is WriteStatus.TAKEN and not draft.is_match
        if written and is_taken and not _is_matched_by(draft, written.claim or "", match_by):
            taken.append(fail_taken(draft, written))
        else:
            going.append(draft)
    return going, taken


def _is_matched_by(draft: Draft, claim: str, match_by: Sequence[str]) -> bool:
    return claim in draft.identity_keys and (not match_by or identity_of(claim) in match_by)
