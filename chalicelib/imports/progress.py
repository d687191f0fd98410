"""Progress of an import whose tasks run side by side: nobody counts on the way; whoever asks sums the results so far.

The sums are of results that are written once each; they never run ahead and never count twice.
"""

from dataclasses import replace

from chalicelib.access.context import Context
from chalicelib.imports.counters import counted_so_far
from chalicelib.model.imports import Import, PhaseStatus


def with_progress(context: Context, import_: Import) -> Import:
    """The import with the counters of the phase that is running as they are now; costs one query."""
    running = next((one for one in import_.phases if one.status is PhaseStatus.PROCESSING), None)
    if running is None or import_.is_final:
        return import_
    results = context.stores.results.list_results(import_.import_id, import_.attempt, running.name)
    counted = counted_so_far(running, results)
    return replace(import_, phases=tuple(counted if one is running else one for one in import_.phases))
