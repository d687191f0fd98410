"""Every few minutes: imports whose time is over, of every tenant, get the end no event gave them, and those that wait
get the slot that nobody passed on to them.

requested               → expired, unless the file is there and only its event was lost: then it begins
queued, processing      → timed_out, by the finaliser: what was written stays and is counted
canceling               → canceled, or failed where its execution died, by the finaliser
"""

from datetime import UTC, datetime
from functools import partial

from chalicelib.access.context import Context
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.lifecycle import end_unbegun
from chalicelib.imports.task_context import CANCELED
from chalicelib.imports.uploads import file_arrived
from chalicelib.lifecycle.reaper import Reaped, reap_due
from chalicelib.model.imports import Import, Status
from chalicelib.model.object_keys import upload_key


def reap_imports(context: Context) -> Reaped:
    """Ends every import that is due, of all tenants, and starts those for which a slot is free."""
    reaped = reap_due(context.stores.imports, context.clock(), partial(_end, context))
    import_queue(context).let_all_in()
    return reaped


def _end(context: Context, import_: Import) -> bool:
    """Returns False for an import that has ended meanwhile."""
    if import_.is_final:
        return False
    if import_.status is Status.REQUESTED:
        _expire(context, import_)
    elif import_.status is Status.CANCELING:
        _finish(context, import_, Status.FAILED if import_.reason else Status.CANCELED, import_.reason or CANCELED)
    else:
        until = _as_text(import_.deadline_at)
        _finish(context, import_, Status.TIMED_OUT, f"timed_out: the import was not done by {until}.")
    return True


def _expire(context: Context, import_: Import) -> None:
    file = context.stores.files.find_file(upload_key(import_.tenant_id, import_.import_id))
    if file is not None:
        file_arrived(context, file.key, file.version_id)
        return
    until = _as_text(import_.upload_expires_at)
    end_unbegun(context, import_, Status.EXPIRED, f"upload_not_received: no file arrived until {until}.")


def _finish(context: Context, import_: Import, status: Status, reason: str) -> None:
    """The status first: a machine that is stopped before would be reported as failed."""
    context.finish(import_, status, reason)
    context.stores.import_executions.stop(import_, cause=reason)


def _as_text(epoch_s: int | None) -> str:
    return datetime.fromtimestamp(epoch_s or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
