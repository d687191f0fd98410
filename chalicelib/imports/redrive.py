"""Redrive: an import that broke off goes on, as the next attempt at the same import.

    results of tasks that came to their end  → put anew, with the attempt under which their work objects lie
    batches that were stopped                → marked with the outcomes that were counted: those rows are done
    the import                               → queued, with the next attempt and a new deadline, on a condition

The condition comes last. A redrive that breaks off before it leaves nothing that is read, and is asked for again; one
that breaks off after it has queued the import leaves the start to the reaper, which watches it. Everything is put up to
the first phase that did not come to its end: from there on tasks run, as those of any import.
"""

from dataclasses import replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, NotFound, Retryable
from chalicelib.imports.children import busy
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.service import get_import
from chalicelib.imports.workspace import Workspace, address_of
from chalicelib.imports.workspace.task_numbers import task_numbers
from chalicelib.model.children import can_be_redriven
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Status, pending_phases
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import PhaseName, WorkUnit, spec_of
from chalicelib.model.retention import DAY_S
from chalicelib.model.task_results import TaskResult
from chalicelib.webhooks.outbox import publish_now


def redrive(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Queues an import again that broke off, and returns it. Asking again changes nothing. Raises NotFound; Conflict
    `cannot_redrive`, `import_busy`; and Retryable while its last end cannot be announced.
    """
    import_ = get_import(context, caller, import_id)
    if import_.is_final:
        _check(context, import_)
        context.begin_work()
        if not publish_now(context.stores, import_):
            raise Retryable(f"the end of import {import_id} is still to be announced")
        _keep_results(context, import_)
        again = _again(context, caller, import_)
        import_ = context.stores.imports.redrive(again) or get_import(context, caller, import_id)
        if import_.is_final:
            _check(context, import_)
            raise Conflict("import_busy", "The import has changed meanwhile. Try again.")
    if import_.status is Status.QUEUED:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(import_)
    return import_


def _check(context: Context, import_: Import) -> None:
    if not can_be_redriven(import_):
        message = f"The import is {import_.status.value}: only one that was interrupted, or ran out of time, can go on."
        raise Conflict("cannot_redrive", message)
    if import_.retries:
        raise Conflict("cannot_redrive", "Rows of the import were tried again. Try the others again in the same way.")
    if import_.undo is not None or import_.undo_due:
        raise Conflict("cannot_redrive", "What the import had changed was undone.")
    if import_.busy_with is not None:
        raise busy(import_)
    if context.clock() >= (import_.ended_at or 0) + context.limits.redrive_days * DAY_S:
        raise Conflict("cannot_redrive", f"An import can go on for {context.limits.redrive_days} days after its end.")
    source = import_.source
    file = context.stores.files.find_file(source.key, source.version_id) if source else None
    if source and file is None:
        raise Conflict("cannot_redrive", "The file of the import is gone. Try its rows again instead.")


def _again(context: Context, caller: Caller, import_: Import) -> Import:
    now = context.clock()
    return replace(
        import_,
        status=Status.QUEUED,
        attempt=import_.attempt + 1,
        reason=None,
        ended_at=None,
        queued_at=now,
        deadline_at=now + context.limits.import_time_s,
        end_tries=0,
        postponed_until=None,
        unpublished_since=None,
        updated_at=now,
        updated_by=caller.key_id,
        canceled_by=None,
        canceled_at=None,
        phases=pending_phases(import_.upload_mode),
        undo_until=None,
        source_until=None,
    )


def _keep_results(context: Context, import_: Import) -> None:
    before = Workspace(context.stores.files, import_, attempt_id="")
    after = Workspace(context.stores.files, replace(import_, attempt=import_.attempt + 1), attempt_id="redrive")
    results = before.kept.results_over(context.stores.results)
    if not _adopt_plan(before, after):
        return
    for phase in passes_of(import_):
        found = results.list_results(import_.import_id, import_.attempt, phase)
        for one in found:
            placed = replace(one, place=one.place or import_.attempt)
            if placed.stopped_by is None:
                context.stores.results.put_once(import_.import_id, import_.attempt + 1, placed)
            elif spec_of(phase).writes_records and spec_of(phase).unit is WorkUnit.BATCH:
                _mark_rows(after, placed)
        done = {one.task for one in found if one.stopped_by is None}
        if not done or not done.issuperset(_tasks(before, phase)):
            return


def _adopt_plan(before: Workspace, after: Workspace) -> bool:
    """Takes over how the import is divided, and how its columns were found written; what was stored then has changed
    since. Returns False where it had not been planned.
    """
    manifest = before.find_manifest()
    if manifest is None:
        return False
    if manifest.splits > 1:
        after.write_splits(before.get_splits())
    if decisions := before.find_decisions():
        after.write_decisions(decisions)
    after.write_manifest(replace(manifest, starts_empty=False))
    return True


def _mark_rows(workspace: Workspace, settled: TaskResult) -> None:
    """As a task that hands over does: whoever goes on with the batch leaves these rows alone."""
    address = address_of(settled.attempt_id, settled.place)
    workspace.attempts.mark_settled(settled.phase, settled.task, address, settled.entered)


def _tasks(workspace: Workspace, phase: PhaseName) -> tuple[int, ...]:
    try:
        return task_numbers(workspace, phase)
    except NotFound:
        return ()
