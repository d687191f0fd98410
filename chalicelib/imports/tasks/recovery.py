"""What a task has done that did not come to its end: read off the records, which bear the stamps of their rows.

Only tasks of processing and cleanup leave anything behind but work objects. A row that wrote nothing has no stamp and
stays without an outcome: unprocessed. An attempt notes before its first write that it has started, so that the many
tasks of a canceled import that never ran cost one look each, and what another attempt may still be writing is not
counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from chalicelib.errors import SluiceError
from chalicelib.imports.task_context import WRITE_BATCH_ROWS, TaskContext
from chalicelib.imports.task_counters import with_outcomes
from chalicelib.imports.tasks.hand_over import HandedOver, outcomes_handed_over
from chalicelib.imports.tasks.missing_records import NamedRecords
from chalicelib.imports.tasks.overtaken import find_overtaken
from chalicelib.imports.tasks.rematch import retarget_written_rows
from chalicelib.imports.tasks.undoing import for_batch
from chalicelib.imports.workspace import AttemptMark
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Import, Stats, Status
from chalicelib.model.passes import phase_before_writing
from chalicelib.model.phases import PhaseName, WorkUnit, spec_of
from chalicelib.model.records import Record, Stamp
from chalicelib.model.rows import Draft, Outcome, RowOutcome
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.matching import deciding_keys
from chalicelib.stores.interfaces import Imports

NO_ROW = 0
"""Cleanup's changes are stamped with the row number that no row has."""

DIED = StopReason(StopCode.ATTEMPT_DIED)
"""Why a task was stopped of which no attempt is alive."""

ATTEMPT_LIVES_S = 15 * 60
"""How long a Lambda function may run (AWS)."""


class AttemptStillRunning(SluiceError):
    """Raised where another attempt of the task may be writing: what the task has done is counted later, when none can
    be alive.
    """


def ensure_no_live_attempt(context: TaskContext, phase: PhaseName, task: int) -> bool:
    """Returns whether any attempt of the task has started. Raises AttemptStillRunning while another may be alive."""
    attempts = context.workspace.attempts.find(phase, task)
    if is_any_attempt_alive(context, [one for one in attempts if one.attempt_id != context.workspace.attempt_id]):
        raise AttemptStillRunning(f"another attempt of task {task} of {phase} may be at work")
    return bool(attempts)


def is_any_attempt_alive(context: TaskContext, attempts: Iterable[AttemptMark]) -> bool:
    """Returns whether any of these attempts may be at work."""
    return any(context.now() < one.started_at + ATTEMPT_LIVES_S for one in attempts)


def stop_tasks(imports: Imports, import_: Import, reason: StopReason | None, now: int) -> Import | None:
    """Makes an attempt at an import canceling: from now on its tasks find that they should stop. The reaper looks after
    it when none of them can be alive, should it be too early before to count what they did. Returns the import
    afterwards; None where it does not run, or a newer attempt has taken over.
    """
    change = ImportChange(
        to=Status.CANCELING,
        at=now,
        attempt=import_.attempt,
        reason=reason.text if reason else None,
        deadline_at=now + ATTEMPT_LIVES_S,
    )
    return imports.change(import_.tenant_id, import_.import_id, change)


def recover_result(context: TaskContext, phase: PhaseName, task: int, why: StopReason) -> TaskResult:
    """Returns the result of a task that was stopped, with what its earlier attempts have written. Raises
    AttemptStillRunning while one of them may be writing.
    """
    result = TaskResult(phase=phase, task=task, attempt_id=context.workspace.attempt_id, stopped_by=why)
    spec = spec_of(phase)
    if not (spec.writes_records and ensure_no_live_attempt(context, phase, task)):
        return result
    return _with_shard(context, result) if spec.unit is WorkUnit.SHARD else _with_batch(context, result)


@contextmanager
def started_attempt(context: TaskContext, phase: PhaseName, task: int) -> Iterator[None]:
    """A context in which an attempt may write. One that ends by an error is marked as finished, unless its process is
    gone: then its time must run out. One that hands over has marked that itself.
    """
    context.workspace.attempts.mark_started(phase, task, context.now())
    try:
        yield
    except HandedOver:
        raise
    except Exception:
        context.workspace.attempts.mark_finished(phase, task)
        raise


