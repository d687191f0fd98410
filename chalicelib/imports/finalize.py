"""The end of every import: all rows accounted for, the files written, the final status set once.

Called by the machine after the last phase, and by an execution of its own where the first one died or the time of the
import is over. The second call finds the import final and changes nothing, but publishes its end if the first one died
before it had.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.access.context import Context
from chalicelib.errors import Fatal, NotFound, Retryable
from chalicelib.imports.children import NO_STATS, release_parent
from chalicelib.imports.counters import (
    Results,
    by_public_phase,
    counting,
    drift_of,
    has_written,
    phases_of,
    problem_counts_of,
    stats_of,
)
from chalicelib.imports.due_undo import add_due_undo, is_undo_due, start_due_undo, surroundings
from chalicelib.imports.garbage_collection import seldom_collected
from chalicelib.imports.lifecycle import announce_end, close_phase, source_until, undo_until
from chalicelib.imports.pipeline import may_clean_up, record_committed_attempts, results_until
from chalicelib.imports.reconcile_dead_tasks import reconcile_dead_tasks
from chalicelib.imports.result_files import OpenSections, files_of, find_open_sections, write_results
from chalicelib.imports.source_findings import source_columns, source_findings
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import SourceSummary
from chalicelib.model.children import can_be_confirmed
from chalicelib.model.imports import FINAL, Import, PhaseProgress, PhaseStatus, Stats, Status
from chalicelib.model.passes import cleans_up
from chalicelib.model.phases import FIRST_PHASE, LAST_PHASE, PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.retention import DAY_S
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason, end_of_canceling
from chalicelib.model.task_results import TaskResult


def finalize(context: TaskContext, reason: EndReason) -> Import | OpenSections | None:
    """Accounts for every row, writes the files of the import and sets its final status; returns it as it ended. Returns
    None where it has ended before or a newer attempt has taken over, and the sections that tasks have to write first
    where it is too large for one function.

    Raises Fatal, and leaves the status alone, if the rows do not add up; Retryable while tasks may still be at work.
    """
    if context.import_.is_final:
        announce_end(context.stores, context.import_)
        start_due_undo(context_of_undo(context, context.import_), context.import_)
        return None
    results = _account(context)
    stats, summary = _balanced(results, reason), _find_source_summary(context)
    if summary and (left := find_open_sections(context, files_of(context, stats))):
        return left
    change = _final_change(context, reason, results, summary)
    ended = _end(context, change, is_changed=has_written(change.stats or NO_STATS, results))
    if ended:
        announce_end(context.stores, ended)
        start_due_undo(context_of_undo(context, ended), ended)
    return ended


def context_of_undo(context: TaskContext, import_: Import) -> Context:
    """Returns the surroundings in which the undo of an import is made that its caller has not asked for."""
    return surroundings(context.stores, context.limits, context.now, import_)


def _balanced(results: Results, reason: EndReason) -> Stats:
    """Raises Fatal where rows and outcomes do not add up."""
    stats = stats_of(results).with_unprocessed_rest()
    if stats.unprocessed < 0 or (stats.unprocessed and reason.status is Status.COMPLETED):
        raise Fatal(f"{stats.total} rows have {stats.accounted - stats.unprocessed} outcomes")
    return stats


def _final_change(
    context: TaskContext, reason: EndReason, results: Results, summary: SourceSummary | None
) -> ImportChange:
    stats, now, remark = _balanced(results, reason), int(context.now()), _remark(context, results)
    if summary:
        with seldom_collected():
            write_results(context, files_of(context, stats))
    phases = phases_of(context.import_.phases, results)
    return ImportChange(
        to=reason.status,
        at=now,
        attempt=context.import_.attempt,
        reason=reason.text or remark,
        ended_at=now,
        phases=tuple(_closed(_with_tasks(one, results), reason.status, now, is_done=not remark) for one in phases),
        stats=stats,
        findings=source_findings(context, summary, _each_of_cleanup(context, results)) if summary else None,
        columns=source_columns(context, summary) if summary else None,
        problem_counts=problem_counts_of(results),
        has_upload_file=bool(summary) and context.import_.save_upload,
        has_errors_file=bool(summary) and bool(stats.failed or stats.skipped),
        confirm_until=_confirm_until(context, reason, now),
        source_until=source_until(context.limits, context.import_, reason, now),
        undo_until=undo_until(context.limits, context.import_, now) if has_written(stats, results) else None,
        drift=drift_of(results),
    )


def _confirm_until(context: TaskContext, reason: EndReason, now: int) -> int | None:
    can_be = can_be_confirmed(replace(context.import_, status=reason.status))
    return now + context.limits.confirm_days * DAY_S if can_be else None


def _account(context: TaskContext) -> Results:
    """Results of all tasks that came to an end, and of those that did not, as far as their rows left traces."""
    ended = results_until(context, LAST_PHASE)
    for phase, ones in ended.items():
        record_committed_attempts(context, phase, ones)
    reconcile_dead_tasks(context)
    results = counting(results_until(context, LAST_PHASE))
    for phase, ones in results.items():
        if ones != ended[phase]:
            record_committed_attempts(context, phase, ones)
    return by_public_phase(results)


def _find_source_summary(context: TaskContext) -> SourceSummary | None:
    """None where the source was never read."""
    try:
        return context.workspace.get_source_summary()
    except NotFound:
        return None


def _each_of_cleanup(context: TaskContext, results: Results) -> Iterator[Problem]:
    location, cleanup = quoted(context.import_.location_id), _of_cleanup(results)
    if relocated := sum(one.relocated for one in cleanup):
        yield Problem(ProblemCode.LOCATION_LEFT, value=location, facts={"records": relocated})
    if mentioned := sum(one.mentioned for one in cleanup):
        yield Problem(ProblemCode.RECORDS_MENTIONED, facts={"records": mentioned})


def _of_cleanup(results: Results) -> Sequence[TaskResult]:
    return results.get(PhaseName.CLEANUP, ())


def _remark(context: TaskContext, results: Results) -> str | None:
    """What a completed import has to say beside its numbers: that its cleanup was not done, and why."""
    if not cleans_up(context.import_) or may_clean_up(results):
        return None
    spared = sum(one.spared for one in _of_cleanup(results))
    return f"cleanup_not_done: {_why_not(results)}; {_records(spared)} not deleted"


def _why_not(results: Results) -> str:
    read = results.get(PhaseName.PREVALIDATION, ())
    if nameless := sum(one.nameless for one in read):
        return f"{_rows(nameless)} no identity that can be read and might name any record"
    if resent_from := next((one.resent_from for one in read if one.resent_from), ""):
        return f"the rows are some of those of {resent_from}"
    return "every row failed" if any(one.entered for one in read) else "there are no rows"


def _rows(count: int) -> str:
    return "1 row carries" if count == 1 else f"{count} rows carry"


def _records(count: int) -> str:
    return "1 record that no row names was" if count == 1 else f"{count} records that no row names were"


def _with_tasks(phase: PhaseProgress, results: Results) -> PhaseProgress:
    """A gate that reported late may have undone how many tasks a later phase has. Of the first one that is told only
    where there are several."""
    if phase.tasks or phase.name is FIRST_PHASE:
        return phase
    return replace(phase, tasks=len(results.get(phase.name, ())))


def _closed(phase: PhaseProgress, to: Status, now: int, *, is_done: bool) -> PhaseProgress:
    """Cleanup that is not done is skipped, although its tasks have counted."""
    if phase.name is PhaseName.CLEANUP and not is_done:
        return replace(phase, status=PhaseStatus.SKIPPED, started_at=None, ended_at=None, part_done=0.0)
    return close_phase(phase, to, now)


def _end(context: TaskContext, change: ImportChange, *, is_changed: bool) -> Import | None:
    """A cancel, or a death, that came after the last look wins over how the phases ended, whose counts it keeps. Where
    records were changed, the import may have to be undone."""
    change = replace(change, undo_due=(is_changed and is_undo_due(context.import_, change.to)) or None)
    if change.undo_due:
        add_due_undo(context_of_undo(context, context.import_), context.import_)
    release_parent(context.stores, context.import_, change.to, change.stats or NO_STATS)
    ended = context.state.change(change)
    if ended:
        return ended
    stored = context.state.find()
    if stored is None or stored.status in FINAL or stored.attempt != context.import_.attempt:
        return None
    if stored.status is Status.CANCELING and change.to not in (Status.CANCELED, Status.FAILED):
        reason = end_of_canceling(stored)
        until = source_until(context.limits, context.import_, reason, change.at)
        late = replace(change, to=reason.status, reason=reason.text, confirm_until=None, source_until=until)
        return _end(context, late, is_changed=is_changed)
    raise Retryable(f"{stored.status} cannot become {change.to}")
