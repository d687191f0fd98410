"""Every few minutes: what no event told of is found, and what waits in vain is ended, for all tenants.

A module of its own: imports and exports do not know each other, so neither reaper can call the other.
"""

from collections.abc import Callable, Sequence
from functools import partial

from chalicelib.access.context import Context
from chalicelib.exports.concurrency import export_queue
from chalicelib.exports.reaper import look_after_exports, reap_exports, recover_export_slots
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.lost_drops import import_lost_drops
from chalicelib.imports.reaper import delete_kept_sources, look_after_imports, reap_imports, recover_import_slots
from chalicelib.lifecycle.concurrency import QueueLength
from chalicelib.lifecycle.reaper import Reaped, Run, try_once
from chalicelib.model.events import JobKind

PARTS: Sequence[Callable[[Run], Reaped]] = (
    reap_imports,
    reap_exports,
    recover_import_slots,
    recover_export_slots,
    look_after_imports,
    look_after_exports,
    delete_kept_sources,
    import_lost_drops,
)
"""What each run does. A part has its share of the time that those before it have left, and what goes wrong in one does
not concern the others."""


def queue_lengths(context: Context) -> dict[JobKind, QueueLength]:
    """Returns how many imports and exports of all tenants run and wait."""
    given = (context.stores, context.limits, context.clock)
    return {queue.kind: queue.length() for queue in (import_queue(*given), export_queue(*given))}


def reap_all(context: Context, parts: Sequence[Callable[[Run], Reaped]] = PARTS) -> Reaped:
    """Does every part, and returns what was ended, and how often something went wrong."""
    ends_at = context.clock() + context.limits.reaper_time_s
    reaped = Reaped()
    for done, part in enumerate(parts):
        now = context.clock()
        run = Run(context, until=now + max(0, ends_at - now) // (len(parts) - done))
        reaped += try_once(part.__name__, partial(part, run))
    return reaped
