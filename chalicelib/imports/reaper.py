"""Every few minutes: imports whose time is over, of every tenant, get the end no event gave them; those whose execution
died are found; and those that wait get the slots that a crash has kept.

requested, of a parent  → queued, or removed where its parent is not busy with it
requested, and held     → expired
requested               → expired, unless the file is there and only its event was lost: then it begins
queued, processing      → timed_out, by an execution that ends it: what was written stays and is counted
canceling               → canceled, or failed where its execution died, in the same way
tried too often         → failed, without files
ended                   → its source is deleted, where that was kept for a while only

The reaper serves all tenants, so it counts no rows and writes no files itself.
"""

from datetime import UTC, datetime
from functools import partial

from chalicelib.access.context import Context
from chalicelib.imports.children import take_up_child
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.endings import end_without_files
from chalicelib.imports.lifecycle import IMPORTS, delete_source, end_unbegun
from chalicelib.imports.undo import start_undo
from chalicelib.imports.uploads import receive_file
from chalicelib.lifecycle.reaper import Reaped, Run, postponed, reap_due, try_once
from chalicelib.lifecycle.watch import Remedies, look_after
from chalicelib.model.children import parent_of
from chalicelib.model.events import JobKind
from chalicelib.model.imports import Import, Status
from chalicelib.model.object_keys import upload_key
from chalicelib.model.stop_reasons import CANCELED, EndReason, StopCode, StopReason
from chalicelib.stores.interfaces import ExecutionStatus


def reap_imports(run: Run) -> Reaped:
    """Ends every import that is due, of all tenants."""
    return reap_due(run, JobKind.IMPORT, run.context.stores.imports, partial(_end, run.context))


def look_after_imports(run: Run) -> Reaped:
    """Ends imports whose execution died, and starts those that have none."""
    queue = import_queue(run.context.stores, run.context.limits, run.context.clock)
    return look_after(run, IMPORTS, Remedies(queue.start_or_enqueue, partial(_end_dead, run.context)))


def recover_import_slots(run: Run) -> Reaped:
    """Gives back slots that a crash has kept, and starts imports for which one is free."""
    queue = import_queue(run.context.stores, run.context.limits, run.context.clock)
    return Reaped(failed=queue.recover())


def delete_kept_sources(run: Run) -> Reaped:
    """Deletes sources that were kept as long as something could be made of their imports, and are not to be saved."""
    reaped = Reaped()
    for import_ in run.context.stores.imports.each_kept_source(run.context.clock()):
        if run.is_over:
            break
        reaped += try_once(import_.import_id, partial(_delete_kept_source, run.context, import_))
    return reaped


def _delete_kept_source(context: Context, import_: Import) -> Reaped:
    """One from which another import reads is left until that has ended; the import that has confirmed a preview then
    takes care of the source, which is its own, too."""
    if import_.busy_with is None and import_.confirmed_as is None:
        delete_source(context.stores, import_)
    elif import_.busy_with is None:
        context.stores.imports.forget_source(import_)
    return Reaped()


def _end(context: Context, import_: Import) -> bool:
    """Returns False for an import that has ended meanwhile. Its number of tries counts this one."""
    if import_.is_final:
        return False
    if import_.end_tries > context.limits.end_tries:
        return end_without_files(context, import_) is not None
    if import_.status is Status.REQUESTED and parent_of(import_) is not None:
        _take_up(context, import_)
        return False
    if import_.status is Status.REQUESTED:
        _expire(context, import_)
        return True
    is_late = import_.status is Status.CANCELING or (import_.deadline_at or 0) <= context.clock()
    context.stores.import_executions.start_ending(import_, _why(import_, is_late=is_late), is_dead=not is_late)
    return True


def _take_up(context: Context, child: Import) -> None:
    """An undo that is due waits until its import has ended, and is busy with no other; it begins then."""
    undone = context.stores.imports.find(child.tenant_id, child.undo_of) if child.undo_of else None
    is_awaited = undone is not None and (not undone.is_final or undone.undo_due)
    if undone is None or undone.busy_with == child.import_id or not is_awaited:
        take_up_child(context, child)
    elif undone.is_final and undone.busy_with is None:
        start_undo(context, child, undone)


def _why(import_: Import, *, is_late: bool) -> StopReason:
    """Before its deadline an import is due that was found dead and could not be ended then. Why one is canceling, it
    knows itself."""
    if import_.status is Status.CANCELING:
        return CANCELED
    if is_late:
        return StopReason(StopCode.TIMED_OUT, f"the import was not done by {_as_text(import_.deadline_at)}.")
    return StopReason(StopCode.INTERNAL_ERROR, "the import's execution died")


def _end_dead(context: Context, import_: Import, status: ExecutionStatus) -> bool:
    """Whoever has found it dead before has set a time at which it is due."""
    is_known = import_.postponed_until is not None or (import_.status is Status.CANCELING and import_.reason)
    tried = None if is_known else postponed(context, context.stores.imports, import_)
    if tried is None:
        return False
    reason = StopReason(StopCode.INTERNAL_ERROR, f"the import's execution ended as {status}")
    context.stores.import_executions.start_ending(tried, reason, is_dead=True)
    return True


def _expire(context: Context, import_: Import) -> None:
    if import_.is_held:
        _expire_held(context, import_)
        return
    file = context.stores.files.find_file(upload_key(import_.tenant_id, import_.import_id))
    if file is not None:
        receive_file(context, file.key, file.version_id)
        return
    until = _as_text(import_.upload_expires_at)
    end_unbegun(context, import_, EndReason(Status.EXPIRED, f"upload_not_received: no file arrived until {until}."))


def _expire_held(context: Context, import_: Import) -> None:
    """Not one whose file the reaper has found just now."""
    if context.clock() < (import_.held_until or 0):
        return
    reason = f"hold_expired: nobody let it go until {_as_text(import_.held_until)}."
    end_unbegun(context, import_, EndReason(Status.EXPIRED, reason))


def _as_text(epoch_s: int | None) -> str:
    return datetime.fromtimestamp(epoch_s or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
