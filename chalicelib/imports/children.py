"""Children: imports that are made of one that has ended. A crash at any point leaves one that the reaper finds.

    the child is added, requested  → its parent is made busy with it, on a condition → the child is queued, and runs
                                   → the condition does not hold: the child is removed
    the child ends                 → its parent is released → the child gets its final status

One that is queued is watched, so that the reaper starts it where nobody else has. Of a child that is requested for
long, its parent tells what is to become of it: the one that it is busy with is queued, any other is removed. A parent
is never busy with a child that has ended.
"""

from dataclasses import replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.options import COPIED
from chalicelib.model.children import Occupation, parent_of, reported_to_parent
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Stats, Status, UploadMode, pending_phases
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Stores

NO_STATS = Stats()


def child_of(context: Context, caller: Caller, parent: Import) -> Import:
    """Returns an import with the options of its parent and the same version of its source, which is not stored yet."""
    now = context.clock()
    return Import(
        import_id=ImportId(context.new_id("imp")),
        tenant_id=parent.tenant_id,
        resource=parent.resource,
        upload_mode=UploadMode.ASYNC,
        dialect=parent.dialect,
        source=parent.source,
        phases=pending_phases(UploadMode.ASYNC),
        created_by=caller.key_id,
        updated_by=caller.key_id,
        created_at=now,
        updated_at=now,
        deadline_at=now + context.limits.child_start_s,
        **{name: getattr(parent, name) for name in COPIED},
    )


def start_child(context: Context, child: Import, occupation: Occupation) -> Import | None:
    """Adds a child, makes its parent busy with it, and queues it. Returns None, and leaves no child behind, where the
    parent cannot be made busy. A request that follows one that broke off goes on with its child.
    """
    parent_id = parent_of(child)
    assert parent_id is not None, "a child has a parent"
    context.begin_work()
    context.stores.imports.add(child)
    if not context.stores.imports.occupy(child.tenant_id, parent_id, occupation):
        parent = context.stores.imports.find(child.tenant_id, parent_id)
        if parent is None or parent.busy_with != child.import_id:
            context.stores.imports.discard(child.tenant_id, child.import_id)
            return None
    queued = queue_child(context, child)
    if queued is None:
        _take_back(context, child, parent_id, occupation)
    return queued


def _take_back(context: Context, child: Import, parent_id: ImportId, occupation: Occupation) -> None:
    """Releases the parent of a child that was removed before its parent was busy with it, as the reaper does with one
    that takes longer than `Limits.child_start_s`: what was written down then has not been done.
    """
    context.stores.imports.release(child.tenant_id, parent_id, child.import_id, occupation.undone_by)


def start_apart(context: Context, child: Import) -> Import:
    """Adds a child with which nothing is busy, queued, and returns it: a preview, which writes nothing that its parent
    would have to know of. A request that follows one that broke off goes on with its child.
    """
    context.begin_work()
    queued = replace(child, status=Status.QUEUED, deadline_at=context.clock() + context.limits.import_time_s)
    context.stores.imports.add(queued, is_watched=True)
    stored = context.stores.imports.find(child.tenant_id, child.import_id)
    if stored is None:
        raise Conflict("already_ended", "The import was deleted.")
    if stored.status is Status.QUEUED:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(stored)
    return stored


def queue_child(context: Context, child: Import) -> Import | None:
    """Queues a child with which its parent is busy, and returns it. One that was canceled meanwhile, or is about to be,
    leaves its parent; None where it is gone, and its parent is still busy with it.
    """
    imports, now = context.stores.imports, context.clock()
    change = ImportChange(to=Status.QUEUED, at=now, is_watched=True, deadline_at=now + context.limits.import_time_s)
    queued = imports.change(child.tenant_id, child.import_id, change)
    stored = queued or imports.find(child.tenant_id, child.import_id)
    if stored is None:
        return None
    if stored.is_final or _will_never_begin(stored):
        release_parent(context.stores, child, stored.status if stored.is_final else Status.CANCELED)
        return stored
    if stored.status is Status.QUEUED:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(stored)
    return stored


def _will_never_begin(child: Import) -> bool:
    """Whoever cancels it may have released its parent before that was made busy."""
    return child.status is Status.CANCELING and child.started_at is None


def take_up_child(context: Context, child: Import) -> None:
    """Queues a child that was left while it was requested, or removes it, as its parent tells."""
    parent_id = parent_of(child)
    assert parent_id is not None, "a child has a parent"
    parent = context.stores.imports.find(child.tenant_id, parent_id)
    if parent is not None and parent.busy_with == child.import_id:
        if queue_child(context, child) is None:
            release_parent(context.stores, child, Status.CANCELED)
    else:
        context.stores.imports.discard(child.tenant_id, child.import_id)


def release_parent(stores: Stores, child: Import, status: Status, stats: Stats = NO_STATS) -> None:
    """Releases the parent of a child that is about to get its final status, and tells it what has become of the child's
    rows, once. Does nothing for any other import, nor for an attempt that a newer one has taken over: the child goes on
    then.
    """
    parent_id = parent_of(child)
    if parent_id is None:
        return
    stored = stores.imports.find(child.tenant_id, child.import_id)
    parent = stores.imports.find(child.tenant_id, parent_id)
    is_current = stored is None or stored.attempt == child.attempt
    if is_current and parent is not None and parent.busy_with == child.import_id:
        reported = reported_to_parent(parent, child, stats, status)
        stores.imports.release(child.tenant_id, parent_id, child.import_id, reported)


def busy(import_: Import) -> Conflict:
    """Returns the refusal of what cannot be done while an import is busy."""
    what = "is being deleted" if import_.busy_with == import_.import_id else f"is busy with {import_.busy_with}"
    return Conflict("import_busy", f"The import {what}. Wait until that has ended.")


def occupy_for_deletion(context: Context, import_: Import) -> None:
    """Makes an import busy with itself, so that no child is made of it while its files go. Raises Conflict
    `import_busy` where it has a child that has not ended.
    """
    own = Occupation(busy_with=import_.import_id)
    if not import_.is_final or context.stores.imports.occupy(import_.tenant_id, import_.import_id, own):
        return
    stored = context.stores.imports.find(import_.tenant_id, import_.import_id)
    if stored is not None and stored.busy_with not in (None, stored.import_id):
        raise busy(stored)
