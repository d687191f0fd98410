"""What the stores of imports and of exports promise alike, and the slots in which both run. Both are called jobs where
it does not matter which.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol, TypeVar

from chalicelib.model.events import JobKind, LifecycleEvent
from chalicelib.model.exports import Export
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.model.stop_reasons import StopReason
from chalicelib.model.usage import MonthUsage

JobT = TypeVar("JobT", Import, Export)
JobT_contra = TypeVar("JobT_contra", contravariant=True)
IdT = TypeVar("IdT", bound=str)
ChangeT_contra = TypeVar("ChangeT_contra", contravariant=True)


class JobStore(Protocol[JobT, IdT, ChangeT_contra]):
    """The jobs of one type, by tenant and id. A job is due when its time is over; it is unpublished from its end on
    until its event has been published, and so is an import from when it is held. One that has ended expires
    (`model/retention.py`): from then on it is absent.
    """

    def add(self, job: JobT, /) -> bool:
        """Stores a new job, which may have begun or ended already. Returns False, and changes nothing, if this tenant
        has or had a job with this id."""

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

    def postpone(self, job: JobT, /, *, until: int) -> JobT | None:
        """Notes one more try to end the job, which is due again at `until`, and returns it afterwards. Returns None,
        and changes nothing, unless the stored status and the number of tries are those of `job`: of several callers,
        one may try.
        """

    def watch(self, job: JobT, /) -> None:
        """Notes that an execution is to run the job: `each_watched` yields it until it has a final status."""

    def unwatch(self, tenant_id: TenantId, job_id: IdT, /) -> None:
        """Takes a note of `watch` back, if there is one."""

    def each_watched(self, *, after: str | None = None) -> Iterator[tuple[TenantId, IdT]]:
        """Yields tenant and id of watched jobs in the order of the text `tenant#id`: those for which it is greater than
        `after`, all for None. Some may have ended, or be gone.
        """

    def each_unpublished(self, before: int) -> Iterator[JobT]:
        """Yields jobs that ended, or were held, before `before` and whose event may not have been published yet, those
        that have waited longest first. None is ever missing.
        """

    def mark_published(self, job: JobT, event: LifecycleEvent, /) -> None:
        """Puts the event of the job in the log of events (`EventLog`), unless it is there, and takes
        `unpublished_since` away, unless another end of the same job has written it anew; both in one.
        """


class ExecutionStatus(StrEnum):
    """How an execution stands. Source: DescribeExecution of AWS Step Functions, `status`."""

    RUNNING = "RUNNING"
    PENDING_REDRIVE = "PENDING_REDRIVE"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"

    @property
    def is_over(self) -> bool:
        """Whether the execution has ended for good."""
        return self not in (ExecutionStatus.RUNNING, ExecutionStatus.PENDING_REDRIVE)


class Executions(Protocol[JobT_contra]):
    """The executions of a state machine that runs jobs of one type."""

    def start(self, job: JobT_contra, /) -> None:
        """Starts an execution for the job. Starting the same attempt of a job again changes nothing."""

    def stop(self, job: JobT_contra, /, *, cause: str) -> None:
        """Ends the execution of the job if it runs. Tasks that run already may go on; their conditional writes fail."""

    def find_status(self, job: JobT_contra, /) -> ExecutionStatus | None:
        """Returns how the execution of the job stands, or None if there is none. A moment behind what has happened."""


class ImportExecutions(Executions[Import], Protocol):
    """The executions of imports, one for each attempt, and those that do no more than end one or look at its source."""

    def start_ending(self, import_: Import, stopped_by: StopReason, *, is_dead: bool) -> None:
        """Starts an execution that ends the import, stops the one that runs it, and does nothing else; `is_dead` says
        that the latter is gone. Starting it again while the import is due at the same time changes nothing.
        """

    def start_describing(self, import_: Import, name: str) -> None:
        """Starts an execution that looks at the source of the import, and does nothing else. Starting it again under
        the same name changes nothing.
        """


class ConcurrencySlots(Protocol):
    """Which jobs run, each in one of the `slots` of a pool, and which wait, by kind and tenant.

    A pool is whatever has slots of its own, such as the exports of one tenant; its name is any text.
    """

    def take(self, pool: str, holder: str, *, slots: int) -> bool:
        """Gives the holder a slot if one is free. Returns whether it has one now, taken before or by this call; never
        more than `slots` holders have one at once.
        """

    def leave(self, pool: str, holder: str, *, slots: int) -> None:
        """Gives back the slot that the holder has, if it has one."""

    def list_holders(self, pool: str, *, slots: int) -> list[str]:
        """Returns the holders of slots."""

    def wait(self, kind: JobKind, tenant_id: TenantId, job_id: str, *, since: int) -> None:
        """Notes that the job waits, and that its tenant has one waiting. Noting it again changes nothing."""

    def stop_waiting(self, kind: JobKind, tenant_id: TenantId, job_id: str, *, since: int) -> None:
        """Notes that the job no longer waits."""

    def each_waiting(self, kind: JobKind, tenant_id: TenantId) -> Iterator[tuple[int, str]]:
        """Yields the jobs that wait, each behind the time since which it does, those that have waited longest first."""

    def list_last_starts(self, kind: JobKind) -> dict[TenantId, int]:
        """Returns the tenants that have jobs waiting, with the time at which one of them was last started, or else
        since when the first one waits. A tenant whose jobs no longer wait may be among them until it is removed.
        """

    def note_start(self, kind: JobKind, tenant_id: TenantId, *, at: int) -> None:
        """Notes that a waiting job of a tenant of the list has been started."""

    def remove_idle(self, kind: JobKind, tenant_id: TenantId) -> None:
        """Takes a tenant off the list if none of its jobs waits. A job that begins to wait meanwhile is not lost."""


class MonthlyUsage(Protocol):
    """What tenants have used by month: imports and exports add to it when they end (`model/usage.py`). None of it
    expires.
    """

    def list_months(self, tenant_id: TenantId) -> list[MonthUsage]:
        """Returns the months in which something of the tenant ended, newest first."""
