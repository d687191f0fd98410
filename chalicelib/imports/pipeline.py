"""The life of an import on one page: seven phases in order, a gate after each.

    prevalidation      a split of the source   is the row well formed?
    preparsing         a sub-partition of keys which rows of the source are the same thing?
    transforming       a batch                 which stored record does the row mean?
    parsing            a sub-partition of ids  which rows mean the same record by different identities?
    validation         a batch                 do the records exist that the row refers to?
    rehearsal          a batch                 what processing would do; previews and guarded imports only
    rehearsal_cleanup  a shard of the store    what cleanup would do, of the same
    processing         a batch                 create, update, delete, and write it
    cleanup            a shard of the store    what an overwrite leaves behind

Everything that drives an import (a request, one task for a small source, a state machine for a large one) runs the same
tasks and closes phases at the same gates. A gate trusts nothing but the results that tasks have written, once each.
"""

import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from chalicelib.errors import Fatal, Refused
from chalicelib.imports.counters import Results, phases_of, problem_counts_of, stats_of
from chalicelib.imports.garbage_collection import seldom_collected
from chalicelib.imports.guard_rails import find_broken_guard_rail
from chalicelib.imports.source_findings import source_columns, source_findings
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.cleanup import clean_up_shard, rehearse_cleanup
from chalicelib.imports.tasks.deduplication import parse, preparse
from chalicelib.imports.tasks.hand_over import HandedOver
from chalicelib.imports.tasks.prevalidation import prevalidate_split
from chalicelib.imports.tasks.processing import process_batch, rehearse_batch
from chalicelib.imports.tasks.recovery import AttemptStillRunning, recover_result
from chalicelib.imports.tasks.transforming import transform_batch
from chalicelib.imports.tasks.validation import validate_batch
from chalicelib.imports.workspace import NO_OFFSET, CleanupPlan, SplitOffset, address_of, batches_of, writers_of
from chalicelib.imports.workspace.task_numbers import task_numbers
from chalicelib.model.children import keeps_row_numbers
from chalicelib.model.imports import Action, Import, PhaseProgress, PhaseStatus
from chalicelib.model.passes import pass_after, passes_until, visible_phase_of
from chalicelib.model.phases import (
    FIRST_PHASE,
    LAST_PHASE,
    REQUEST_PHASES,
    PhaseName,
    phases_until,
    public_name,
    spec_of,
)
from chalicelib.model.rows import RowOutcome
from chalicelib.model.stop_reasons import SUPERSEDED, StopCode, StopReason
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.key_mapping import too_many_keys
from chalicelib.schema.wrong_source import SourceHeaders, check_source

logger = logging.getLogger(__name__)

Task = Callable[[TaskContext, int], TaskResult]

TASKS: dict[PhaseName, Task] = {
    PhaseName.PREVALIDATION: prevalidate_split,
    PhaseName.PREPARSING: preparse,
    PhaseName.TRANSFORMING: transform_batch,
    PhaseName.PARSING: parse,
    PhaseName.VALIDATION: validate_batch,
    PhaseName.REHEARSAL: rehearse_batch,
    PhaseName.REHEARSAL_CLEANUP: rehearse_cleanup,
    PhaseName.PROCESSING: process_batch,
    PhaseName.CLEANUP: clean_up_shard,
}
"""What runs one task of each phase; `model/phases.py` has everything else in which phases differ."""


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What a gate decides: to go on with `phase` and these tasks, or to end."""

    phase: PhaseName | None = None
    tasks: tuple[int, ...] = ()
    stopped_by: StopReason | None = None


def run_phases(context: TaskContext, *, until: PhaseName = LAST_PHASE) -> GateDecision:
    """Runs the phases in this process, up to and with `until`. Tasks that have a result are not run again, so that an
    import that was broken off goes on where it ended. Raises HandedOver where the time of the function is nearly over,
    and Retryable where that of the request is over before it has come to what no caller waits for.
    """
    decision = GateDecision(FIRST_PHASE, tasks_of(context, FIRST_PHASE))
    while decision.phase in phases_until(until):
        for task in decision.tasks:
            if decision.phase in REQUEST_PHASES:
                context.budget.check_request_time()
            has_run = run_task(context, decision.phase, task)
            if has_run and context.must_hand_over() and not context.find_stop():
                raise HandedOver(f"{decision.phase} {task} is done")
        decision = close_phase(context, decision.phase)
    return decision


def run_task(context: TaskContext, phase: PhaseName, task: int) -> bool:
    """Runs one task of a phase, unless it has a result, and returns whether it has run. What no retry can mend ends the
    import, as a result. Where another attempt of the task may still be writing there is no result yet, and the
    finaliser waits for it. Raises HandedOver where another function should go on with the task.
    """
    import_ = context.import_
    if context.stores.results.find_result(import_.import_id, import_.attempt, phase, task):
        return False
    _put_result(context, lambda: _result_of(context, phase, task))
    return True


def stop_task(context: TaskContext, phase: PhaseName, task: int, why: StopReason) -> None:
    """Gives a task that cannot come to its end a result that says why, with what its records prove to be written,
    unless it has a result. Where another attempt of it may still be writing there is none yet, as in `run_task`.
    """
    _put_result(context, lambda: recover_result(context, phase, task, why))


def _put_result(context: TaskContext, work: Callable[[], TaskResult]) -> None:
    import_ = context.import_
    try:
        result = replace(work(), put_at=int(context.now()))
        context.stores.results.put_once(import_.import_id, import_.attempt, result)
    except AttemptStillRunning as reason:
        logger.warning("import %s: %s", import_.import_id, reason)


def _result_of(context: TaskContext, phase: PhaseName, task: int) -> TaskResult:
    """Raises AttemptStillRunning where the task was stopped while another attempt of it may be writing."""
    try:
        stop = context.find_stop()
        if stop is None:
            with seldom_collected():
                return TASKS[phase](context, task)
    except Refused as refusal:
        stop = StopReason.of_refusal(refusal)
    except Fatal as error:
        stop = StopReason(StopCode.FATAL, str(error))
    return recover_result(context, phase, task, stop)


def tasks_of(context: TaskContext, phase: PhaseName) -> tuple[int, ...]:
    """Returns the numbers of a phase's tasks. Raises NotFound where the import has not been divided so far."""
    return task_numbers(context.workspace, phase)


