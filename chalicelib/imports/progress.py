"""Progress of an import that is under way: asked for by callers, or reported by the one task that runs all phases.

Tasks that run side by side report nothing on the way: the results that are there are summed when a caller asks. Results
are written once each, so the sums never run ahead and never count a task twice.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from chalicelib.imports.counters import counted_so_far
from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus
from chalicelib.model.passes import passes_of, visible_phase_of
from chalicelib.model.phases import PhaseName, public_name
from chalicelib.stores.interfaces import Stores


def with_progress(stores: Stores, import_: Import) -> Import:
    """Returns the import with the counters of the running phase as they are now. Costs one query."""
    running = next((one for one in import_.phases if one.status is PhaseStatus.PROCESSING), None)
    if running is None or import_.is_final:
        return import_
    return _with_phase(import_, _counted(stores, import_, running))


def progress_reporter(stores: Stores, import_: Import, now: Callable[[], float]) -> ProgressReporter[[PhaseName, int]]:
    """Returns a reporter that takes a phase and how many rows of it the task that is under way has done. Rows of
    earlier tasks are added.
    """
    return ProgressReporter(partial(_write, stores, import_, now), now)


def _write(stores: Stores, import_: Import, now: Callable[[], float], phase: PhaseName, processed: int) -> None:
    """A phase that another attempt has brought to its end meanwhile is left as it is, and so is one that is only
    rehearsed: its rows are still to be processed."""
    if visible_phase_of(import_, phase) is not public_name(phase):
        return
    stored = stores.imports.find(import_.tenant_id, import_.import_id)
    running = next((one for one in stored.phases if one.name is public_name(phase)), None) if stored else None
    if stored is None or running is None or running.status is not PhaseStatus.PROCESSING:
        return
    counted = _counted(stores, import_, running, processed)
    stores.imports.report(replace(_with_phase(stored, counted), updated_at=int(now())))


def _counted(stores: Stores, import_: Import, running: PhaseProgress, under_way: int = 0) -> PhaseProgress:
    counted = [name for name in passes_of(import_) if public_name(name) is running.name]
    results = stores.results.list_results(import_.import_id, import_.attempt, counted[-1])
    return counted_so_far(running, results, under_way=under_way)


def _with_phase(import_: Import, phase: PhaseProgress) -> Import:
    return replace(import_, phases=tuple(phase if one.name is phase.name else one for one in import_.phases))
