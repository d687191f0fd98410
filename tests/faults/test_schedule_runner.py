"""Runs of the schedule runner that crash, run twice, at once or late, at each of their calls: every due time is fired
exactly once, and what is delivered is what a day without faults delivers.
"""

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.exports import Export
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.schedules.runner import run_due_schedules
from chalicelib.stores.memory import MemoryExportExecutions
from tests.export_world import run_export
from tests.faults.conftest import Cases
from tests.faults.crash import Crash
from tests.faults.executions import Invoke, invoke_once
from tests.faults.faults import READ_FAULTS, RECOVERABLE, FaultAtCall
from tests.faults.recorder import Call, CallRecorder, Intercept, pass_through
from tests.faults.stalled_functions import WAKES_AFTER, StalledFunction
from tests.import_world import Clock
from tests.scheduling import HOUR_S, ScheduleWorld
from tests.world import NOW, OURS

HOURS = 3
SPARE_SWEEPS = 8
"""The next round makes up for one that broke off; this number is enough for all that one fault has held up."""


@dataclass
class Day:
    """Three due times of two schedules, with a change before each; all calls of every round meet the intercept."""

    intercept: Intercept = pass_through
    invoke: Invoke = invoke_once
    world: ScheduleWorld = field(default_factory=ScheduleWorld)

    def __post_init__(self) -> None:
        self.world.write("con_1", {"name": "Ann"})
        self.schedules = [
            self.world.schedule("rate(1 hour)", is_incremental=True, destination="changes"),
            self.world.schedule("30 * * * *"),
        ]
        self._context = replace(self.world.context, stores=CallRecorder(self.world.stores, self._intercepted).stores)

    def _intercepted(self, call: Call) -> Any:
        return self.intercept(call)

    def run(self) -> "Day":
        """Lets the hours pass, with the changes and the rounds of each."""
        for hour in range(1, HOURS + 1):
            self.world.now = NOW + hour * HOUR_S
            self.world.write(f"con_{hour}", {"name": f"Name {hour}"}, at=self.world.now - HOUR_S // 2)
            self.world.write("con_1", {"name": f"Ann {hour}"}, at=self.world.now - HOUR_S // 3)
            self._run_until_quiet()
        return self

    def _run_until_quiet(self) -> None:
        """Does a round, and runs the exports a moment after they were started, as their machine would."""
        for _ in range(SPARE_SWEEPS):
            self._run_due()
            self._run_exports()

    def _run_due(self) -> None:
        """Does a round as EventBridge has it done: what fails is not done again before the next minute."""
        with contextlib.suppress(Crash, Retryable):
            self.invoke("run_due_schedules", lambda: run_due_schedules(self._context))

    def _run_exports(self) -> None:
        machine = self.world.stores.export_executions
        assert isinstance(machine, MemoryExportExecutions)
        for export in self.exports():
            if export.status == "queued" and export.export_id in machine.started:
                run_export(self.world.steps, export)

    def exports(self) -> list[Export]:
        listed = self.world.stores.exports.list_page(OURS, page=1, per_page=100).entries
        return sorted(listed, key=lambda one: one.export_id)

    def outcome(self) -> list[tuple[object, ...]]:
        """Returns what was fired when, what became of it, and what was delivered."""
        return [self._outcome_of(schedule, run) for schedule in self.schedules for run in self.world.runs(schedule)]

    def _outcome_of(self, schedule: Schedule, run: ScheduleRun) -> tuple[object, ...]:
        export = self.world.export_of(run)
        rows = None if schedule.is_incremental else sorted(self.world.delivered(run))
        keys = [one.key for one in run.delivered]
        return self.schedules.index(schedule), run.due_at, run.status, export.status, rows, keys


def violations(day: Day, healthy: Day) -> list[str]:
    found, expected = day.outcome(), healthy.outcome()
    wrong = [] if [one[:3] for one in found] == [one[:3] for one in expected] else [f"fired {found}"]
    if len(day.exports()) != len(expected):
        wrong.append(f"{len(day.exports())} exports for {len(expected)} due times")
    return wrong + wrong_changes(day)


def wrong_changes(day: Day) -> list[str]:
    """Finds gaps between the windows of changes, and changes of the three hours that lie in none of them."""
    runs = [run for run in day.world.runs(day.schedules[0]) if run.status is RunStatus.COMPLETED]
    gaps = [two.due_at for one, two in itertools.pairwise(runs) if two.since_ms != one.until_ms]
    delivered = [day.world.delivered(run) for run in runs]
    merged = {name: text for changes in delivered for name, text in changes.items()}
    stored = {"con_1": "Ann 3", "con_2": "Name 2", "con_3": "Name 3"}
    return [f"gap before {at}" for at in gaps] + ([] if merged == stored else [f"delivered {delivered}"])


@pytest.fixture(scope="module")
def healthy() -> Day:
    return Day().run()


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    made: list[Call] = []

    def intercept(call: Call) -> Any:
        made.append(call)
        return call.perform()

    Day(intercept).run()
    return made


def test_a_healthy_day_fires_every_due_time_once(healthy: Day) -> None:
    fired = [one[:3] for one in healthy.outcome()]

    hours = [(0, NOW + hour * HOUR_S, RunStatus.COMPLETED) for hour in (1, 2, 3)]
    assert fired[:3] == hours
    assert [status for _, _, status in fired[3:]] == [RunStatus.COMPLETED] * 3
    assert wrong_changes(healthy) == []


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_a_fault_at_an_effect_leaves_no_trace(healthy: Day, calls: list[Call], kind: str, cases: Cases) -> None:
    effects = [call for call in calls if call.is_effect]

    for call in cases.some(effects, one_in=5):
        day = Day(fault_at(call, kind)).run()
        cases.check(f"{kind} {call}", violations(day, healthy))

    cases.conclude()


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_a_fault_at_a_read_leaves_no_trace(healthy: Day, calls: list[Call], kind: str, cases: Cases) -> None:
    reads = [call for call in calls if not call.is_effect and not call.name.endswith(("each_due", "each_open_run"))]

    for call in cases.some(reads, one_in=11):
        day = Day(fault_at(call, kind)).run()
        cases.check(f"{kind} {call}", violations(day, healthy))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES_AFTER, ids=["after its successor", "later", "after the end"])
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_round_that_wakes_up_late_changes_nothing(
    healthy: Day, calls: list[Call], is_performed: bool, wake_after: int, cases: Cases
) -> None:
    for call in cases.some([one for one in calls if one.is_effect], one_in=7):
        stalled = StalledFunction(call.number, is_performed=is_performed, wake_after=wake_after)
        day = Day(stalled.intercept, stalled.invoke).run()
        stalled.wake()
        cases.check(f"stalled at {call}", violations(day, healthy))

    cases.conclude()


def test_two_rounds_at_once_fire_every_due_time_once(healthy: Day, calls: list[Call], cases: Cases) -> None:
    """At each call of one round, another runs from its beginning to its end."""
    for call in cases.some(calls, one_in=7):
        day = Day()
        day.intercept = _another_run_at(call.number, day)
        cases.check(f"another run at {call}", violations(day.run(), healthy))

    cases.conclude()


def test_a_crash_after_firing_loses_a_due_time_where_it_is_not_looked_for(healthy: Day) -> None:
    """A test of the tests: `each_due` must also give what was fired and has no run."""
    fires = iter(range(100))

    def intercept(call: Call) -> Any:
        if call.name == "schedules.each_due":
            (now,) = call.args
            return [one for one in call.perform() if one.next_due_at <= now]
        answer = call.perform()
        if call.name == "schedules.replace" and next(fires) >= 2 * (HOURS - 1):
            raise Crash
        return answer

    assert violations(Day(intercept).run(), healthy)


def fault_at(call: Call, kind: str) -> FaultAtCall:
    return FaultAtCall(call.number, RECOVERABLE[kind], Clock())


def _another_run_at(number: int, day: Day) -> Callable[[Call], Any]:
    def intercept(call: Call) -> Any:
        if call.number == number:
            day.intercept = pass_through
            run_due_schedules(day.world.context)
        return call.perform()

    return intercept
