"""Tasks whose functions have too little time go on in others: with a fault at every call around the hand-over."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any

import pytest

from chalicelib.errors import Throttled
from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.model.imports import Action, Status
from chalicelib.model.limits import Limits
from chalicelib.model.rows import Fields
from chalicelib.stores.memory import MemoryRecords
from statemachine.interpreter import StateFailed
from tests.faults.conftest import Cases
from tests.faults.executions import FUNCTION_LIFETIME_S, invoke_once
from tests.faults.faults import RECOVERABLE, Fault, refused
from tests.faults.recorder import Call, pass_through
from tests.faults.recording import Recording, record
from tests.faults.scenarios import IN_ONE_TASK, RESULT_CALLS, Scenario
from tests.faults.simulated_import import SimulatedImport, StoreFactories
from tests.faults.test_endings_at_every_call import cancel, cancel_and_crash
from tests.import_world import Clock

ROWS = 2 * WRITE_BATCH_ROWS + 30
NAMED = "email,name\n" + "".join(f"p{n}@x.com,Person {n}\n" for n in range(ROWS))
FEW = "email,name\n" + "".join(f"p{n}@x.com,Person {n}\n" for n in range(20))
KNOWN: dict[str, Fields] = {f"con_{n:04}": {"email": f"p{n}@x.com", "name": f"Old {n}"} for n in range(ROWS)}
SCENARIOS = [
    Scenario(source=NAMED, name="creating in memory"),
    Scenario(source=NAMED, limits=IN_ONE_TASK, name="creating in one task"),
    Scenario(source=NAMED, contacts=KNOWN, limits=Limits(small_source_bytes=0), name="updating in batches"),
    Scenario(action=Action.OVERWRITE, source=FEW, contacts=KNOWN, limits=Limits(small_source_bytes=0), name="clean-up"),
]
IN_ONE_SHARD = StoreFactories(records=partial(MemoryRecords, shards_at_least=1))


class ShortFunctions:
    """An intercept and an `Invoke`: after its first write batch, the time of a function is over, or its next write is
    throttled half way until it is. One call may go wrong.
    """

    def __init__(self, clock: Clock, *, is_throttled: bool, at: int = -1, fault: Fault = refused) -> None:
        self._clock = clock
        self._is_throttled = is_throttled
        self._at = at
        self._fault = fault
        self._written = 0
        self.calls: list[Call] = []
        self.names: list[str] = []
        """Of the functions that ran, in order."""

    def invoke(self, name: str, do: Callable[[], Any]) -> Any:
        self._written = 0
        self.names.append(name)
        return invoke_once(name, do)

    def time_left_s(self) -> float:
        return 0 if self._written and not self._is_throttled else inf

    def __call__(self, call: Call) -> Any:
        self.calls.append(call)
        if call.number == self._at:
            return self._fault(call, self._clock)
        if call.name != "records.write_many":
            return call.perform()
        if self._is_throttled and self._written:
            tenant_id, resource, writes = call.args
            replace(call, args=(tenant_id, resource, writes[::2])).perform()
            raise Throttled("no time is left to wait")
        self._written += 1
        return call.perform()


@dataclass
class ShortRun:
    """A scenario in which every function has too little time."""

    recording: Recording
    is_throttled: bool
    at: int = -1
    fault: Fault = refused
    interrupt: Callable[[SimulatedImport], None] | None = None

    def run(self) -> "ShortRun":
        """Runs it to its end."""
        self.simulation = self.recording.replay(self._intercept, self._invoke)
        self.simulation.machine = replace(self.simulation.machine, time_left_s=self._time_left_s)
        self.simulation.run()
        return self

    def _invoke(self, name: str, do: Callable[[], Any]) -> Any:
        return self.functions.invoke(name, do)

    def _time_left_s(self) -> float:
        return self.functions.time_left_s()

    def _intercept(self, clock: Clock) -> ShortFunctions:
        fault = self._interrupted if self.interrupt else self.fault
        self.functions = ShortFunctions(clock, is_throttled=self.is_throttled, at=self.at, fault=fault)
        return self.functions

    def _interrupted(self, call: Call, clock: Clock) -> Any:
        assert self.interrupt is not None
        self.interrupt(self.simulation)
        return call.perform()

    def around_hand_overs(self) -> list[Call]:
        """Returns the calls from before the first write to the result of the last task that wrote."""
        calls = self.functions.calls
        first = next(number for number, call in enumerate(calls) if call.name == "records.write_many")
        last = max(number for number, call in enumerate(calls) if call.name in RESULT_CALLS)
        return calls[max(0, first - 10) : last + 1]


@pytest.fixture(params=SCENARIOS, ids=str, scope="module")
def recording(request: pytest.FixtureRequest) -> Recording:
    return record(request.param, IN_ONE_SHARD)


@pytest.fixture(params=[False, True], ids=["short of time", "throttled"], scope="module")
def healthy(recording: Recording, request: pytest.FixtureRequest) -> ShortRun:
    return ShortRun(recording, request.param).run()


def rows_in(calls: Iterable[Call], name: str) -> int:
    return sum(len([*call.args[2]]) for call in calls if call.name == name)


def test_a_hand_over_leaves_no_trace(healthy: ShortRun) -> None:
    assert healthy.recording.violations(healthy.simulation) == []
    assert max(Counter(healthy.functions.names).values()) >= 3


def test_no_row_that_was_done_is_written_again(healthy: ShortRun) -> None:
    written = rows_in(healthy.functions.calls, "records.write_many")
    of_one_function = rows_in(healthy.recording.calls, "records.write_many")

    cut_off = WRITE_BATCH_ROWS * (Counter(healthy.functions.names).most_common(1)[0][1] - 1)
    assert written == of_one_function if not healthy.is_throttled else written <= of_one_function + cut_off


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_a_fault_around_a_hand_over_leaves_no_trace(healthy: ShortRun, kind: str, cases: Cases) -> None:
    for call in cases.some(healthy.around_hand_overs(), one_in=197):
        short = replace(healthy, at=call.number, fault=RECOVERABLE[kind]).run()
        cases.check(f"{kind} {call}", short.recording.violations(short.simulation))

    cases.conclude()


def break_off(simulation: SimulatedImport) -> None:
    raise StateFailed("States.Timeout")  # which no retrier stands for


ENDINGS: dict[str, Callable[[SimulatedImport], None]] = {
    "cancel": cancel,
    "cancel and crash": cancel_and_crash,
    "end of the execution": break_off,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_end_around_a_hand_over_keeps_the_counts_true(healthy: ShortRun, ending: str, cases: Cases) -> None:
    for call in cases.some(healthy.around_hand_overs(), one_in=149):
        short = replace(healthy, at=call.number, interrupt=ENDINGS[ending]).run()
        cases.check(f"{ending} {call}", short.recording.violations(short.simulation, may_end_early=True))

    cases.conclude()


def test_functions_that_have_no_time_at_all_come_to_the_end_step_by_step(recording: Recording) -> None:
    simulation = recording.replay(lambda _: pass_through)
    simulation.machine = replace(simulation.machine, time_left_s=lambda: 0)

    simulation.run()

    assert recording.violations(simulation) == []


def test_the_deadline_ends_what_is_throttled_for_ever(recording: Recording) -> None:
    """Nothing is ever written, and every function waits until its time is over."""
    simulation = recording.replay(AlwaysThrottled)

    simulation.run()

    assert simulation.import_.status is Status.TIMED_OUT
    assert recording.violations(simulation, may_end_early=True) == []


class AlwaysThrottled:
    """An intercept that performs no write."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, call: Call) -> Any:
        if call.name != "records.write_many":
            return call.perform()
        self._clock.now_s += FUNCTION_LIFETIME_S - 10
        raise Throttled("no time is left to wait")
