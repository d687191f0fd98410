"""The queue in which exports wait for slots; `lifecycle/concurrency.py` says how it works."""

from collections.abc import Callable

from chalicelib.lifecycle.concurrency import JobQueue
from chalicelib.model.events import JobKind
from chalicelib.model.exports import Export
from chalicelib.model.ids import ExportId
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import Stores


def export_queue(stores: Stores, limits: Limits, now: Callable[[], float]) -> JobQueue[Export, ExportId]:
    """Returns the queue of all exports."""
    return JobQueue(
        kind=JobKind.EXPORT,
        jobs=stores.exports,
        executions=stores.export_executions,
        id_of=lambda export: export.export_id,
        to_id=ExportId,
        since_of=lambda export: export.created_at,
        slots=stores.slots,
        tenant_slots=limits.tenant_exports,
        stack_slots=limits.stack_exports,
        now=now,
    )
