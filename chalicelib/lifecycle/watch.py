"""Jobs whose execution died without a word: Step Functions is asked about those that should be running, some of them
in each run of the reaper, in turn.

    runs                → nothing to do
    has ended           → the job ends as the event would have ended it, which was lost
    there is none       → it is started, or waits for a slot: the process that was to start it died, or the machine lost
                          its memory
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic

from chalicelib.lifecycle.jobs import ChangeT, JobLifecycle
from chalicelib.lifecycle.reaper import Reaped, Run, try_once
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import ExecutionStatus
from chalicelib.stores.interfaces.jobs import IdT, JobT

logger = logging.getLogger(__name__)

EndDead = Callable[[JobT, ExecutionStatus], bool]
"""Ends a job whose execution ended so; returns False where it is being ended already."""


@dataclass(frozen=True, slots=True)
class Remedies(Generic[JobT]):
    """What is done about jobs that do not run."""

    start: Callable[[JobT], None]
    """Starts one, or lets it wait for a slot."""
    end_dead: EndDead[JobT]


def look_after(run: Run, jobs: JobLifecycle[JobT, IdT, ChangeT], remedies: Remedies[JobT]) -> Reaped:
    """Looks at jobs that are watched, from where the last run ended, until the time is over or it has asked often
    enough.
    """
    cursors, name = run.context.stores.cursors, f"watched {jobs.noun}s"
    begun_at = cursors.find(name)
    reaped, place, asked = Reaped(), begun_at, 0
    for tenant_id, job_id in jobs.store(run.context.stores).each_watched(after=begun_at):
        if run.is_over or asked == run.context.limits.reaper_asks:
            break
        place, asked = f"{tenant_id}#{job_id}", asked + 1
        about = {"tenant_id": str(tenant_id), f"{jobs.noun}_id": str(job_id)}
        reaped += try_once(job_id, partial(_look, run, jobs, remedies, (tenant_id, job_id)), about)
    else:
        place = None
    cursors.move(name, before=begun_at, to=place)
    return reaped


def _look(run: Run, jobs: JobLifecycle[JobT, IdT, Any], remedies: Remedies[JobT], ids: tuple[TenantId, IdT]) -> Reaped:
    """The job is read again after its execution was found to have ended: the last thing that one did may have been to
    end the job."""
    stores = run.context.stores
    store, job = jobs.store(stores), jobs.store(stores).find(*ids)
    if job is None or job.is_final:
        store.unwatch(*ids)
        return Reaped()
    status = jobs.executions(stores).find_status(job)
    if status is None:
        logger.warning("the execution of %s was never started, or is forgotten; it is started", ids[1])
        remedies.start(job)
        return Reaped()
    if not status.is_over:
        return Reaped()
    job = store.find(*ids)
    return Reaped(ended=int(job is not None and not job.is_final and remedies.end_dead(job, status)))
