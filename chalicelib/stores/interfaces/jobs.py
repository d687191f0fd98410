"""What the stores of imports and of exports promise alike. Both are called jobs where it does not matter which."""

from collections.abc import Iterator
from typing import Protocol, TypeVar

from chalicelib.model.exports import Export
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import

JobT = TypeVar("JobT", Import, Export)
JobT_contra = TypeVar("JobT_contra", contravariant=True)
IdT = TypeVar("IdT", bound=str)
ChangeT_contra = TypeVar("ChangeT_contra", contravariant=True)


class JobStore(Protocol[JobT, IdT, ChangeT_contra]):
    """The jobs of one type, by tenant and id. A job is due when its time is over; it is unpublished from its end on
    until its event has been published. One that has ended expires (`model/retention.py`): from then on it is absent.
    """

    def add(self, job: JobT, /) -> bool:
        """Stores a new job. Returns False, and changes nothing, if this tenant has or had a job with this id."""

    def find(self, tenant_id: TenantId, job_id: IdT, /) -> JobT | None:
        """Returns the job as it is stored now, or None."""

    def change(self, tenant_id: TenantId, job_id: IdT, change: ChangeT_contra, /) -> JobT | None:
        """Changes the status and returns the job afterwards. Returns None, and changes nothing, unless the stored
        status is one of `change.predecessors` and the stored attempt is the one that the change names, if it names any.
        `unpublished_since` is written together with a final status.
        """

    def rename(self, tenant_id: TenantId, job_id: IdT, name: str | None, /, *, by: str, at: int) -> bool:
        """Writes the name, whatever the status. Returns False if there is no such job."""

    def delete(self, tenant_id: TenantId, job_id: IdT, /) -> bool:
        """Removes a job with a final status from every list, while its id stays taken. Returns False, and removes
        nothing, if it is absent or under way.
        """

    def each_due(self, now: int) -> Iterator[tuple[TenantId, IdT]]:
        """Yields tenant and id of jobs whose `due_at` lies before `now`, of all tenants. Every job has its entries from
        `add` on until nothing about it can become due any more.
        """

    def each_unpublished(self, before: int) -> Iterator[JobT]:
        """Yields jobs that ended before `before` and whose event may not have been published yet, those that have
        waited longest first. None is ever missing.
        """

    def mark_published(self, job: JobT, /) -> None:
        """Takes `unpublished_since` away, unless another end of the same job has written it anew."""


class Executions(Protocol[JobT_contra]):
    """The executions of a state machine that runs jobs of one type."""

    def start(self, job: JobT_contra, /) -> None:
        """Starts an execution for the job. Starting the same attempt of a job again changes nothing."""

    def stop(self, job: JobT_contra, /, *, cause: str) -> None:
        """Ends the execution of the job if it runs. Tasks that run already may go on; their conditional writes fail."""