def close_phase(context: TaskContext, phase: PhaseName) -> GateDecision:
    """Counts the phase and decides what comes next. Of an import that has ended meanwhile it leaves everything as it
    is. Raises Fatal if a task left no result and none was stopped.
    """
    results, stop = results_until(context, phase), context.find_stop()
    if stop == SUPERSEDED:
        return GateDecision(stopped_by=stop)
    stopped_by = next((one.stopped_by for one in results[phase] if one.stopped_by), None) or stop
    if not stopped_by:
        _demand_all(context, phase, results[phase])
    record_committed_attempts(context, phase, results[phase])
    if not stopped_by:
        context.workspace.shuffled.write_indexes(phase)
    stopped_by = stopped_by or _judge(context, phase, results)
    following = None if stopped_by else _next_phase(context, phase, results)
    tasks = tasks_of(context, following) if following else ()
    if len(tasks) > context.limits.tasks:
        stopped_by = StopReason(StopCode.TOO_MANY_ROWS, f"{len(tasks)} tasks would be needed. Split the source.")
        following, tasks = None, ()
    _report(context, None if stopped_by else phase, GateDecision(following, tasks), results)
    return GateDecision(following, tasks, stopped_by)


def results_until(context: TaskContext, last: PhaseName) -> Results:
    """Returns the results of all phases up to and with `last`. Of the source only what was read without a gap counts:
    rows behind one have no number.
    """
    import_, store = context.import_, context.stores.results
    passes = passes_until(import_, last)
    results = {phase: store.list_results(import_.import_id, import_.attempt, phase) for phase in passes}
    return results | {FIRST_PHASE: _without_gap(results[FIRST_PHASE])}


def record_committed_attempts(context: TaskContext, phase: PhaseName, results: Sequence[TaskResult]) -> None:
    """Records which attempt of each task counts: from now on readers see what those wrote, and nothing else."""
    addresses = {one.task: address_of(one.attempt_id, one.place) for one in results}
    writers = {one.task: [*writers_of(one)] for one in results}
    context.workspace.write_committed_attempts(phase, addresses, writers)
    if phase is PhaseName.PREVALIDATION:
        context.workspace.write_batches([batch for one in results for batch in batches_of(one)])
        context.workspace.write_sub_partitions(_sub_partitions(context, results))
        context.workspace.write_offsets(_offsets(context, results))


def _offsets(context: TaskContext, splits: Sequence[TaskResult]) -> list[SplitOffset]:
    """What lies before each split. Rows that keep their numbers need none."""
    if keeps_row_numbers(context.import_):
        return [NO_OFFSET] * (len(splits) + 1)
    sums = accumulate(
        splits, lambda sum_, one: SplitOffset(sum_.rows + one.entered, sum_.lines + one.lines), initial=NO_OFFSET
    )
    return [*sums]


def _sub_partitions(context: TaskContext, splits: Sequence[TaskResult]) -> int:
    """One where there are no keys; an import that ends before it is divided has not even a manifest."""
    keys = sum(one.keys for one in splits)
    return ceil(keys / context.workspace.get_manifest().partitions / context.limits.sub_partition_keys) if keys else 1


def row_outcomes_of(context: TaskContext) -> tuple[RowOutcome, ...]:
    """Returns the rows that have their outcome so far, in file order; meant for imports that fit into a request."""
    workspace = context.workspace
    left = (
        one
        for batch in workspace.get_batches()
        for phase in workspace.row_phases
        for one in workspace.each_outcome(phase, batch)
    )
    return tuple(sorted(left, key=lambda outcome: outcome.row_number))


