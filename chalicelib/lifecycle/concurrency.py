"""Which imports and exports run at the same time: so many of each tenant, and so many of the whole stack.

A job that starts has two slots, one of its tenant and one of the stack. Without both it waits, `queued`. Whatever ends
a job gives its slots back and starts what may run then: of the tenants that wait, one that has fewest jobs running, of
these the one whose last start lies longest back, and of its jobs the one that has waited longest. No tenant's jobs
therefore stand behind all those of another.

Slots that a crash has kept are found by the reaper, those of a tenant also by its next job.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic

from chalicelib.errors import SluiceError
from chalicelib.log_keys import add_log_keys, logging_about
from chalicelib.model.events import JobKind
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import ConcurrencySlots, Executions
from chalicelib.stores.interfaces.jobs import IdT, JobStore, JobT

logger = logging.getLogger(__name__)


COUNTED = 1_000
"""Waiting jobs of a tenant that are counted; each costs a part of a read unit."""


@dataclass(frozen=True, slots=True)
class QueueLength:
    """How many jobs of a kind run, and how many wait."""

    running: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQueue(Generic[JobT, IdT]):
    """The jobs of one kind that run, and those that wait for slots."""

    kind: JobKind
    jobs: JobStore[JobT, IdT, Any]
    executions: Executions[JobT]
    id_of: Callable[[JobT], IdT]
    to_id: Callable[[str], IdT]
    since_of: Callable[[JobT], int]
    """Since when a job waits, in epoch seconds."""
    slots: ConcurrencySlots
    tenant_slots: int
    """Jobs of one tenant that run at the same time."""
    stack_slots: int
    """Jobs of all tenants that run at the same time."""
    now: Callable[[], float]
    """Epoch seconds."""

    def start_or_enqueue(self, job: JobT) -> None:
        """Starts the execution of a job, or lets it wait. Doing it again changes nothing. Raises what the execution's
        start raises.
        """
        if not self.slots.list_last_starts(self.kind) and self._start_if_free(job):
            return
        self.slots.wait(self.kind, job.tenant_id, self.id_of(job), since=self.since_of(job))
        self.start_waiting()  # also where another one has ended meanwhile, and had not seen this one wait

    def release(self, job: JobT) -> None:
        """Gives back the slots of a job that has ended, and starts those that wait for them. A job that goes on keeps
        its slots.
        """
        if self._is_over(job.tenant_id, self.id_of(job)):
            self.release_ended(job)

    def release_ended(self, job: JobT) -> None:
        """Does what `release` does for a job that the caller has just ended."""
        self._give_back(job.tenant_id, self.id_of(job))
        self.start_waiting()

    def recover(self) -> int:
        """Gives back slots that a crash has kept, starts jobs that have slots and were never started, and then those
        that wait. Called now and then. Returns for how many of those that have slots something went wrong.
        """
        holders = [self._held_by(one) for one in self.slots.list_holders(self.kind, slots=self.stack_slots)]
        recovered = sum(self._without_harm(self._recover, *holder) for holder in holders)
        self.start_waiting()
        return len(holders) - recovered

    def length(self) -> QueueLength:
        """Returns how many jobs run, and how many wait; of those of a tenant it counts `COUNTED` at most."""
        waiting = (
            sum(1 for _ in islice(self.slots.each_waiting(self.kind, tenant_id), COUNTED))
            for tenant_id in self.slots.list_last_starts(self.kind)
        )
        return QueueLength(len(self.slots.list_holders(self.kind, slots=self.stack_slots)), sum(waiting))

    def start_waiting(self) -> None:
        """Starts as many waiting jobs as there are free slots, tenants in turn."""
        while self._start_next():
            pass

    def _start_next(self) -> bool:
        """Starts the job whose turn it is. Returns False where none can start."""
        last_starts = self.slots.list_last_starts(self.kind)
        holders = self.slots.list_holders(self.kind, slots=self.stack_slots) if last_starts else []
        if not last_starts or len(holders) >= self.stack_slots:
            return False
        running = Counter(self._held_by(holder)[0] for holder in holders)
        in_order = sorted(last_starts, key=lambda tenant_id: (running[tenant_id], last_starts[tenant_id], tenant_id))
        return any(self._without_harm(self._start_first_of, tenant_id) for tenant_id in in_order)

    def _without_harm(self, do: Callable[..., bool], *ids: str) -> bool:
        """Does something for one job or tenant. Whatever goes wrong is logged, and does not concern the others."""
        with logging_about(dict(zip(("tenant_id", f"{self.kind}_id"), ids, strict=False))):
            try:
                return do(*ids)
            except Exception:
                logger.exception("the queue of each %s is in trouble", self.kind)
                return False

    def _recover(self, tenant_id: TenantId, job_id: IdT) -> bool:
        job = self.jobs.find(tenant_id, job_id)
        if job is None or job.is_final:
            self._give_back(tenant_id, job_id)
        else:
            self._start_again(job)
        return True

    def _start_first_of(self, tenant_id: TenantId) -> bool:
        """Starts the job of a tenant that has waited longest. Jobs that have ended meanwhile are passed over."""
        for since, text in self.slots.each_waiting(self.kind, tenant_id):
            job = self.jobs.find(tenant_id, self.to_id(text))
            if job is not None and not job.is_final:
                return self._start_waiting_job(job)
            self.slots.stop_waiting(self.kind, tenant_id, text, since=since)
        self.slots.remove_idle(self.kind, tenant_id)
        return False

    def _start_waiting_job(self, job: JobT) -> bool:
        """Starts a waiting job on behalf of another, which should not fail with it: where that fails, it waits on."""
        add_log_keys({"tenant_id": job.tenant_id, f"{self.kind}_id": self.id_of(job)})
        try:
            if not self._start_if_free(job):
                return False
        except SluiceError:
            logger.warning("%s %s could not be started", self.kind, self.id_of(job), exc_info=True)
            self.jobs.unwatch(job.tenant_id, self.id_of(job))  # the reaper would start it out of turn, without slots
            self._give_back(job.tenant_id, self.id_of(job))
            return False
        self._stop_waiting(job)
        self.slots.note_start(self.kind, job.tenant_id, at=int(self.now()))
        return True

    def _start_again(self, job: JobT) -> None:
        """Starts a job that has its slots, unless its execution is there already."""
        self.jobs.watch(job)
        self.executions.start(job)
        self._stop_waiting(job)

    def _stop_waiting(self, job: JobT) -> None:
        self.slots.stop_waiting(self.kind, job.tenant_id, self.id_of(job), since=self.since_of(job))

    def _start_if_free(self, job: JobT) -> bool:
        if not self._take_both(job.tenant_id, self.id_of(job)):
            return False
        self.jobs.watch(job)  # before it starts, so that the reaper finds out if it never does, or dies without a word
        self.executions.start(job)
        return True

    def _take_both(self, tenant_id: TenantId, job_id: IdT) -> bool:
        pool = self._pool_of(tenant_id)
        if not self.slots.take(pool, job_id, slots=self.tenant_slots):
            self._release_forgotten(tenant_id)
            if not self.slots.take(pool, job_id, slots=self.tenant_slots):
                return False
        if self.slots.take(self.kind, f"{tenant_id}#{job_id}", slots=self.stack_slots):
            return True
        self.slots.leave(pool, job_id, slots=self.tenant_slots)
        return False

    def _release_forgotten(self, tenant_id: TenantId) -> None:
        """Gives back slots of jobs that have ended, where what ended them died before it did so."""
        for text in self.slots.list_holders(self._pool_of(tenant_id), slots=self.tenant_slots):
            job_id = self.to_id(text)
            if self._is_over(tenant_id, job_id):
                self._give_back(tenant_id, job_id)

    def _give_back(self, tenant_id: TenantId, job_id: IdT) -> None:
        """The tenant's slot is the last: its next job finds it, should this break off in between."""
        self.slots.leave(self.kind, f"{tenant_id}#{job_id}", slots=self.stack_slots)
        self.slots.leave(self._pool_of(tenant_id), job_id, slots=self.tenant_slots)

    def _is_over(self, tenant_id: TenantId, job_id: IdT) -> bool:
        job = self.jobs.find(tenant_id, job_id)
        return job is None or job.is_final

    def _pool_of(self, tenant_id: TenantId) -> str:
        return f"{self.kind}#{tenant_id}"

    def _held_by(self, holder: str) -> tuple[TenantId, IdT]:
        """Returns whose slot of the stack it is. Ids have no `#`."""
        tenant_id, job_id = holder.rsplit("#", 1)
        return TenantId(tenant_id), self.to_id(job_id)
