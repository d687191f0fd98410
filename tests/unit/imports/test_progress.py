"""Progress of imports that run, watched at every step: never more than there is, and it always adds up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.packagex.imports.responses import ImportLinks, render_import
from chalicelib.api.talkdesk.responses import render_import as render_by_talkdesk
from chalicelib.errors import Retryable
from chalicelib.imports.events import Event, Step, TaskEvent, TaskStep
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.import_state import StoredState
from chalicelib.imports.progress import progress_reporter, with_progress
from chalicelib.imports.service import get_import
from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.import_progress import progress_of
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Write, Written
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.memory import MemoryImports, MemoryRecords, MemoryTaskResults
from tests.import_world import TENANT, Clock, ImportWorld
from tests.world import World

LONG = {"import_time_s": 10**9, "sync_import_time_s": 10**9}
SMALL = Limits(batch_rows=700, **LONG)
IN_THE_BUCKET = replace(SMALL, held_source_bytes=0)
SPLIT = Limits(small_source_bytes=0, batch_rows=300, split_bytes=8_000, sub_partition_keys=400, **LONG)
ROWS = 2_000
PEOPLE = "name,email\n" + "".join(f"{'' if n % 7 == 0 else 'Ann'},person{n % 1_900}@example.com\n" for n in range(ROWS))
OTHERS = "name,email\n" + "".join(f"Other {n},other{n}@example.com\n" for n in range(ROWS))


class HastyClock(Clock):
    """More than a second goes by between two looks: every report is written."""

    def __call__(self) -> float:
        self.now_s += 1.1
        return self.now_s


Look = Callable[[], None]


class WatchedImports(MemoryImports):
    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__(clock=clock)
        self._look = look

    def report(self, import_: Import) -> bool:
        is_reported = super().report(import_)
        self._look()
        return is_reported

    def keep_work(self, import_: Import) -> Import | None:
        kept = super().keep_work(import_)
        self._look()
        return kept


class WatchedResults(MemoryTaskResults):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        is_first = super().put_once(import_id, attempt, result)
        self._look()
        return is_first


class WatchedRecords(MemoryRecords):
    """Calls `upset` once, after so many writes."""

    def __init__(self, look: Look, nth: int, upset: Callable[[], None]) -> None:
        super().__init__()
        self._look, self._left, self._upset = look, nth, upset

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        self._look()
        self._left -= 1
        if self._left == 0:
            self._upset()
        return written


def is_sound(phase: PhaseProgress) -> bool:
    return 0 <= phase.success + phase.error <= phase.processed <= phase.total


class StubbornMachine(ImportMachine):
    """Tries again what a retry can mend, once, as the state machine does."""

    def run_phases(self, event: Event) -> Step:
        try:
            return super().run_phases(event)
        except Retryable:
            return super().run_phases(event)

    def run_task(self, event: TaskEvent) -> TaskStep:
        try:
            return super().run_task(event)
        except Retryable:
            return super().run_task(event)


Upset = Callable[[ImportWorld, Import], None]


class WatchedWorld(ImportWorld):
    """Whatever is stored about its latest import, a caller looks at it."""

    def __init__(self, limits: Limits, nth: int = 0, upset: Upset = lambda *_: None) -> None:
        super().__init__(limits=limits, clock=HastyClock())
        self.seen: list[Import] = []
        self.latest: Import | None = None
        self._watch: Look = self.look
        self.stores = replace(
            self.stores,
            imports=WatchedImports(self._look, self.clock),
            results=WatchedResults(self._look),
            records=WatchedRecords(self._look, nth, lambda: upset(self, self.queued)),
        )
        self.machine = StubbornMachine(
            stores=self.stores, limits=limits, now=self.clock, new_attempt_id=self.machine.new_attempt_id
        )
        world = World()
        self._context, self._caller = replace(world.context, stores=self.stores), world.caller(TENANT)

    @property
    def queued(self) -> Import:
        assert self.latest is not None
        return self.latest

    def queue(self, content: str | bytes, *, resource: str = "customers", **wanted: Any) -> Import:
        self.latest = super().queue(content, resource=resource, **wanted)
        return self.latest

    def _look(self) -> None:
        self._watch()

    def watch(self, look: Look) -> None:
        """From now on this is called instead."""
        self._watch = look

    def look(self) -> None:
        self.seen.append(get_import(self._context, self._caller, self.queued.import_id))


def cancel(world: ImportWorld, import_: Import) -> None:
    change = ImportChange(to=Status.CANCELING, at=int(world.clock()))
    assert world.stores.imports.change(TENANT, import_.import_id, change)


def check(seen: Sequence[Import]) -> None:
    """As it is stored with its progress, and as each dialect shows it; what has been done is never taken back."""
    percents = [progress_of(one, one.updated_at).percent for one in seen]
    assert percents == sorted(percents)
    assert [one.is_final for one in seen] == [percent == 100 for percent in percents]
    for import_ in seen:
        assert all(is_sound(phase) for phase in import_.phases), import_.phases
        assert import_.stats.accounted <= import_.stats.total
        phases = render_import(import_, ImportLinks())["phases"]
        assert all(one["success"] + one["error"] <= one["processed"] <= one["total"] for one in phases)
        records: Any = render_by_talkdesk(import_)
        assert records["completed_records"] + records["failed_records"] <= records["total_records"]


def running(seen: Sequence[Import], name: PhaseName) -> list[tuple[int, int]]:
    """What a phase showed while it ran, processed and total: each pair once, in order."""
    phases = [phase for import_ in seen for phase in import_.phases if phase.name is name]
    return list(dict.fromkeys((one.processed, one.total) for one in phases if one.status is PhaseStatus.PROCESSING))


ROADS = pytest.mark.parametrize(
    "limits",
    [
        pytest.param(SMALL, id="small"),
        pytest.param(IN_THE_BUCKET, id="small, in the bucket"),
        pytest.param(SPLIT, id="split"),
    ],
)


@ROADS
@pytest.mark.parametrize("handling", ["use_first", "ignore_all"])
def test_no_phase_ever_shows_more_than_there_is(limits: Limits, handling: str) -> None:
    world = WatchedWorld(limits)

    ended = world.run(PEOPLE, duplicate_handling=handling)

    check([*world.seen, ended])
    assert (ended.status, ended.stats.total, ended.stats.accounted) == (Status.COMPLETED, ROWS, ROWS)
    assert all(one.success + one.error == one.processed == one.total for one in ended.phases)
    assert (1_400, 1_400) in running(world.seen, PhaseName.PREVALIDATION) or limits is SPLIT


@ROADS
def test_a_cleanup_shows_no_more_than_it_has_seen(limits: Limits) -> None:
    world = WatchedWorld(limits)
    world.run(OTHERS)
    world.seen.clear()

    ended = world.run(PEOPLE, action="overwrite")

    check([*world.seen, ended])
    assert (ended.status, ended.stats.overwritten) == (Status.COMPLETED, ROWS)
    shown = running(world.seen, PhaseName.CLEANUP)
    assert len(shown) > 10
    assert shown == sorted(shown)


def test_batches_add_up_while_one_task_runs_all_phases() -> None:
    world = WatchedWorld(SMALL)

    world.run(OTHERS)

    shown = running(world.seen, PhaseName.PROCESSING)
    assert shown == [(rows, ROWS) for rows in (0, 500, 700, 1_200, 1_400, 1_900, 2_000)]


@ROADS
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_import_that_is_canceled_adds_up_to_its_end(limits: Limits, nth: int) -> None:
    world = WatchedWorld(limits, nth, cancel)

    ended = world.run(PEOPLE)

    check([*world.seen, ended])
    assert (ended.status, ended.stats.total, ended.stats.accounted) == (Status.CANCELED, ROWS, ROWS)


@pytest.mark.parametrize("name", [PhaseName.PREVALIDATION, PhaseName.PREPARSING, PhaseName.TRANSFORMING])
@ROADS
def test_an_import_that_is_canceled_before_it_writes_adds_up(limits: Limits, name: PhaseName) -> None:
    world = WatchedWorld(limits)
    look = world.look

    def cancel_in_phase() -> None:
        look()
        phase = next(one for one in world.seen[-1].phases if one.name is name)
        is_running = phase.status is PhaseStatus.PROCESSING and phase.total > 0
        if world.seen[-1].status is Status.PROCESSING and is_running:
            cancel(world, world.queued)

    world.watch(cancel_in_phase)

    ended = world.run(PEOPLE)

    check([*world.seen, ended])
    assert (ended.status, ended.stats.unprocessed > 0) == (Status.CANCELED, True)


def slow_down(world: ImportWorld, import_: Import) -> None:
    raise Retryable("slow down")


@ROADS
@pytest.mark.parametrize("nth", [1, 2, 5])
def test_an_import_that_is_tried_again_adds_up(limits: Limits, nth: int) -> None:
    world = WatchedWorld(limits, nth, slow_down)

    ended = world.run(PEOPLE)

    check([*world.seen, ended])
    assert (ended.status, ended.stats.accounted) == (Status.COMPLETED, ROWS)


def reporter(world: ImportWorld, import_: Import, now: Callable[[], float]) -> ProgressReporter[[PhaseName, int]]:
    state = StoredState(world.stores.imports, import_)
    return progress_reporter(state, world.stores.results, import_, now)


def test_a_phase_that_another_try_has_ended_is_left_as_it_is() -> None:
    world = WatchedWorld(SMALL)
    import_ = world.queue(PEOPLE)
    ended = tuple(replace(one, status=PhaseStatus.COMPLETED, total=ROWS) for one in import_.phases)
    assert world.stores.imports.change(
        TENANT, import_.import_id, ImportChange(to=Status.PROCESSING, at=0, phases=ended)
    )

    reporter(world, import_, world.clock).report_progress(PhaseName.PROCESSING, 500)

    assert world.get(import_).phases == ended


def processing(world: ImportWorld, *results: TaskResult, now: int = 0) -> PhaseProgress:
    """The running phase of an overwrite with limits, as a caller sees it when these tasks are done."""
    import_ = world.queue(PEOPLE, action="overwrite", guard_rails=GuardRails(max_deleted=Tolerance(count=1)))
    running = replace(import_.phases[5], status=PhaseStatus.PROCESSING, total=200, tasks=2, started_at=now - 120)
    for result in results:
        world.stores.results.put_once(import_.import_id, import_.attempt, result)
    phases = (*import_.phases[:5], running, import_.phases[6])
    return with_progress(world.stores, replace(import_, phases=phases), now).phases[5]


def done(phase: PhaseName, task: int, entered: int = 0, put_at: int = 0) -> TaskResult:
    return TaskResult(phase=phase, task=task, entered=entered, put_at=put_at)


@pytest.mark.parametrize(
    ("results", "part_done"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([done(PhaseName.REHEARSAL, 0)], 0.25, id="half of the rehearsal"),
        pytest.param([done(PhaseName.REHEARSAL, 0), done(PhaseName.REHEARSAL, 1)], 0.5, id="the rehearsal"),
        pytest.param([done(PhaseName.PROCESSING, 0, 100)], 0.75, id="half of the rows"),
    ],
)
def test_a_rehearsal_is_half_of_the_phase_that_it_rehearses(results: list[TaskResult], part_done: float) -> None:
    assert processing(ImportWorld(), *results).part_done == part_done


def test_the_rate_is_that_of_the_last_minute() -> None:
    now = 1_700_000_000
    before, lately = (done(PhaseName.PROCESSING, task, 60 * (task + 1), at) for task, at in enumerate((now - 60, now)))

    assert processing(ImportWorld(), before, lately, now=now).rows_per_second == 2


def test_a_report_is_written_once_a_second_at_most() -> None:
    world = WatchedWorld(SMALL)
    import_ = world.queue(PEOPLE)
    phases = tuple(replace(one, status=PhaseStatus.PROCESSING, total=ROWS) for one in import_.phases)
    assert world.stores.imports.change(
        TENANT, import_.import_id, ImportChange(to=Status.PROCESSING, at=0, phases=phases)
    )
    seconds = iter([9.0, 10.0, 10.0, 10.5, 11.2, 11.2])
    live = reporter(world, import_, lambda: next(seconds))

    for rows in (100, 200, 300):
        live.report_progress(PhaseName.PROCESSING, rows)

    assert running(world.seen, PhaseName.PROCESSING) == [(100, ROWS), (300, ROWS)]
