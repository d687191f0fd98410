"""One fault at one call, at every call there is: the import must end as if nothing had happened.

The calls are those of a recorded run, not a list made by hand; reads are spoiled too, since a process may die at any.
"""

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import HARMLESS, OF_READING, refused
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENES


@pytest.fixture(params=SCENES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_fault_at_an_effect_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    effects = [call for call in recording.calls if call.is_effect]
    offset = list(HARMLESS).index(kind)

    for call in cases.some(effects[offset:], one_in=13):
        play = recording.replay_with(call.number, HARMLESS[kind])
        cases.check(f"{kind} {call}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("kind", OF_READING)
def test_a_fault_at_a_look_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    looks = [call for call in recording.calls if not call.is_effect]

    for call in cases.some(looks, one_in=47):
        play = recording.replay_with(call.number, OF_READING[kind])
        cases.check(f"{kind} {call}", recording.violations(play))

    cases.conclude()


def test_what_no_retry_mends_ends_the_import_with_truthful_counts(recording: Recording, cases: Cases) -> None:
    for call in cases.some(recording.calls, one_in=31):
        play = recording.replay_with(call.number, refused)
        cases.check(f"refused {call}", recording.violations(play, may_end_early=True))

    cases.conclude()
