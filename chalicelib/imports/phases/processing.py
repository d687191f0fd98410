"""Processing: what each row does to the record it means: create, update, leave unchanged, delete, or fail.

In come drafts with the records they mean as stored now; out comes for each either the write that a store is to perform,
or an outcome where there is nothing to write. A row that was written before a retry gets the same outcome again. One
row of an import writes a record: what comes to mean it, too, after a lost race is its duplicate.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import orjson

from chalicelib.imports.phases.outcomes import fail_row, finish_row, skip_duplicate
from chalicelib.model.identity_keys import ID_PREFIX, id_key, identity_of
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.imports import Action
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.records import Record, Stamp, Write, WriteStatus, Written
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Draft, Fields, Outcome, RecordChanges, RowOutcome
from chalicelib.schema.changes import changes_between
from chalicelib.schema.defaults import is_complete, missing_fields, required_facts
from chalicelib.schema.identity import claimed_keys, match_keys
from chalicelib.schema.matching import deciding_keys, still_stated
from chalicelib.schema.merge import CREATING, RowChange, RowChangeKind, decide
from chalicelib.schema.merge_rules import NO_GROWTH, GrowthLimits
from chalicelib.schema.record_links import LiveRecords, unresolved_references, with_link_outcomes, without_dead_links

NOTHING_LIVE: LiveRecords = {}

Decision = tuple[Draft, Write | RowOutcome]
"""What one row does: a write, or an outcome where nothing is written."""

OUTCOMES = {
    RowChangeKind.CREATE: Outcome.CREATED,
    RowChangeKind.UPDATE: Outcome.UPDATED,
    RowChangeKind.UNCHANGED: Outcome.UNCHANGED,
    RowChangeKind.DELETE: Outcome.DELETED,
    RowChangeKind.SKIP: Outcome.SKIPPED,
    RowChangeKind.FAIL: Outcome.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRules:
    """What holds for every row of an import."""

    import_id: ImportId
    resource: Resource
    action: Action
    rows: RowRules = field(default_factory=RowRules)
    """By which identities rows mean records, and what a match does to them."""
    record_bytes: int
    """The largest document a record may have."""
    growth: GrowthLimits = NO_GROWTH
    """What fields may hold that grow by their rules."""


def process(
    drafts: Iterable[Draft], stored: Mapping[RecordId, Record], rules: ImportRules, live: LiveRecords = NOTHING_LIVE
) -> list[Decision]:
    """Returns what each row does, in the order of the drafts.

    `stored` are the records as they are now, tombstones included; `live` are the existing records that they link to, as
    far as rows name records that do not exist. Documents are serialised after all decisions: doing each kind of work by
    itself takes half the processor time of doing both in turns.
    """
    decided = [
        _decide_links(draft, stored.get(draft.record_id), rules, live)
        if draft.problems
        else (draft, _decide(draft, stored.get(draft.record_id), rules))
        for draft in drafts
        if draft.record_id
    ]
    for place, (draft, write) in enumerate(decided):
        if isinstance(write, Write):
            document = orjson.dumps(write.fields)
            write.spelled = document.decode()
            if len(document) > rules.record_bytes and not write.is_repeat:
                decided[place] = draft, fail_row(draft, ProblemCode.RECORD_TOO_LARGE, limit=rules.record_bytes)
    return decided


def _decide_links(draft: Draft, record: Record | None, rules: ImportRules, live: LiveRecords) -> Decision:
    """As `_decide`, for a row that may name records that do not exist: the stored record loses its own links that lead
    nowhere, and the row's problems say what became of them."""
    references = unresolved_references(rules.resource, draft)
    if record is None or not references or rules.action is Action.DELETE:
        return draft, _decide(draft, record, rules)
    what = _decide(without_dead_links(draft, references, record.fields, live), record, rules)
    if isinstance(what, Write):
        return replace(
            draft, problems=with_link_outcomes(rules.resource, draft.problems, record.fields, what.fields)
        ), what
    return draft, replace(
        what, problems=with_link_outcomes(rules.resource, what.problems, record.fields, record.fields)
    )


