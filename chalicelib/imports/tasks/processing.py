"""Processing of one batch: drafts become records, `WRITE_BATCH_ROWS` at a time, until every row has its outcome.
Which one, `imports/phases/processing.py` decides.

Between write batches the task looks whether the import was canceled or ran out of time, and whether its function lasts
for another one (`hand_over.py`). A row whose record changed
under its hands is decided again on what is stored now.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter

from chalicelib.errors import Retryable, Throttled
from chalicelib.imports.phases.processing import ImportRules, outcome_of_write, process, still_matches
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.task_counters import with_outcomes
from chalicelib.imports.tasks.hand_over import hand_over_batch, outcomes_handed_over
from chalicelib.imports.tasks.lookups import live_links
from chalicelib.imports.tasks.missing_records import NamedRecords, create_missing
from chalicelib.imports.tasks.recovery import ensure_no_live_attempt, recover_outcomes, started_attempt
from chalicelib.imports.tasks.rematch import Contested, rematch, retarget_written_rows
from chalicelib.imports.tasks.validation import fields_written_by
from chalicelib.imports.workspace import AttemptMark
from chalicelib.model.identity_keys import ID_PREFIX
from chalicelib.model.ids import RecordId
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record, Write
from chalicelib.model.rows import Draft, RowOutcome
from chalicelib.model.stop_reasons import TIMED_OUT
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.merge_rules import GrowthLimits

logger = logging.getLogger(__name__)

PHASE = PhaseName.PROCESSING
ROUNDS = 8
"""So often a row may lose a race before the task gives up and is tried again as a whole."""


def process_batch(context: TaskContext, batch: int) -> TaskResult:
    """Writes the records of a batch, `WRITE_BATCH_ROWS` rows at a time, and returns the outcomes counted. Goes on where
    an earlier function has handed over. Raises HandedOver where the time of this one is nearly over.
    """
    attempts = context.workspace.attempts.find(PHASE, batch)
    outcomes = outcomes_handed_over(context, PHASE, batch, attempts)
    with started_attempt(context, PHASE, batch):
        try:
            return _process_write_batches(context, batch, attempts, outcomes)
        except Throttled:
            if not context.can_hand_over:
                raise
            raise hand_over_batch(context, PHASE, batch, outcomes) from None


def _process_write_batches(
    context: TaskContext, batch: int, attempts: Sequence[AttemptMark], outcomes: list[RowOutcome]
) -> TaskResult:
    """Adds to the outcomes when a write batch is done."""
    result = TaskResult(phase=PHASE, task=batch, attempt_id=context.workspace.attempt_id)
    named = NamedRecords(context)
    if outcomes:
        named.note_batch(batch)
    rest = named.noting(_each_left(context, batch, {outcome.row_number for outcome in outcomes}))
    retargeted = context.workspace.find_retargeted_rows(batch) if attempts else {}
    has_written, may_be_written = False, bool(attempts)
    while drafts := list(islice(rest, WRITE_BATCH_ROWS)):
        stop = context.find_stop()
        if has_written and not stop and context.must_hand_over():
            raise hand_over_batch(context, PHASE, batch, outcomes)
        retarget_written_rows(context, drafts, retargeted)
        done = None if stop else _find_outcomes(context, batch, drafts, may_be_written=may_be_written)
        if done is None:
            ensure_no_live_attempt(context, PHASE, batch)
            outcomes.extend(recover_outcomes(context, batch, chain(drafts, rest)))
            result = replace(result, stopped_by=stop or TIMED_OUT)
            break
        outcomes.extend(done)
        has_written = True
        may_be_written = any(one.progress is None for one in attempts)  # the others broke off in the write batch above
        context.report_progress(PHASE, len(outcomes))
    outcomes.sort(key=attrgetter("row_number"))
    context.workspace.write_outcomes(PHASE, batch, outcomes)
    return with_outcomes(named.counted_in(replace(result, entered=len(outcomes))), outcomes)


def _each_left(context: TaskContext, batch: int, done: Set[int]) -> Iterator[Draft]:
    bare = context.workspace.each_draft(PhaseName.VALIDATION, batch)
    left = (draft for draft in bare if draft.row_number not in done)
    return context.workspace.each_with_fields(fields_written_by(context.resource), batch, left)


def _find_outcomes(
    context: TaskContext, batch: int, drafts: list[Draft], *, may_be_written: bool
) -> list[RowOutcome] | None:
    """The outcomes of a write batch; None where a request gives it up in the middle, as nobody tries it again."""
    try:
        return _process_write_batch(context, batch, drafts, may_be_written=may_be_written)
    except Retryable:
        if context.can_hand_over:
            raise
        logger.warning("batch %s is given up in the middle", batch, exc_info=True)
        return None


def _process_write_batch(
    context: TaskContext, batch: int, drafts: list[Draft], *, may_be_written: bool
) -> list[RowOutcome]:
    outcomes: list[RowOutcome] = []
    for number in range(ROUNDS):
        is_new = number == 0 and not may_be_written
        done, contested = _process_once(context, drafts, [one for one in drafts if not is_new or _may_be_there(one)])
        outcomes.extend(done)
        if not contested:
            return outcomes
        drafts, failed = rematch(context, batch, contested)
        outcomes.extend(failed)
    raise Retryable(f"{len(drafts)} records kept changing while rows were written to them")


def _may_be_there(draft: Draft) -> bool:
    """Whether to look for its record. One under an id that the import has made is there only if it has been written
    before; the condition on the write tells that too, and most imports mostly create."""
    return draft.is_match or draft.identity_keys[:1] == [f"{ID_PREFIX}{draft.record_id}"]


def _process_once(
    context: TaskContext, drafts: list[Draft], looked_for: Iterable[Draft]
) -> tuple[list[RowOutcome], list[Contested]]:
    """The rows that are done, and those whose record changed meanwhile, or was not looked for and is there."""
    tenant_id, resource = context.import_.tenant_id, context.import_.resource
    records, rules = context.stores.records, _rules(context)
    stored = records.get_many(tenant_id, resource, [draft.record_id for draft in looked_for if draft.record_id])
    drafts, stale = _without_stale_matches(drafts, stored, rules)
    live = live_links(context, drafts, stored)
    decided = process(drafts, stored, rules, live)
    if rules.rows.create_missing and create_missing(context, drafts, decided):
        decided = process(drafts, stored, rules, live)
    writing = [(draft, what) for draft, what in decided if isinstance(what, Write)]
    written = context.write_records(resource, [what for _, what in writing])
    done = [what for _, what in decided if isinstance(what, RowOutcome)]
    contested: list[Contested] = [(draft, None) for draft in stale]
    for (draft, write), answer in zip(writing, written, strict=True):
        outcome = outcome_of_write(draft, write, answer)
        if outcome:
            done.append(outcome)
        else:
            contested.append((draft, answer))
    return done, contested


def _without_stale_matches(
    drafts: list[Draft], stored: Mapping[RecordId, Record], rules: ImportRules
) -> tuple[list[Draft], list[Draft]]:
    """The drafts that still mean the record they matched, and those that have to look for theirs again."""
    meant: list[Draft] = []
    stale: list[Draft] = []
    for draft in drafts:
        record = stored.get(draft.record_id) if draft.record_id else None
        if draft.is_match and not still_matches(draft, record, rules):
            draft.is_match = False
            stale.append(draft)
        else:
            meant.append(draft)
    return meant, stale


def _rules(context: TaskContext) -> ImportRules:
    import_ = context.import_
    return ImportRules(
        import_id=import_.import_id,
        resource=context.resource,
        action=import_.action,
        rows=import_.rules,
        growth=GrowthLimits.of(context.resource, import_.rules.merge_rules, context.limits),
        record_bytes=context.limits.record_bytes,
    )
