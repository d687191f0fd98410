"""The n-th call of an operation fails, and those that follow, for n = 1, 2, … until the import no longer comes so far.

Once is mended by a retry (`test_matrix.py`). Seven times in a row use up the tries of a state, so that the execution
dies and its death is told; ten times, the telling is lost too and the reaper ends the import.
"""

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import Outage, do_and_fail, fail
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENES
from tests.faults.simulated_import import TRIES_OF_A_STATE, TRIES_OF_AN_EVENT

WAYS = {"not done": fail, "done, answer lost": do_and_fail}


@pytest.fixture(params=SCENES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("times", [TRIES_OF_A_STATE, TRIES_OF_A_STATE + TRIES_OF_AN_EVENT])
def test_an_outage_ends_the_import_with_truthful_counts(
    recording: Recording, times: int, way: str, cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.is_effect or way == "not done"]

    for call in cases.some(calls, one_in=61):
        outage = Outage(call.number, call.name, times, WAYS[way])
        play = recording.replay(lambda _, outage=outage: outage).run()  # type: ignore[misc]
        cases.check(f"{times} times from {call} on, {way}", recording.violations(play, may_end_early=True))

    cases.conclude()
