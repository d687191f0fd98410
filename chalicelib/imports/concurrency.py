"""The queue in which imports wait for slots; `lifecycle/concurrency.py` says how it works."""

from collections.abc import Callable

from chalicelib.lifecycle.concurrency import JobQueue
from chalicelib.model.events import JobKind
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import Stores


def import_queue(stores: Stores, limits: Limits, now: Callable[[], float]) -> JobQueue[Import, ImportId]:
    """Returns the queue of all imports."""
    return JobQueue(
        kind=JobKind.IMPORT,
        jobs=stores.imports,
        executions=stores.import_executions,
        id_of=lambda import_: import_.import_id,
        to_id=ImportId,
        since_of=lambda import_: import_.queued_at or import_.created_at,
        slots=stores.slots,
        tenant_slots=limits.tenant_imports,
        stack_slots=limits.stack_imports,
        now=now,
    )
