"""Every few minutes: imports whose time is over, of every tenant, get the end no event gave them, and those that wait
get the slots that a crash has kept.

requested               → expired, unless the file is there and only its event was lost: then it begins
queued, processing      → timed_out, by the finaliser: what was written stays and is counted
canceling               → canceled, or failed where its execution died, by the finaliser
"""

from datetime import UTC, datetime
from functools import partial

from chalicelib.access.context import Context
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.lifecycle import end_unbegun
from chalicelib.imports.uploads import receive_file
from chalicelib.lifecycle.reaper import Reaped, reap_due
from chalicelib.model.imports import Import, Status
from chalicelib.model.object_keys import upload_key
from chalicelib.model.stop_reasons import EndReason, StopCode, StopReason, end_of_canceling, end_reason_of


def reap_imports(context: Context) -> Reaped:
    """Ends every import that is due, of all tenants, and starts those for which a slot is free."""
    reaped = reap_due(context.stores.imports, context.clock(), partial(_end, context))
    import_queue(context.stores, context.limits, context.clock).recover()
    return reaped


def _end(context: Context, import_: Import) -> bool:
    """Returns False for an import that has ended meanwhile."""
    if import_.is_final:
        return False
    if import_.status is Status.REQUESTED:
        _expire(context, import_)
    elif import_.status is Status.CANCELING:
        _finish(context, import_, end_of_canceling(import_))
    else:
        late = StopReason(StopCode.TIMED_OUT, f"the import was not done by {_as_text(import_.deadline_at)}.")
        _finish(context, import_, end_reason_of(late))
    return True


def _expire(context: Context, import_: Import) -> None:
    file = context.stores.files.find_file(upload_key(import_.tenant_id, import_.import_id))
    if file is not None:
        receive_file(context, file.key, file.version_id)
        return
    until = _as_text(import_.upload_expires_at)
    end_unbegun(context, import_, EndReason(Status.EXPIRED, f"upload_not_received: no file arrived until {until}."))


def _finish(context: Context, import_: Import, reason: EndReason) -> None:
    """The status comes first: a machine that is stopped before would be reported as failed."""
    context.runner.end(import_, reason)
    context.stores.import_executions.stop(import_, cause=reason.text or reason.status)


def _as_text(epoch_s: int | None) -> str:
    return datetime.fromtimestamp(epoch_s or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