def may_clean_up(results: Results) -> bool:
    """Returns whether an overwrite may delete what no row names: not where a row carries no identity that could be
    read, as it might name any record, nor where there was no row, or none that did not fail: then the source is hardly
    what it was taken for. Nor where the rows are those that another import has rejected: they name few of its records.
    """
    read = results.get(PhaseName.PREVALIDATION, ())
    rows = sum(one.entered for one in read)
    return rows > stats_of(results).failed and not any(one.nameless or one.resent_from for one in read)


def _judge(context: TaskContext, phase: PhaseName, results: Results) -> StopReason | None:
    """Why an import goes no further after a phase that went well: when its source is read it may be refused as a whole,
    and when all is rehearsed a guard rail may be broken."""
    if phase is PhaseName.PREVALIDATION:
        return _find_refusal(context, results[phase])
    following = pass_after(context.import_, phase)
    is_last_rehearsal = spec_of(phase).rehearses and (following is None or not spec_of(following).rehearses)
    return find_broken_guard_rail(context.import_, results) if is_last_rehearsal else None


def _find_refusal(context: TaskContext, splits: Sequence[TaskResult]) -> StopReason | None:
    """Why a source of JSON rows is refused as a whole, by the keys of all its rows; headers are judged before the first
    row is read. One of which no row could be read as an object is not judged: its rows tell what is wrong."""
    parts = [one.fed for one in splits if one.fed is not None]
    if not parts:
        return None
    try:
        _check_keys(context, {field for part in parts for field in part})
    except Refused as refusal:
        return StopReason.of_refusal(refusal)
    return None


def _check_keys(context: TaskContext, fed: Set[str]) -> None:
    keys, most = context.workspace.get_source_summary().keys, context.limits.columns
    if len(keys) > most:
        raise too_many_keys(most)
    check_source(context.import_, context.resource, SourceHeaders(keys, fed))


def _without_gap(results: Sequence[TaskResult]) -> list[TaskResult]:
    """The results of the first splits, up to one that was stopped or is missing."""
    counted: list[TaskResult] = []
    for split, result in enumerate(results):
        if result.task != split or (counted and counted[-1].stopped_by):
            break
        counted.append(result)
    return counted


def _demand_all(context: TaskContext, phase: PhaseName, results: Sequence[TaskResult]) -> None:
    missing = set(tasks_of(context, phase)) - {one.task for one in results}
    if missing:
        raise Fatal(f"{phase}: {len(missing)} tasks left no result, first of them {min(missing)}")


def _next_phase(context: TaskContext, phase: PhaseName, results: Results) -> PhaseName | None:
    following = pass_after(context.import_, phase)
    if following in (PhaseName.REHEARSAL_CLEANUP, PhaseName.CLEANUP):
        mentioning = [one.task for one in results[PhaseName.TRANSFORMING] if one.mentioned]
        counts_only = context.import_.action is not Action.OVERWRITE or not may_clean_up(results)
        context.workspace.write_cleanup_plan(CleanupPlan(counts_only=counts_only, mentioning=mentioning))
    return following


def _report(context: TaskContext, done: PhaseName | None, decision: GateDecision, results: Results) -> None:
    """Reports where a phase ended and the next began; `done` is None where it was broken off. A gate that is called
    once more knows no more than was reported then, and less than later gates and tasks have reported since."""
    import_ = context.import_
    if done and visible_phase_of(import_, done) is not public_name(done):
        return  # a rehearsal that nobody is shown
    following = decision.phase and visible_phase_of(import_, decision.phase)
    done = done and public_name(done)
    stored = context.state.find() or import_
    if any(phase.name is done and phase.status is PhaseStatus.COMPLETED for phase in stored.phases):
        return
    now = int(context.now())
    statuses = [_with_status(phase, done, following, now) for phase in stored.phases]
    changed = [replace(one, tasks=len(decision.tasks)) if one.name is following else one for one in statuses]
    counted = replace(stored, phases=phases_of(changed, results), stats=stats_of(results), updated_at=now)
    told = replace(counted, problem_counts=problem_counts_of(results))
    context.state.report(_with_source(context, told) if done is FIRST_PHASE else told)


def _with_source(context: TaskContext, import_: Import) -> Import:
    summary = context.workspace.get_source_summary()
    return replace(import_, findings=source_findings(context, summary), columns=source_columns(context, summary))


def _with_status(phase: PhaseProgress, done: PhaseName | None, following: PhaseName | None, now: int) -> PhaseProgress:
    """A gate that is passed once more leaves phases that have ended as they are."""
    if phase.status is PhaseStatus.COMPLETED:
        return phase
    if phase.name is done:
        return replace(phase, started_at=phase.started_at or now).as_ended(PhaseStatus.COMPLETED, now)
    if phase.name is following:
        return replace(phase, status=PhaseStatus.PROCESSING, started_at=now)
    return phase
