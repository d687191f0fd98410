"""A call of `write_many` breaks off half way: some writes are done, and no answer says which."""

import pytest

from chalicelib.errors import Retryable
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.crash import Crash
from tests.faults.faults import in_part
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENARIOS


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("error", [Crash, Retryable], ids=["crash", "throttled"])
@pytest.mark.parametrize("way", ["first", "last", "every other"])
def test_writes_that_were_done_in_part_are_completed(
    recording: Recording, way: str, error: type[BaseException], cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.name == "records.write_many"]
    places = [(call, n) for call in calls for n in range(len(call.args[2]) + 1)]

    for call, n in cases.some(places, one_in=5):
        chosen = {
            "first": lambda at, n=n: at < n,
            "last": lambda at, n=n: at >= n,
            "every other": lambda at, n=n: (at - n) % 2,
        }
        simulation = recording.replay_with(call.number, in_part(chosen[way], error))
        cases.check(f"the {way} {n} of {len(call.args[2])} writes of {call}", recording.violations(simulation))

    cases.conclude()
