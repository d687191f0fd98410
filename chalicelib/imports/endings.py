"""How an import ends whose own execution does not end it: it died, or the time of the import is over.

Comes in: an import that has no final status. The end is handed over to an execution that does nothing else, so that an
import that takes all memory or time takes them from its own function. Where that did not help, the import ends without
files.
"""

from dataclasses import replace

from chalicelib.access.context import Context
from chalicelib.imports.children import release_parent
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.counters import has_written, phases_of, problem_counts_of, stats_of
from chalicelib.imports.due_undo import add_due_undo, is_undo_due, start_due_undo, surroundings
from chalicelib.imports.events import ImportRoute, StoppedEvent
from chalicelib.imports.lifecycle import announce_end, close_phase, source_until, undo_until
from chalicelib.imports.workspace import Workspace
from chalicelib.model.imports import Import, Stats, Status
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import WRITING_PHASES
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason, StopCode, StopReason
from chalicelib.stores.interfaces import Stores


def execution_stopped(stores: Stores, event: StoppedEvent) -> None:
    """Has the import ended whose execution failed, timed out or was aborted. Does nothing where it has ended; an
    execution that was to end it is left to the reaper, which tries again. One that looked at its source is no loss.
    """
    stopped = event.input
    if stopped.route is ImportRoute.DESCRIBE:
        return
    import_ = stores.imports.find(stopped.tenant_id, stopped.import_id)
    if import_ is None or import_.attempt != stopped.attempt or stopped.route is ImportRoute.FINISH:
        return
    if import_.is_final and import_.unpublished_since is None:
        return
    stores.import_executions.start_ending(import_, event.stop_reason, is_dead=True)


def end_without_files(context: Context, import_: Import) -> Import | None:
    """Ends an import as failed by little more than a change of its status: rows without an outcome that its tasks have
    told of are unprocessed. The reason of one that was failing already stays. Returns it as it ended; None if it has
    ended before.

    Where counting the tasks' results is too much, too, the next try takes the counts that the import shows, and takes
    it for one that has changed records, as it does where tasks have begun to write and died before they could tell: its
    undo finds out.
    """
    tries, now = context.limits.end_tries, context.clock()
    told, is_changed = _counted(context.stores, import_) if import_.end_tries <= tries + 1 else (import_, True)
    why = StopReason(StopCode.INTERNAL_ERROR, f"the import could not be ended in {tries} tries; it has no files")
    reason = EndReason(Status.FAILED, import_.reason or why.text)
    stats = _balanced(told.stats)
    change = ImportChange(
        to=reason.status,
        at=now,
        attempt=import_.attempt,
        reason=reason.text,
        ended_at=now,
        phases=tuple(close_phase(phase, Status.FAILED, now) for phase in told.phases),
        stats=stats,
        problem_counts=told.problem_counts,
        has_upload_file=False,
        has_errors_file=False,
        source_until=source_until(context.limits, import_, reason, now),
        undo_until=undo_until(context.limits, import_, now) if is_changed else None,
        undo_due=(is_changed and is_undo_due(import_, Status.FAILED)) or None,
    )
    own = surroundings(context.stores, context.limits, context.clock, import_)
    if change.undo_due:
        add_due_undo(own, import_)
    release_parent(context.stores, import_, Status.FAILED, stats)
    ended = context.stores.imports.change(import_.tenant_id, import_.import_id, change)
    import_queue(context.stores, context.limits, context.clock).release(import_)
    if ended is not None:
        announce_end(context.stores, ended)
        start_due_undo(own, ended)
    return ended


def _counted(stores: Stores, import_: Import) -> tuple[Import, bool]:
    """Returns the import with what its tasks have told so far, and whether they may have changed records."""
    workspace = Workspace(stores.files, import_, attempt_id="")
    told = workspace.kept.results_over(stores.results)
    results = {name: told.list_results(import_.import_id, import_.attempt, name) for name in passes_of(import_)}
    counted = replace(
        import_,
        phases=phases_of(import_.phases, results),
        stats=stats_of(results),
        problem_counts=problem_counts_of(results),
    )
    has_begun = import_.started_at is not None and any(map(workspace.attempts.has_any, WRITING_PHASES))
    return counted, has_begun or has_written(counted.stats, results)


def _balanced(stats: Stats) -> Stats:
    """Returns stats whose rows have one outcome each, also where that is what kept the import from ending."""
    return replace(stats, total=max(stats.total, stats.accounted)).with_unprocessed_rest()
