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
def test_writes_that_were_done_in_part_are_completed(
    recording: Recording, error: type[BaseException], cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.name == "records.write_many"]
    places = [(call, part) for call in calls for part in parts_of(len(call.args[2]))]

    for call, part in cases.some(places, one_in=13):
        simulation = recording.replay_with(call.number, in_part(part.__contains__, error))
        cases.check(f"{sorted(part)} of {len(call.args[2])} writes of {call}", recording.violations(simulation))

    if places:
        cases.conclude()


def parts_of(writes: int) -> list[frozenset[int]]:
    """The first of so many writes, the last, and every other, each part once. None and all of them are no part: there
    a crash before the call and one after it do the same (`test_matrix.py`).
    """
    every = range(writes)
    first_and_last = [part for n in every for part in (every[:n], every[n:])]
    parts = map(frozenset, [*first_and_last, every[::2], every[1::2]])
    return [part for part in dict.fromkeys(parts) if 0 < len(part) < writes]


def test_each_part_comes_once() -> None:
    assert parts_of(1) == []
    assert parts_of(3) == [{0}, {1, 2}, {0, 1}, {2}, {0, 2}, {1}]