def _decide(draft: Draft, record: Record | None, rules: ImportRules) -> Write | RowOutcome:
    if "id" in draft.fields:
        draft = _without_id(draft)
    if record is None and rules.action in CREATING and is_complete(rules.resource, draft.fields):
        return _write(draft, None, draft.fields, rules, Outcome.CREATED)  # as all below would say, of most rows
    if record and (row := record.find_row_of(rules.import_id)):
        stamp = record.find_stamp(rules.import_id, draft.row_number)
        return repeat(record, stamp) if stamp else skip_duplicate(draft, _common_key(draft, record), row)
    stored = None if record is None or record.is_deleted else record.fields
    match_by = rules.rows.match_by
    if match_by and stored is not None and _is_of_another(draft, match_by):
        if rules.action in CREATING:
            return fail_row(draft, ProblemCode.IDENTITY_TAKEN, "id", record=str(draft.record_id))
        stored = None
    change = decide(rules.resource, rules.action, rules.rows, draft, stored)
    if change.kind in (RowChangeKind.FAIL, RowChangeKind.SKIP, RowChangeKind.UNCHANGED):
        return _leave(draft, change)
    if change.kind is RowChangeKind.DELETE:
        return _write(draft, record, {}, rules, Outcome.DELETED)
    return _write_fields(draft, record, change, rules)


def _common_key(draft: Draft, record: Record) -> str:
    """The key by which a row means a record that another row has written; of a tombstone nothing is known but the
    id."""
    return next((key for key in draft.identity_keys if key in record.claims), id_key(record.record_id))


def _is_of_another(draft: Draft, match_by: Collection[str]) -> bool:
    """Whether the row gives the id of a record that it does not mean, since rows are matched by other identities."""
    gives_id = draft.identity_keys[:1] == [f"{ID_PREFIX}{draft.record_id}"]
    return gives_id and not draft.is_match and "id" not in match_by


def still_matches(draft: Draft, record: Record | None, rules: ImportRules) -> bool:
    """Returns whether a match still holds.

    A claim may outlive a crash, and another import may have changed the record since: then it no longer has any
    identity that the row gives, and the row means something else. A record that is gone is left to `process`.
    """
    if record is None or record.is_deleted or record.find_stamp(rules.import_id, draft.row_number):
        return True
    match_by = rules.rows.match_by
    if match_by:
        return still_stated(deciding_keys(draft.identity_keys, match_by), record.identity_keys)
    return not {id_key(record.record_id), *record.claims}.isdisjoint(draft.identity_keys)


def outcome_of_write(draft: Draft, write: Write, written: Written) -> RowOutcome | None:
    """Returns the outcome of a row by what its write came to.

    Returns None where the record has changed since it was read, or another one has been made: then the row must be
    decided again.
    """
    if written.status is WriteStatus.WRITTEN:
        outcome, changes = write.stamp.outcome, _changes_of(write)
        return RowOutcome(draft.row_number, draft.line, outcome, draft.record_id, draft.problems, changes)
    if written.status is WriteStatus.TAKEN and draft.is_match:
        return fail_taken(draft, written)
    return None


def _changes_of(write: Write) -> RecordChanges | None:
    """None unless it updates a record: a repeat no longer knows how the record was before."""
    if write.stamp.outcome is not Outcome.UPDATED or write.before is None or write.is_repeat:
        return None
    return changes_between(write.before.fields, write.fields)


def fail_taken(draft: Draft, written: Written) -> RowOutcome:
    """Returns the outcome of a row whose identity another record holds."""
    return fail_row(draft, ProblemCode.IDENTITY_TAKEN, identity_of(written.claim or ""), record=str(written.holder))


def _without_id(draft: Draft) -> Draft:
    """A record's id is its key, not one of its fields."""
    return replace(draft, fields={name: value for name, value in draft.fields.items() if name != "id"})


def repeat(record: Record, stamp: Stamp) -> Write:
    """Returns the write that a row has done already, once more: it changes nothing, but releases claims that the first
    one left behind.
    """
    return Write(
        record_id=record.record_id,
        before=record,
        fields=record.fields,
        claims=record.claims,
        match_keys=record.match_keys,
        stamp=stamp,
    )


def _leave(draft: Draft, change: RowChange) -> RowOutcome:
    problems = [change.problem] if change.problem else []
    return finish_row(draft, OUTCOMES[change.kind], *problems)


def _write_fields(draft: Draft, record: Record | None, change: RowChange, rules: ImportRules) -> Write | RowOutcome:
    if missing := missing_fields(rules.resource, change.fields):
        return fail_row(draft, ProblemCode.REQUIRED, missing[0][0], **required_facts(missing[0]))
    if excess := rules.growth.find_excess({} if record is None else record.fields, change.fields):
        return fail_row(draft, excess[1].code, excess[0], **excess[1].facts)
    return _write(draft, record, change.fields, rules, OUTCOMES[change.kind])


def _write(draft: Draft, record: Record | None, fields: Fields, rules: ImportRules, outcome: Outcome) -> Write:
    assert draft.record_id is not None, "transforming gives every draft its record id"
    stamp = Stamp(rules.import_id, draft.row_number, outcome)
    resource = rules.resource
    matched = match_keys(resource, fields) if resource.match_fields else ()
    return Write(draft.record_id, record, stamp, fields, claimed_keys(resource, fields, draft), matched)