def recover_outcomes(context: TaskContext, batch: int, drafts: Iterable[Draft]) -> list[RowOutcome]:
    """Returns the outcomes of those drafts that have been written, as the stamps on their records prove, and of those
    of which nobody can tell any more. It holds the records of `WRITE_BATCH_ROWS` drafts at a time: the task may have
    been killed for the memory that it took.
    """
    retargeted, rest = context.workspace.attempts.find_retargeted_rows(batch), iter(drafts)
    outcomes: list[RowOutcome] = []
    while some := list(islice(rest, WRITE_BATCH_ROWS)):
        outcomes += _recover(context, batch, some, retargeted)
    return outcomes


def _recover(
    context: TaskContext, batch: int, drafts: list[Draft], retargeted: Mapping[int, set[RecordId]]
) -> list[RowOutcome]:
    retarget_written_rows(context, drafts, retargeted)
    outcomes, rest = _stamped(context, drafts)
    _retarget_by_claims(context, rest)
    found, rest = _stamped(context, rest)
    return outcomes + found + find_overtaken(context, batch, rest)[1]


def _with_batch(context: TaskContext, result: TaskResult) -> TaskResult:
    context = for_batch(context, result.task)
    attempts = context.workspace.attempts.find(result.phase, result.task)
    outcomes = outcomes_handed_over(context, result.phase, result.task, attempts)
    done = {outcome.row_number for outcome in outcomes}
    drafts = context.workspace.each_draft(phase_before_writing(context.import_), result.task)
    outcomes += recover_outcomes(context, result.task, (one for one in drafts if one.row_number not in done))
    outcomes.sort(key=lambda outcome: outcome.row_number)
    context.workspace.write_outcomes(PhaseName.PROCESSING, result.task, outcomes)
    named = NamedRecords(context)
    named.note_batch(result.task)
    return with_outcomes(named.counted_in(replace(result, entered=len(outcomes))), outcomes)


def _with_shard(context: TaskContext, result: TaskResult) -> TaskResult:
    import_ = context.import_
    done = count_cleaned_up(
        context, context.stores.records.each_record(import_.tenant_id, import_.resource, result.task)
    )
    gone, moved = done[Outcome.DELETED], done[Outcome.UPDATED]
    return replace(result, entered=gone + moved, stats=Stats(overwritten=gone), relocated=moved)


def count_cleaned_up(context: TaskContext, records: Iterable[Record]) -> Counter[Outcome]:
    """Counts how many of the records this import's cleanup has deleted, and how many it has taken out of its location
    (updated).
    """
    stamps = (record.find_stamp(context.import_.import_id, NO_ROW) for record in records)
    return Counter(stamp.outcome for stamp in stamps if stamp)


def _stamped(context: TaskContext, drafts: list[Draft]) -> tuple[list[RowOutcome], list[Draft]]:
    """Those whose stamp the record bears that they mean, and the others."""
    import_ = context.import_
    ids = [draft.record_id for draft in drafts if draft.record_id]
    stored = context.stores.records.get_many(import_.tenant_id, import_.resource, ids) if ids else {}
    outcomes: list[RowOutcome] = []
    others: list[Draft] = []
    for draft in drafts:
        record = stored.get(draft.record_id) if draft.record_id else None
        stamp = record.find_stamp(import_.import_id, draft.row_number) if record else None
        if stamp:
            outcomes.append(_written_before(draft, stamp))
        else:
            others.append(draft)
    return outcomes, others


def _written_before(draft: Draft, stamp: Stamp) -> RowOutcome:
    return RowOutcome(draft.row_number, draft.line, stamp.outcome, draft.record_id, draft.problems)


def _retarget_by_claims(context: TaskContext, drafts: list[Draft]) -> None:
    """A row may have found that another import had made or changed its record meanwhile, and written another one: such
    rows are given the record that holds their identities now."""
    import_ = context.import_
    keys = {key for draft in drafts for key in draft.identity_keys}
    holders = context.stores.records.find_claims(import_.tenant_id, import_.resource, keys) if keys else {}
    for draft in drafts:
        keys_tried = deciding_keys(draft.identity_keys, import_.rules.match_by)
        draft.record_id = next((holders[key] for key in keys_tried if key in holders), None)
