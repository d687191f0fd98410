"""Imports and exports take slots of their tenant and of the stack; what ends starts the next; tenants take turns."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.exports.concurrency import export_queue
from chalicelib.imports.concurrency import import_queue
from chalicelib.lifecycle.concurrency import JobQueue
from chalicelib.model.exports import ExportStatus
from chalicelib.model.ids import ExportId, ImportId, TenantId
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryExportExecutions
from tests.world import OURS, THEIRS, World, an_export


@dataclass
class QueueWorld:
    """Jobs of one kind, whose names are numbers, in the order in which they came."""

    kind: str
    tenant_slots: int = 1
    stack_slots: int = 100
    world: World = field(default_factory=World)

    def queue(self, stores: Stores | None = None) -> JobQueue[Any, Any]:
        limits = Limits(
            tenant_imports=self.tenant_slots,
            tenant_exports=self.tenant_slots,
            stack_imports=self.stack_slots,
            stack_exports=self.stack_slots,
        )
        make: Callable[..., JobQueue[Any, Any]] = import_queue if self.kind == "import" else export_queue
        return make(stores or self.world.stores, limits, lambda: self.world.now)

    def add(self, number: int, tenant_id: TenantId = OURS) -> Any:
        self.world.now += 1
        if self.kind == "import":
            return self.world.add_import(Status.QUEUED, f"job_{number}", tenant_id=tenant_id, created_at=self.world.now)
        export = an_export(export_id=f"job_{number}", tenant_id=tenant_id, created_at=self.world.now)
        self.world.stores.exports.add(export)
        return export

    def ask(self, *numbers: int, tenant_id: TenantId = OURS) -> list[Any]:
        jobs = [self.add(number, tenant_id) for number in numbers]
        for job in jobs:
            self.queue().start_or_enqueue(job)
        return jobs

    def end(self, job: Any) -> None:
        """Gives the job a final status, and its slots to nobody yet."""
        self.world.now += 1
        at, stores = self.world.now, self.world.stores
        if self.kind == "import":
            for status in (Status.PROCESSING, Status.COMPLETED):
                stores.imports.change(job.tenant_id, job.import_id, ImportChange(to=status, at=at))
        else:
            stores.exports.change(job.tenant_id, job.export_id, ExportChange(to=ExportStatus.FAILED, at=at))

    def end_and_release(self, job: Any) -> None:
        self.end(job)
        self.queue().release(job)

    @property
    def started(self) -> list[int]:
        executions = self.world.stores.export_executions
        assert isinstance(executions, MemoryExportExecutions)
        names = self.world.started if self.kind == "import" else executions.started
        return [int(name.removeprefix("job_").removesuffix("-1")) for name in names]

    def waiting(self, tenant_id: TenantId = OURS) -> list[str]:
        queue = self.queue()
        return [job_id for _, job_id in queue.slots.each_waiting(queue.kind, tenant_id)]


@pytest.fixture(params=["import", "export"])
def queues(request: pytest.FixtureRequest) -> QueueWorld:
    return QueueWorld(request.param)


def test_a_job_whose_tenant_has_no_slot_left_waits(queues: QueueWorld) -> None:
    queues.tenant_slots = 2

    queues.ask(1, 2, 3)

    assert (queues.started, queues.waiting()) == ([1, 2], ["job_3"])


def test_another_tenant_does_not_wait_with_it(queues: QueueWorld) -> None:
    queues.ask(1, 2)

    queues.ask(3, tenant_id=THEIRS)

    assert queues.started == [1, 3]


def test_imports_and_exports_have_slots_of_their_own() -> None:
    imports = QueueWorld("import", stack_slots=1)
    imports.ask(1)

    exports = QueueWorld("export", stack_slots=1, world=imports.world)
    exports.ask(2)

    assert (imports.started, exports.started) == ([1], [2])


def test_the_job_that_has_waited_longest_gets_the_slot_of_one_that_has_ended(queues: QueueWorld) -> None:
    jobs = queues.ask(1, 2, 3)

    queues.end_and_release(jobs[0])

    assert queues.started == [1, 2]


def test_a_job_that_goes_on_keeps_its_slot(queues: QueueWorld) -> None:
    jobs = queues.ask(1, 2)

    queues.queue().release(jobs[0])

    assert queues.started == [1]


def test_releasing_a_slot_twice_starts_one_job(queues: QueueWorld) -> None:
    jobs = queues.ask(1, 2, 3)

    queues.end_and_release(jobs[0])
    queues.queue().release(jobs[0])

    assert queues.started == [1, 2]


def test_an_event_that_comes_twice_takes_one_slot(queues: QueueWorld) -> None:
    queues.tenant_slots = queues.stack_slots = 2
    [job] = queues.ask(1)

    queues.queue().start_or_enqueue(job)
    queues.ask(2, tenant_id=THEIRS)

    assert queues.started == [1, 2]


def test_a_job_for_which_the_stack_has_no_slot_left_waits_without_one_of_its_tenant(queues: QueueWorld) -> None:
    queues.stack_slots = 1
    [first] = queues.ask(1)

    queues.ask(2, tenant_id=THEIRS)

    queue = queues.queue()
    assert (queues.started, queues.waiting(THEIRS)) == ([1], ["job_2"])
    assert queue.slots.list_holders(f"{queue.kind}#{THEIRS}", slots=1) == []
    queues.end_and_release(first)
    assert queues.started == [1, 2]


def test_tenants_take_turns_however_many_jobs_of_one_wait(queues: QueueWorld) -> None:
    queues.stack_slots, queues.tenant_slots = 2, 2
    running = queues.ask(1, 2, *range(10, 30))
    queues.ask(3, 4, tenant_id=THEIRS)

    queues.end_and_release(running[0])  # ours have one running, theirs none
    assert queues.started[2:] == [3]
    queues.end_and_release(running[1])  # theirs have one running, ours none
    assert queues.started[3:] == [10]
    queues.end_and_release(running[2])  # again
    assert queues.started[4:] == [11]


def test_of_tenants_with_equally_many_jobs_running_the_last_served_comes_last(
    queues: QueueWorld,
) -> None:
    queues.stack_slots = 1
    [running] = queues.ask(1, tenant_id=TenantId("other"))
    ours = queues.ask(10, 11, 12)
    theirs = queues.ask(20, 21, tenant_id=THEIRS)

    for job in (running, ours[0], theirs[0], ours[1], theirs[1]):
        queues.end_and_release(job)

    assert queues.started == [1, 10, 20, 11, 21, 12]


def test_a_tenant_that_may_not_run_more_keeps_none_of_the_others_waiting(queues: QueueWorld) -> None:
    queues.stack_slots = 2
    ours = queues.ask(1, 2, 3)
    queues.ask(4, 5, tenant_id=THEIRS)

    queues.end_and_release(ours[0])

    assert queues.started == [1, 4, 2]


def test_a_newcomer_does_not_overtake_those_that_wait(queues: QueueWorld) -> None:
    [first] = queues.ask(1)
    queues.ask(2)
    queues.end(first)  # its slot is free, and nothing has been started for it yet
    queue = queues.queue()
    queue.slots.leave(f"{queue.kind}#{OURS}", "job_1", slots=1)
    queue.slots.leave(queue.kind, f"{OURS}#job_1", slots=100)

    queues.ask(3)

    assert (queues.started, queues.waiting()) == ([1, 2], ["job_3"])


def test_a_job_that_has_ended_while_it_waited_is_passed_over(queues: QueueWorld) -> None:
    jobs = queues.ask(1, 2, 3)
    queues.end(jobs[1])

    queues.end_and_release(jobs[0])

    assert (queues.started, queues.waiting()) == ([1, 3], [])


def test_a_slot_of_the_tenant_that_a_crash_has_kept_is_found_by_the_next_job(queues: QueueWorld) -> None:
    [job] = queues.ask(1)
    queues.end(job)

    queues.ask(2)

    assert queues.started == [1, 2]


def test_slots_of_the_stack_that_a_crash_has_kept_are_recovered(queues: QueueWorld) -> None:
    queues.stack_slots = 1
    [first] = queues.ask(1)
    queues.ask(2, tenant_id=THEIRS)
    queues.end(first)

    queues.queue().recover()

    assert queues.started == [1, 2]
    assert queues.queue().slots.list_last_starts(queues.queue().kind) == {THEIRS: queues.world.now}


def test_a_job_that_was_given_slots_and_never_started_is_started_by_the_recovery(queues: QueueWorld) -> None:
    job, queue = queues.add(1), queues.queue()
    queue.slots.take(f"{queue.kind}#{OURS}", "job_1", slots=1)
    queue.slots.take(queue.kind, f"{OURS}#job_1", slots=100)
    queue.slots.wait(queue.kind, OURS, "job_1", since=job.created_at)

    queue.recover()
    queue.recover()

    assert (queues.started, queues.waiting()) == ([1], [])


def test_a_recovery_leaves_jobs_alone_that_run(queues: QueueWorld) -> None:
    queues.stack_slots = 1
    queues.ask(1, 2)

    queues.queue().recover()

    assert (queues.started, queues.waiting()) == ([1], ["job_2"])


class Broken:
    def start(self, job: object) -> None:
        raise Retryable("no machine")


def without_machine(stores: Stores) -> Stores:
    broken: Any = Broken()
    return replace(stores, import_executions=broken, export_executions=broken)


def test_a_waiting_job_that_cannot_be_started_fails_no_other_and_waits_on_without_slots(queues: QueueWorld) -> None:
    jobs = queues.ask(1, 2)
    queues.end(jobs[0])

    queues.queue(without_machine(queues.world.stores)).release(jobs[0])
    assert (queues.started, queues.waiting()) == ([1], ["job_2"])
    assert queues.queue().slots.list_holders(queues.queue().kind, slots=100) == []
    assert list(queues.queue().jobs.each_watched()) == []

    queues.queue().recover()
    assert (queues.started, queues.waiting()) == ([1, 2], [])


def test_a_job_that_cannot_be_started_by_its_own_request_tells_it(queues: QueueWorld) -> None:
    with pytest.raises(Retryable):
        queues.queue(without_machine(queues.world.stores)).start_or_enqueue(queues.add(1))


def test_a_recovery_goes_on_where_a_job_cannot_be_started(queues: QueueWorld) -> None:
    queues.tenant_slots = 2
    jobs = queues.ask(1, 2)
    queues.end(jobs[1])

    assert queues.queue(without_machine(queues.world.stores)).recover() == 1

    assert queues.queue().slots.list_holders(queues.queue().kind, slots=100) == [f"{OURS}#job_1"]


def test_a_slot_released_between_asking_and_waiting_is_not_missed(queues: QueueWorld) -> None:
    """The last job that runs ends right after a newcomer was refused, and sees none wait."""
    [first] = queues.ask(1)
    slots = queues.world.stores.slots

    class LeavesMeanwhile:
        def __getattr__(self, name: str) -> object:
            if name == "wait":
                queues.end_and_release(first)
            return getattr(slots, name)

    late = queues.queue(replace(queues.world.stores, slots=LeavesMeanwhile()))  # type: ignore[arg-type]
    late.start_or_enqueue(queues.add(2))

    assert (queues.started, queues.waiting()) == ([1, 2], [])


def test_a_job_that_has_been_deleted_counts_as_ended(queues: QueueWorld) -> None:
    [first] = queues.ask(1)
    queues.ask(2)
    queues.end(first)
    if queues.kind == "import":
        queues.world.stores.imports.delete(OURS, ImportId("job_1"))
    else:
        queues.world.stores.exports.delete(OURS, ExportId("job_1"))

    queues.queue().release(first)

    assert queues.started == [1, 2]


class DamagedJobs:
    """A store of jobs in which those of one tenant cannot be read."""

    def __init__(self, jobs: Any) -> None:
        self._jobs = jobs

    def find(self, tenant_id: TenantId, job_id: str) -> Any:
        if tenant_id == OURS:
            raise ValueError("damaged")
        return self._jobs.find(tenant_id, job_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)


def test_what_goes_wrong_for_one_tenant_does_not_keep_others_from_their_slots(queues: QueueWorld) -> None:
    queues.stack_slots = 1
    running, *_ = queues.ask(1, 2)
    queues.ask(3, tenant_id=THEIRS)
    queue, stores = queues.queue(), queues.world.stores
    for pool in (queue.kind, f"{queue.kind}#{OURS}"):
        queue.slots.leave(pool, f"{OURS}#job_1" if pool == queue.kind else "job_1", slots=1)
    queues.end(running)

    queues.queue(damaged(stores)).recover()

    assert queues.started == [1, 3]


def test_slots_of_a_job_that_cannot_be_read_do_not_keep_the_recovery_from_the_others(queues: QueueWorld) -> None:
    queues.ask(1)
    [theirs] = queues.ask(2, tenant_id=THEIRS)
    queues.end(theirs)
    queue = queues.queue(damaged(queues.world.stores))

    assert queue.recover() == 1

    assert queue.slots.list_holders(queue.kind, slots=100) == [f"{OURS}#job_1"]


def test_a_job_is_watched_from_before_it_starts(queues: QueueWorld) -> None:
    with pytest.raises(Retryable):
        queues.queue(without_machine(queues.world.stores)).start_or_enqueue(queues.add(1))

    assert list(queues.queue().jobs.each_watched()) == [(OURS, "job_1")]


def damaged(stores: Stores) -> Stores:
    jobs: Any = (DamagedJobs(stores.imports), DamagedJobs(stores.exports))
    return replace(stores, imports=jobs[0], exports=jobs[1])
