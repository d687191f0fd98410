"""Processing of one batch: drafts become records, `WRITE_BATCH_ROWS` at a time, until every row has its outcome.
Which one, `imports/phases/processing.py` decides. A rehearsal is the same without the writes (`rehearsed_records.py`).

Between write batches the task looks whether the import was canceled or ran out of time, and whether its function lasts
for another one (`hand_over.py`). A row whose record changed
under its hands is decided again on what is stored now.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter

from chalicelib.errors import Retryable, Throttled
from chalicelib.imports.before_images import images_of_batch
from chalicelib.imports.phases.previewed import fail_changed, live_version
from chalicelib.imports.phases.processing import Decision, ImportRules, outcome_of_write, process, still_matches
from chalicelib.imports.rehearsed_records import rehearsing
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.task_counters import stats_of, with_outcomes
from chalicelib.imports.tasks.drift import find_drift
from chalicelib.imports.tasks.hand_over import HandedOver, hand_over_batch, outcomes_handed_over
from chalicelib.imports.tasks.lookups import live_links
from chalicelib.imports.tasks.missing_records import NamedRecords, create_missing
from chalicelib.imports.tasks.overtaken import find_overtaken
from chalicelib.imports.tasks.previewed import knowing_preview
from chalicelib.imports.tasks.recovery import (
    ensure_no_live_attempt,
    recover_outcomes,
    started_attempt,
    stop_tasks,
)
from chalicelib.imports.tasks.rematch import Contested, rematch, retarget_written_rows
from chalicelib.imports.tasks.undoing import decide_undo, for_batch
from chalicelib.imports.tasks.validation import fields_written_by
from chalicelib.model.identity_keys import ID_PREFIX
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Stats
from chalicelib.model.passes import phase_before_writing
from chalicelib.model.phases import PhaseName, spec_of
from chalicelib.model.records import Record, Write
from chalicelib.model.rows import REJECTED, Draft, Outcome, RowOutcome
from chalicelib.model.stop_reasons import TIMED_OUT, StopCode, StopReason
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.merge_rules import GrowthLimits

logger = logging.getLogger(__name__)

ROUNDS = 8
"""So often a row may lose a race before the task gives up and is tried again as a whole."""


def process_batch(context: TaskContext, batch: int) -> TaskResult:
    """Writes the records of a batch, `WRITE_BATCH_ROWS` rows at a time, and returns the outcomes counted. Goes on where
    an earlier function has handed over. Raises HandedOver where the time of this one is nearly over.
    """
    task = _BatchTask(context.keeping_images(images_of_batch(batch)), batch, PhaseName.PROCESSING)
    with started_attempt(context, PhaseName.PROCESSING, batch):
        return task.run()


def rehearse_batch(context: TaskContext, batch: int) -> TaskResult:
    """Does what `process_batch` does, on records that are read only, and returns the outcomes that the rows would have.
    What counts of them for an import that is to write its records, too, are the rows that are rejected.
    """
    return _BatchTask(replace(context, stores=rehearsing(context.stores)), batch, PhaseName.REHEARSAL).run()


class _BatchTask:
    """Processing of one batch by one function, rehearsed or done, and how far it has come."""

    def __init__(self, context: TaskContext, batch: int, phase: PhaseName) -> None:
        context = knowing_preview(for_batch(context, batch), batch)
        self._context = context
        self._batch = batch
        self._phase = phase
        self._is_writing = spec_of(phase).writes_records
        self._attempts = context.workspace.attempts.find(phase, batch)
        self._outcomes = outcomes_handed_over(context, phase, batch, self._attempts)
        self._named = NamedRecords(context)

    def run(self) -> TaskResult:
        """Finds the outcomes of all rows and returns them counted."""
        try:
            stopped_by = self._find_all_outcomes()
        except Throttled:
            if not self._context.can_hand_over:
                raise
            raise self._hand_over() from None
        return replace(self._result(), stopped_by=stopped_by)

    def _find_all_outcomes(self) -> StopReason | None:
        """Adds to the outcomes when a write batch is done; returns what has stopped the task."""
        context, rest = self._context, self._named.noting(self._each_left())
        if self._outcomes:
            self._named.note_batch(self._batch)
        retargeted = context.workspace.attempts.find_retargeted_rows(self._batch) if self._attempts else {}
        is_redriven = context.import_.attempt > 1
        has_begun, may_be_written = False, self._is_writing and (is_redriven or bool(self._attempts))
        while drafts := list(islice(rest, WRITE_BATCH_ROWS)):
            stop = context.find_stop()
            if has_begun and not stop and context.must_hand_over():
                raise self._hand_over()
            retarget_written_rows(context, drafts, retargeted)
            done = None if stop else _find_outcomes(context, self._batch, drafts, may_be_written=may_be_written)
            if done is None:
                self._recover(chain(drafts, rest))
                return stop or TIMED_OUT
            self._outcomes.extend(done)
            self._stop_at_failure(done)
            has_begun = True
            # the attempts that have handed over broke off in the write batch above
            is_broken_off = is_redriven or any(one.progress is None for one in self._attempts)
            may_be_written = self._is_writing and is_broken_off
            context.report_progress(self._phase, len(self._outcomes))
        return None

    def _each_left(self) -> Iterator[Draft]:
        workspace, done = self._context.workspace, {outcome.row_number for outcome in self._outcomes}
        import_ = self._context.import_
        left = workspace.each_draft(phase_before_writing(import_), self._batch)
        if done:
            left = (draft for draft in left if draft.row_number not in done)
        written_by = PhaseName.PREVALIDATION if import_.undo_of else fields_written_by(self._context.resource)
        return workspace.each_with_fields(written_by, self._batch, left)

    def _stop_at_failure(self, done: Iterable[RowOutcome]) -> None:
        """Of an import that is to be done as a whole, all tasks stop where a row fails; what was written is undone
        then."""
        import_ = self._context.import_
        if not (self._is_writing and import_.guard_rails.all_or_nothing):
            return
        failed = next((one for one in done if one.outcome is Outcome.FAILED), None)
        if failed is None:
            return
        code = failed.problems[-1].code.value if failed.problems else failed.outcome.value
        reason = StopReason(StopCode.ALL_OR_NOTHING, f"row {failed.row_number} {code}")
        stop_tasks(self._context.stores.imports, import_, reason, int(self._context.now()))

    def _hand_over(self) -> HandedOver:
        return hand_over_batch(self._context, self._phase, self._batch, self._outcomes)

    def _recover(self, left: Iterable[Draft]) -> None:
        """Adds the outcomes of rows that were written before the task was stopped; a rehearsal has written none."""
        if self._is_writing:
            ensure_no_live_attempt(self._context, self._phase, self._batch)
            self._outcomes.extend(recover_outcomes(self._context, self._batch, left))

    def _result(self) -> TaskResult:
        context, phase = self._context, self._phase
        self._outcomes.sort(key=attrgetter("row_number"))
        is_final = self._is_writing or context.import_.is_preview
        counting = self._outcomes if is_final else [one for one in self._outcomes if one.outcome in REJECTED]
        context.workspace.write_outcomes(phase, self._batch, counting)
        result = TaskResult(phase=phase, task=self._batch, attempt_id=context.workspace.attempt_id)
        preview_id = context.import_.preview_of
        if self._is_writing and preview_id:
            result = replace(result, drift=find_drift(context, preview_id, self._batch, self._outcomes))
        rehearsed = Stats() if self._is_writing else stats_of(self._outcomes)
        result = replace(result, entered=len(counting), rehearsed=rehearsed)
        if is_final:
            is_first = context.import_.attempt == 1 and not self._attempts
            result = self._named.counted_in(result, is_first=is_first)
        return with_outcomes(result, counting)


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
    drafts, outcomes = find_overtaken(context, batch, drafts) if may_be_written else (drafts, [])
    for number in range(ROUNDS):
        is_new = number == 0 and not may_be_written
        done, contested = _process_once(context, drafts, [one for one in drafts if not is_new or _may_be_there(one)])
        outcomes.extend(done)
        if not contested:
            return outcomes
        contested, overtaken = _without_overtaken(context, batch, contested)
        drafts, failed = rematch(context, batch, contested)
        outcomes.extend(chain(overtaken, failed))
    raise Retryable(f"{len(drafts)} records kept changing while rows were written to them")


def _without_overtaken(
    context: TaskContext, batch: int, contested: list[Contested]
) -> tuple[list[Contested], list[RowOutcome]]:
    """The rows that can be decided again, and the outcomes of the others. Another attempt may have been at work all
    this time; a rehearsal writes nothing.
    """
    if context.before_images is None:
        return contested, []
    left, overtaken = find_overtaken(context, batch, [draft for draft, _ in contested])
    numbers = {draft.row_number for draft in left}
    return [one for one in contested if one[0].row_number in numbers], overtaken


def _may_be_there(draft: Draft) -> bool:
    """Whether to look for its record. One under an id that the import has made is there only if it has been written
    before; the condition on the write tells that too, and most imports mostly create."""
    return draft.is_match or draft.identity_keys[:1] == [f"{ID_PREFIX}{draft.record_id}"]


def _process_once(
    context: TaskContext, drafts: list[Draft], looked_for: Iterable[Draft]
) -> tuple[list[RowOutcome], list[Contested]]:
    """The rows that are done, and those whose record changed meanwhile, or was not looked for and is there."""
    tenant_id, resource, records = context.import_.tenant_id, context.import_.resource, context.stores.records
    stored = records.get_many(tenant_id, resource, [draft.record_id for draft in looked_for if draft.record_id])
    decided, stale = _decide(context, drafts, stored)
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
    if context.import_.is_preview:
        for one in done:
            one.version = live_version(stored.get(one.record_id)) if one.record_id else None
    return done, contested


def _decide(
    context: TaskContext, drafts: list[Draft], stored: Mapping[RecordId, Record]
) -> tuple[list[Decision], list[Draft]]:
    """What each row does, and the rows that have to look for their record again."""
    if context.import_.undo_of is not None:
        return decide_undo(context, drafts, stored), []
    rules = _rules(context)
    drafts, stale = _without_stale_matches(drafts, stored, rules)
    live = live_links(context, drafts, stored)

    def decide_all() -> list[Decision]:
        decided = process(drafts, stored, rules, live)
        return decided if context.previewed is None else fail_changed(decided, stored, context.previewed)

    decided = decide_all()
    if rules.rows.create_missing and create_missing(context, drafts, decided):
        decided = decide_all()
    return decided, stale


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
