"""Ends jobs whose time is over, one at a time, so that one import or export in trouble does not keep the others
waiting.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import SluiceError
from chalicelib.stores.interfaces.jobs import IdT, JobStore, JobT

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reaped:
    """What one round of a reaper did."""

    ended: int = 0
    failed: int = 0
    """How many could not be ended this time; the next round meets them again."""

    def __add__(self, other: "Reaped") -> "Reaped":
        return Reaped(self.ended + other.ended, self.failed + other.failed)


def reap_due(store: JobStore[JobT, IdT, Any], now: int, end: Callable[[JobT], bool]) -> Reaped:
    """Calls `end` for each job of the store that is due, and counts for how many it returned True. Errors are logged
    and counted.
    """
    ended = failed = 0
    for tenant_id, job_id in store.each_due(now):
        try:
            job = store.find(tenant_id, job_id)
            ended += job is not None and end(job)
        except SluiceError:
            failed += 1
            logger.warning("%s could not be ended", job_id, exc_info=True)
    return Reaped(ended, failed)
