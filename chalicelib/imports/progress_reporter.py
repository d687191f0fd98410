"""Progress while one task travels the whole road: told slice by slice, written at most once a second.

With many tasks nobody counts on the way; then whoever asks sums the results so far (`imports/progress.py`).
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.imports.counters import counted_so_far
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus
from chalicelib.model.phases import PhaseName
from chalicelib.stores.interfaces import Stores

REPORT_EVERY_S = 1.0


class ProgressReporter:
    """Is told how many rows the task of a phase has done, and writes the phase with them."""

    def __init__(self, stores: Stores, import_: Import, now: Callable[[], float]) -> None:
        self._stores = stores
        self._import = import_
        self._now = now
        self._last = 0.0

    def tell(self, phase: PhaseName, processed: int) -> None:
        """`processed` counts the rows of the task that is under way; those of earlier tasks are added."""
        if self._now() - self._last < REPORT_EVERY_S:
            return
        self._last = self._now()
        stored = self._stores.imports.find(self._import.tenant_id, self._import.import_id)
        if stored is None:
            return
        phases = tuple(self._counted(one, processed) if one.name is phase else one for one in stored.phases)
        self._stores.imports.report(replace(stored, phases=phases, updated_at=int(self._last)))

    def _counted(self, phase: PhaseProgress, processed: int) -> PhaseProgress:
        """A phase that another try has brought to its end meanwhile is left as it is."""
        if phase.status is not PhaseStatus.PROCESSING:
            return phase
        results = self._stores.results.list_results(self._import.import_id, self._import.attempt, phase.name)
        return counted_so_far(phase, results, under_way=processed)
