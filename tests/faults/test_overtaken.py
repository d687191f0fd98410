"""An attempt dies at a write of records, and others change these until its stamps are pushed out: what the others did
stays, and every row still has one outcome."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.model.records import STAMPS_KEPT, Record
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import OURS, RESOURCE, SCENARIOS
from tests.faults.simulated_import import SimulatedImport
from tests.faults.stalled_functions import StalledFunction
from tests.faults.stored_state import content_of
from tests.faults.test_undos import change

ONES = [one for one in SCENARIOS if not (one.is_undone or one.is_preview)]
ONLY_IN_HEALTH = ("I2", "I6: written but not counted")
"""What cannot be said of records that others have changed; their stamps are gone."""


@pytest.fixture(params=ONES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("is_performed", [True, False], ids=["after", "before"])
def test_what_others_have_done_since_an_attempt_died_stays(
    recording: Recording, is_performed: bool, cases: Cases
) -> None:
    for label, wrong in each_overtaken(recording, is_performed=is_performed):
        cases.check(label, wrong)

    cases.conclude()


def test_what_others_have_done_stays_where_a_function_wakes_up_that_had_read_before(
    recording: Recording, cases: Cases
) -> None:
    for label, wrong in each_overtaken_before_waking(recording):
        cases.check(label, wrong)

    cases.conclude()


def each_overtaken(recording: Recording, *, is_performed: bool) -> list[tuple[str, list[str]]]:
    """Breaks an import off at each write of its records, has others change them, and returns what is wrong then."""
    calls = filter(_is_write, recording.calls)
    return [(f"overtaken at {call}", _overtaken_at(recording, call, is_performed=is_performed)) for call in calls]


def each_overtaken_before_waking(recording: Recording) -> list[tuple[str, list[str]]]:
    """Stalls a function at each of its look-ups, has its successor die at its first write, and others change the
    records; then the first one wakes up. Returns what is wrong then."""
    calls = (one for one in recording.calls if one.name == "records.find_claims")
    return [(f"stalled at {call}", _overtaken_before_waking(recording, call)) for call in calls]


def _overtaken_before_waking(recording: Recording, call: Call) -> list[str]:
    stalled = StalledFunction(call.number, is_performed=False, wake_after=1)
    others = _Others(is_performed=True, times=STAMPS_KEPT)

    def intercept(one: Call) -> Any:
        is_first = not others.changed and _is_write(one)
        return others.meet(simulation, one) if is_first else stalled.intercept(one)

    simulation = recording.replay(lambda _: intercept, stalled.invoke)
    simulation.run()
    return others.each_lost(simulation) + _wrong_in_any_case(recording, simulation)


def _overtaken_at(recording: Recording, call: Call, *, is_performed: bool) -> list[str]:
    others = _Others(is_performed=is_performed, times=STAMPS_KEPT if is_performed else STAMPS_KEPT + 1)

    def intercept(one: Call) -> Any:
        return others.meet(simulation, one) if one.number == call.number else one.perform()

    simulation = recording.replay(lambda _: intercept)
    simulation.run()
    return others.each_lost(simulation) + _wrong_in_any_case(recording, simulation)


def _is_write(call: Call) -> bool:
    return call.name == "records.write_many" and call.args[1] == RESOURCE


def _wrong_in_any_case(recording: Recording, simulation: SimulatedImport) -> list[str]:
    found = recording.violations(simulation, may_end_early=True)
    return [one for one in found if not one.startswith(ONLY_IN_HEALTH)]


@dataclass
class _Others:
    """Those who change the records of a write so often that its stamps are pushed out; its function dies."""

    is_performed: bool
    times: int
    changed: list[Record] = field(default_factory=list)

    def meet(self, simulation: SimulatedImport, call: Call) -> None:
        if self.is_performed:
            call.perform()
        ids = [write.record_id for write in call.args[2]]
        for number in range(self.times):
            now_ms = int(simulation.clock() * 1000)
            self.changed = change(simulation.stores.records, ids, by=f"imp_others_{number}", now_ms=now_ms)
        raise Crash

    def each_lost(self, simulation: SimulatedImport) -> list[str]:
        now = simulation.stores.records.get_many(OURS, RESOURCE, [one.record_id for one in self.changed])
        lost = [one for one in self.changed if content_of(now[one.record_id]) != content_of(one)]
        return [f"{one.record_id} lost its change" for one in lost]
