"""The n-th call of an operation fails, and those that follow, for n = 1, 2, … until the import no longer comes so far.

A single failure is mended by a retry (`test_matrix.py`). Seven in a row use up the attempts of a state, so that the
execution fails and an event says so; after ten, that event is lost too and the reaper ends the import.
"""

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.executions import ATTEMPTS_PER_EVENT, attempts_at
from tests.faults.faults import Outage, do_and_fail, fail
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENARIOS

ATTEMPTS_PER_STATE = attempts_at("Retryable")
WAYS = {"not done": fail, "done, answer lost": do_and_fail}


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("times", [ATTEMPTS_PER_STATE, ATTEMPTS_PER_STATE + ATTEMPTS_PER_EVENT])
def test_an_outage_ends_the_import_with_truthful_counts(
    recording: Recording, times: int, way: str, cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.is_effect or way == "not done"]

    for call in cases.some(calls, one_in=127):
        outage = Outage(call.number, call.name, times, WAYS[way])
        simulation = recording.replay(lambda _, outage=outage: outage).run()  # type: ignore[misc]
        cases.check(f"{times} times from {call} on, {way}", recording.violations(simulation, may_end_early=True))

    cases.conclude()
