"""Events about an upload that come twice, late, out of order or never, and files that change under an import."""

from collections.abc import Callable

import pytest

from chalicelib.model.imports import Status
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.recorder import Call, pass_through
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENARIOS, SOURCE
from tests.faults.simulated_import import SimulatedImport

OTHER_SOURCE = SOURCE.replace("New One", "Somebody Else") + ",,late@x.com,Late,,,\n"
DAY_S = 24 * 3600


@pytest.fixture(params=[one for one in SCENARIOS if not (one.is_undone or one.is_strict)], ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def never(simulation: SimulatedImport) -> None:
    simulation.upload(simulation.scenario.source)


def twice(simulation: SimulatedImport) -> None:
    version_id = simulation.upload(simulation.scenario.source)
    simulation.deliver_event(version_id)
    simulation.deliver_event(version_id)


def ten_times(simulation: SimulatedImport) -> None:
    version_id = simulation.upload(simulation.scenario.source)
    for _ in range(10):
        simulation.deliver_event(version_id)


def an_hour_late(simulation: SimulatedImport) -> None:
    version_id = simulation.upload(simulation.scenario.source)
    simulation.clock.now_s += 3600
    simulation.deliver_event(version_id)


def when_the_window_is_over(simulation: SimulatedImport) -> None:
    version_id = simulation.upload(simulation.scenario.source)
    simulation.clock.now_s += 2 * DAY_S
    simulation.deliver_event(version_id)


def again_after_the_reaper_found_it(simulation: SimulatedImport) -> None:
    version_id = simulation.upload(simulation.scenario.source)
    simulation.clock.now_s += 2 * DAY_S
    simulation.reap()
    simulation.deliver_event(version_id)


def after_the_end(simulation: SimulatedImport) -> None:
    version_id = simulation.upload(simulation.scenario.source)
    simulation.deliver_event(version_id)
    simulation.run_to_end()
    simulation.clock.now_s += DAY_S
    simulation.deliver_event(version_id)
    simulation.report_stopped_execution()
    simulation.reap()


def of_a_later_version_last(simulation: SimulatedImport) -> None:
    first, second = simulation.upload(simulation.scenario.source), simulation.upload(OTHER_SOURCE)
    simulation.deliver_event(first)
    simulation.deliver_event(second)


def of_a_later_version_after_the_end(simulation: SimulatedImport) -> None:
    simulation.deliver_event(simulation.upload(simulation.scenario.source))
    simulation.run_to_end()
    simulation.deliver_event(simulation.upload(OTHER_SOURCE))


WAYS: list[Callable[[SimulatedImport], None]] = [
    never,
    twice,
    ten_times,
    an_hour_late,
    when_the_window_is_over,
    again_after_the_reaper_found_it,
    after_the_end,
    of_a_later_version_last,
    of_a_later_version_after_the_end,
]


@pytest.mark.parametrize("tell", WAYS, ids=lambda way: way.__name__)
def test_however_the_event_comes_the_import_runs_once(
    recording: Recording, tell: Callable[[SimulatedImport], None], cases: Cases
) -> None:
    simulation = recording.replay(lambda _: pass_through)

    tell(simulation)
    simulation.run_to_end()
    cases.check(tell.__name__, recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("told_after", [0, 40], ids=["told at once", "told later"])
def test_an_object_overwritten_after_the_start_is_not_read(recording: Recording, told_after: int, cases: Cases) -> None:
    """At every call a new version is uploaded under the same key; its event follows, so many calls later."""
    start = next(call.number for call in recording.calls if call.name == "import_executions.start")

    for number in cases.some(range(start, len(recording.calls)), one_in=149):
        simulation = overwritten(recording, number, told_after=told_after)
        cases.check(f"overwritten at call {number}", recording.violations(simulation))

    cases.conclude()


def test_an_import_whose_file_never_came_expires(recording: Recording) -> None:
    simulation = recording.replay(lambda _: pass_through)

    simulation.run_to_end()

    assert (simulation.import_.status, simulation.ends) == (Status.EXPIRED, [(simulation.import_id, "expired")])


def test_a_file_that_came_too_late_revives_nothing(recording: Recording) -> None:
    simulation = recording.replay(lambda _: pass_through)
    simulation.run_to_end()

    simulation.deliver_event(simulation.upload(simulation.scenario.source))
    simulation.run_to_end()

    assert (simulation.import_.status, simulation.ends) == (Status.EXPIRED, [(simulation.import_id, "expired")])


def overwritten(recording: Recording, number: int, *, told_after: int) -> SimulatedImport:
    intercept = _Overwriting(number, told_after)
    intercept.simulation = recording.replay(lambda _: intercept)
    simulation = intercept.simulation.run()
    intercept.tell()
    return simulation


class _Overwriting:
    """An intercept that uploads another source right before one call, and delivers its event so many calls later."""

    simulation: SimulatedImport

    def __init__(self, number: int, told_after: int) -> None:
        self._number = number
        self._told_after = told_after
        self._untold: list[str] = []

    def __call__(self, call: Call) -> object:
        if call.number == self._number:
            self._untold.append(self.simulation.upload(OTHER_SOURCE))
        if call.number >= self._number + self._told_after:
            self.tell()
        return call.perform()

    def tell(self) -> None:
        while self._untold:
            self.simulation.deliver_event(self._untold.pop())
