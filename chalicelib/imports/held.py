"""Holding an import: its source is here, and it waits until its caller lets it go, without a slot.

    requested → its source arrives → held, for `Limits.hold_days` → let go: queued
                                                                  → nobody lets it go: expired

Until then its options may be changed, any number of times. It is held, and its options are changed, on the condition
that nobody has done either meanwhile: each counts the import's revision up.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, Retryable
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.inspected_source import ask_for_description
from chalicelib.imports.options import to_fields, to_request, with_options
from chalicelib.imports.request import checked_resource
from chalicelib.imports.service import get_import
from chalicelib.model.ids import ImportId
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.retention import DAY_S
from chalicelib.model.status_changes import ImportChange
from chalicelib.webhooks.outbox import publish_now

TRIES = 8
"""How often a change is made anew because another came between."""


def fields_when_held(context: Context, source: Source) -> dict[str, Any]:
    """Returns what an import gets when it is held with this source: from then on it reads this version and no other."""
    now = context.clock()
    return {
        "source": source,
        "held_until": now + context.limits.hold_days * DAY_S,
        "unpublished_since": now,
        "end_tries": 0,
        "postponed_until": None,
        "updated_at": now,
    }


def hold(context: Context, import_: Import, source: Source) -> Import | None:
    """Holds an import whose source has arrived, tells of it, and returns it. Returns None, and changes nothing, where
    it is held or has gone on already.
    """
    held = _revised(context, import_, lambda stored: None if stored.is_held else fields_when_held(context, source))
    if held is not None:
        publish_now(context.stores, held)
    return held


def change_options(context: Context, caller: Caller, import_id: ImportId, options: ImportOptions) -> Import:
    """Changes options of an import that is to be held, before and after its file comes, and returns it. Raises
    NotFound, Conflict `import_started` for any other, and Refused as its creation would.
    """
    _check_not_started(import_ := get_import(context, caller, import_id))

    def fields(stored: Import) -> dict[str, Any]:
        wanted = with_options(to_request(stored), options)
        checked_resource(wanted)
        return {**to_fields(wanted), "updated_at": context.clock(), "updated_by": caller.key_id}

    fields(import_)
    context.begin_work()
    changed = _revised(context, import_, fields)
    if changed is None:
        _check_not_started(import_ := get_import(context, caller, import_id))
        raise Retryable(f"the options of import {import_id} keep changing")
    if changed.is_held and "reading" in options:
        ask_for_description(context, changed)
    return changed


def let_go(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Queues an import that is held, and returns it. Asking again changes nothing. Raises NotFound, Conflict:
    `file_missing` while no file has come, `import_started` for an import that is not held; and Retryable while it
    cannot be told that it was held, which has to be told before it begins.
    """
    import_ = get_import(context, caller, import_id)
    if not import_.is_held and import_.status is not Status.QUEUED:
        raise _not_held(import_)
    context.begin_work()
    if not publish_now(context.stores, import_):
        raise Retryable(f"that import {import_id} is held is still to be announced")
    now = context.clock()
    deadline_at = now + context.limits.import_time_s
    change = ImportChange(to=Status.QUEUED, at=now, by=caller.key_id, is_watched=True, deadline_at=deadline_at)
    changed = context.stores.imports.change(caller.tenant_id, import_id, change) if import_.is_held else None
    queued = changed or get_import(context, caller, import_id)
    if queued.status is Status.QUEUED:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(queued)
    return queued


def file_missing() -> Conflict:
    """Returns why an import cannot begin whose file has not come."""
    return Conflict("file_missing", "Its file has not come yet. PUT it to _upload_url first.")


def _not_held(import_: Import) -> Conflict:
    if import_.status is Status.REQUESTED:
        return file_missing()
    return _started(import_)


def _check_not_started(import_: Import) -> None:
    if import_.status is not Status.REQUESTED or not import_.hold:
        raise _started(import_)


def _started(import_: Import) -> Conflict:
    if import_.status is Status.REQUESTED:
        message = "Only an import that is held waits for changes; this one begins as soon as its file is here."
    else:
        message = f"The import is {import_.status.value}: it waits for nothing any more."
    return Conflict("import_started", message)


def _revised(context: Context, import_: Import, fields: Callable[[Import], dict[str, Any] | None]) -> Import | None:
    """Writes what `fields` returns of the import as it is stored, made anew where it was revised meanwhile. Returns
    None where that is None, or the import is no longer requested.
    """
    stored: Import | None = import_
    for _ in range(TRIES):
        if stored is None or stored.status is not Status.REQUESTED:
            return None
        if (values := fields(stored)) is None:
            return None
        if revised := context.stores.imports.revise(stored, values):
            return revised
        stored = context.stores.imports.find(import_.tenant_id, import_.import_id)
    raise Retryable(f"import {import_.import_id} keeps changing")
