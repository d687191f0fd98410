"""Progress while one task travels the whole road: told slice by slice, written at most once a second.

With many tasks nobody counts on the way; then whoever asks sums the results so far (`operations`).
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.model.imports import Import, PhaseName
from chalicelib.stores.interfaces import Imports

REPORT_EVERY_S = 1.0


class Live:
    """Told of rows, writes phases."""

    def __init__(self, imports: Imports, import_: Import, now: Callable[[], float]) -> None:
        self._imports = imports
        self._import = import_
        self._now = now
        self._last = 0.0

    def tell(self, phase: PhaseName, processed: int) -> None:
        if self._now() - self._last < REPORT_EVERY_S:
            return
        self._last = self._now()
        stored = self._imports.find(self._import.tenant_id, self._import.import_id)
        if stored is None:
            return
        phases = tuple(replace(one, processed=processed) if one.name is phase else one for one in stored.phases)
        self._imports.report(replace(stored, phases=phases, updated_at=int(self._last)))
