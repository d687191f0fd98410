"""Lists of imports, or of exports, in memory: which jobs are listed, in which order, and until when they are kept."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy

from chalicelib.model.ids import TenantId
from chalicelib.model.list_filters import Facets, JobFilter
from chalicelib.model.retention import day_of, is_expired, kept_until
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.interfaces.jobs import JobT


def list_jobs(
    jobs: Iterable[JobT | None], tenant_id: TenantId, wanted: JobFilter, facets_of: Callable[[JobT], Facets]
) -> list[JobT]:
    """Returns the jobs of a tenant that the filter takes, newest first. None among the jobs is a deleted one."""
    there = [one for one in jobs if one is not None and one.tenant_id == tenant_id]
    since = day_of(wanted.since)
    taken = [one for one in there if wanted.takes(facets_of(one)) and day_of(one.created_at) >= since]
    return sorted(taken, key=lambda one: one.created_at)[::-1]


def page_of(listed: Sequence[JobT], *, page: int, per_page: int) -> Listing[JobT]:
    """Returns copies of the jobs on a page; `page` counts from 1."""
    start = (page - 1) * per_page
    return Listing(tuple(deepcopy(listed[start : start + per_page])), total=len(listed))


def is_kept(job: JobT, kept_s: int, now: float) -> bool:
    """Returns whether a job is there: one that has ended is gone when its time is over."""
    return not (job.is_final and is_expired(kept_until(job.created_at, kept_s), now))
