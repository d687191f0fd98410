"""What the reaper does to imports and exports alike: it ends those whose time is over, one at a time, within the time
of its run.

A try is noted, and the job moved behind all others, before anything is done about it: a job that kills the process, or
takes all its time, does not keep the others waiting. Each wait until the next try is twice as long.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from chalicelib.access.context import Context
from chalicelib.log_keys import logging_about
from chalicelib.model.events import JobKind
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces.jobs import IdT, JobStore, JobT

logger = logging.getLogger(__name__)

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reaped:
    """What one run of the reaper, or a part of it, did."""

    ended: int = 0
    """How many imports and exports have ended, or are being ended."""
    failed: int = 0
    """How often something went wrong; a later run tries again."""

    def __add__(self, other: "Reaped") -> "Reaped":
        return Reaped(self.ended + other.ended, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Run:
    """One part of a run of the reaper: its surroundings, and its time."""

    context: Context
    until: int
    """When the part begins nothing more; epoch seconds."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.context.clock() >= self.until


def try_once(name: str, do: Callable[[], Reaped], about: Mapping[str, str] = NOTHING) -> Reaped:
    """Does something for one job, or one tenant, and returns what it did. Whatever goes wrong is logged, with the ids
    that it is `about`, and counted, and goes no further: others wait for their turn.
    """
    with logging_about(about):
        try:
            return do()
        except Exception:
            logger.exception("the reaper is in trouble with %s", name)
            return Reaped(failed=1)


def reap_due(run: Run, kind: JobKind, store: JobStore[JobT, IdT, Any], end: Callable[[JobT], bool]) -> Reaped:
    """Calls `end` for each job of the store that is due, those that are due longest first, until the time is over, and
    counts for how many it returned True.
    """
    reaped = Reaped()
    for tenant_id, job_id in store.each_due(run.context.clock()):
        if run.is_over:
            break
        about = {"tenant_id": str(tenant_id), f"{kind}_id": str(job_id)}
        reaped += try_once(job_id, partial(_end_due, run, store, (tenant_id, job_id), end), about)
    return reaped


def postponed(context: Context, store: JobStore[JobT, IdT, Any], job: JobT) -> JobT | None:
    """Notes one more try to end a job, and returns the job, which is due again later. Returns None where another run is
    trying, or the job has changed.
    """
    limits = context.limits
    wait_s = min(limits.end_again_longest_s, limits.end_again_s * 2 ** min(job.end_tries, 16))
    return store.postpone(job, until=context.clock() + wait_s)


def _end_due(
    run: Run, store: JobStore[JobT, IdT, Any], ids: tuple[TenantId, IdT], end: Callable[[JobT], bool]
) -> Reaped:
    job = store.find(*ids)
    tried = postponed(run.context, store, job) if job is not None else None
    return Reaped(ended=int(tried is not None and end(tried)))
