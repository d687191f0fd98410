"""Cancel, an end by the clock, and a second beginning, each at every call of an import."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model.imports import Action, Status
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENARIOS
from tests.faults.simulated_import import BEFORE_ITS_BEGIN, SimulatedImport
from tests.faults.stalled_functions import WAKES_AFTER, InvokerGaveUp, StalledFunction


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


class Interruption:
    """An intercept that changes the simulation right before one call, and counts the writes after it."""

    def __init__(self, number: int, interrupt: Callable[[SimulatedImport], None]) -> None:
        self._number = number
        self._interrupt = interrupt
        self.simulation: SimulatedImport | None = None
        self.writes_after = 0

    def __call__(self, call: Call) -> Any:
        if call.number == self._number and self.simulation is not None:
            self._interrupt(self.simulation)
        if call.number >= self._number and call.name == "records.write_many":
            self.writes_after += 1
        return call.perform()


def interrupted(
    recording: Recording, number: int, interrupt: Callable[[SimulatedImport], None]
) -> tuple[SimulatedImport, Interruption]:
    interruption = Interruption(number, interrupt)
    simulation = recording.replay(lambda _: interruption)
    interruption.simulation = simulation
    return simulation.run(), interruption


def cancel(simulation: SimulatedImport) -> None:
    try:
        simulation.cancel()
    except Conflict:
        assert simulation.import_.is_final


def run_out_of_time(simulation: SimulatedImport) -> None:
    simulation.clock.now_s += simulation.scenario.limits.import_time_s


def cancel_and_crash(simulation: SimulatedImport) -> None:
    cancel(simulation)
    raise Crash


class Abandoned(BaseException):
    """Everything that runs is gone at once, and no event says so."""


def abandoned(recording: Recording, call: Call, *, is_performed: bool) -> SimulatedImport:
    """Runs a simulation in which everything breaks off at one call."""

    def intercept(one: Call) -> Any:
        if one.number != call.number:
            return one.perform()
        if is_performed:
            one.perform()
        raise Abandoned

    simulation = recording.replay(lambda _: intercept)
    with pytest.raises(Abandoned):
        simulation.run()
    return simulation


def is_own_end(recording: Recording, call: Call, is_performed: bool) -> bool:
    """Whether to break off at a call is not the same as to break off before the next effect."""
    following = next((one for one in recording.calls if one.number == call.number + 1), None)
    return not is_performed or following is None or not following.is_effect


def writes_of_a_batch(recording: Recording) -> int:
    """Records that its rows name and that are missing are made just before a write batch itself."""
    return 2 if recording.scenario.rules.create_missing else 1


def test_a_cancel_takes_effect_within_a_write_batch(recording: Recording, cases: Cases) -> None:
    for number in cases.some(range(len(recording.calls)), one_in=127):
        simulation, interruption = interrupted(recording, number, cancel)
        wrong = recording.violations(simulation, may_end_early=True)
        if simulation.import_.status not in (Status.CANCELED, Status.COMPLETED):
            wrong.append(f"ended as {simulation.import_.status}")
        if simulation.import_.status is Status.CANCELED and interruption.writes_after > writes_of_a_batch(recording):
            wrong.append(f"{interruption.writes_after} writes were made after the cancel")
        cases.check(f"canceled before {recording.calls[number]}", wrong)

    cases.conclude()


def test_a_cancel_together_with_a_crash_keeps_the_counts_true(recording: Recording, cases: Cases) -> None:
    for number in cases.some(range(len(recording.calls)), one_in=127):
        simulation, _ = interrupted(recording, number, cancel_and_crash)
        cases.check(
            f"canceled and crashed at {recording.calls[number]}", recording.violations(simulation, may_end_early=True)
        )

    cases.conclude()


def test_an_import_stops_at_its_deadline(recording: Recording, cases: Cases) -> None:
    started = (call.number for call in recording.calls if call.name == "import_executions.start")
    queued = next(started, 0)  # an undo was started before it is recorded

    for number in cases.some(range(queued, len(recording.calls)), one_in=127):
        simulation, interruption = interrupted(recording, number, run_out_of_time)
        wrong = recording.violations(simulation, may_end_early=True)
        if simulation.import_.status not in (Status.TIMED_OUT, Status.COMPLETED):
            wrong.append(f"ended as {simulation.import_.status}")
        if simulation.import_.status is Status.TIMED_OUT and interruption.writes_after > writes_of_a_batch(recording):
            wrong.append(f"{interruption.writes_after} writes were made after the deadline")
        cases.check(f"out of time before {recording.calls[number]}", wrong)

    cases.conclude()


@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_the_reaper_ends_what_no_event_reported(recording: Recording, is_performed: bool, cases: Cases) -> None:
    calls = [call for call in recording.calls if call.is_effect and is_own_end(recording, call, is_performed)]

    for call in cases.some(calls, one_in=61):
        simulation = abandoned(recording, call, is_performed=is_performed)
        simulation.run_to_end()
        cases.check(f"abandoned at {call}", recording.violations(simulation, may_end_early=True))

    cases.conclude()


@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_an_import_that_is_run_again_ends_as_if_never_interrupted(
    recording: Recording, is_performed: bool, cases: Cases
) -> None:
    """The same attempt from its start, however far it had come: what a redrive of its execution amounts to."""
    effects = [call for call in recording.calls if call.is_effect and call.function not in BEFORE_ITS_BEGIN]
    calls = [call for call in effects if is_own_end(recording, call, is_performed)]

    for call in cases.some(calls, one_in=61):
        simulation = abandoned(recording, call, is_performed=is_performed)
        simulation.run_execution()
        cases.check(f"run again after {call}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES_AFTER, ids=["after its successor", "phases later", "after the end"])
def test_a_task_attempt_that_stalled_through_a_cancel_changes_nothing(
    recording: Recording, wake_after: int, cases: Cases
) -> None:
    """Except where it stalled between reading the import and writing: then it writes that batch, and no other. Such a
    function is dead before its import ends, which waits for as long as one may live."""
    calls = [call for call in recording.calls if not is_within_a_write_batch(call)]

    for call in cases.some(calls, one_in=257):
        simulation = stalled_through_a_cancel(recording, call, wake_after)
        cases.check(
            f"canceled with a task attempt stalled at {call}", recording.violations(simulation, may_end_early=True)
        )

    cases.conclude()


def is_within_a_write_batch(call: Call) -> bool:
    """Whether it comes behind the look at the import: before-images are kept right before the records are written."""
    return call.name.startswith("records.") or (call.name == "files.write_file" and call.args[0].startswith("before/"))


def stalled_through_a_cancel(recording: Recording, call: Call, wake_after: int) -> SimulatedImport:
    stalled = StalledFunction(call.number, is_performed=False, wake_after=wake_after)

    def intercept(one: Call) -> Any:
        if one.number == call.number:
            cancel(simulation)
        return stalled.intercept(one)

    simulation = recording.replay(lambda _: intercept, stalled.invoke)
    simulation.run()
    stalled.wake()
    return simulation


@pytest.mark.parametrize("wake_after", WAKES_AFTER, ids=["at its beginning", "in its middle", "after its end"])
def test_an_older_attempt_that_wakes_up_changes_nothing(recording: Recording, wake_after: int, cases: Cases) -> None:
    """The import has a new attempt when its first one, and the event that it has failed, come late.

    A deletion or a cleanup that was half done would have to be started again otherwise: see `docs/reliability.md`.
    """
    calls = [
        call for call in recording.calls if call.function not in BEFORE_ITS_BEGIN and call.number <= ended_at(recording)
    ]
    if recording.scenario.action is not Action.MERGE:
        calls = list(takewhile(lambda call: not call.name.startswith("records.get"), calls))

    for call in cases.some(calls, one_in=211):
        simulation = attempted_twice(recording, call, wake_after)
        cases.check(f"the first attempt stalled at {call}", recording.violations(simulation))

    cases.conclude()


def ended_at(recording: Recording) -> int:
    """Returns the call that set the final status: an import that has ended gets no new attempt."""
    return max(call.number for call in recording.calls if call.name in ("imports.change", "imports.change_known"))


def attempted_twice(recording: Recording, call: Call, wake_after: int) -> SimulatedImport:
    stalled = StalledFunction(call.number, is_performed=False, wake_after=wake_after, is_abandoned=True)
    simulation = recording.replay(lambda _: stalled.intercept, stalled.invoke)
    with pytest.raises(InvokerGaveUp):
        simulation.run()
    simulation.start_next_attempt()
    simulation.run_execution()
    stalled.wake()
    simulation.report_stopped_execution(attempt=1)
    return simulation
