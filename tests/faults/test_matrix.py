"""One fault at one call, at every call there is: the import must end as if nothing had happened.

The calls are those of a recorded run, not a list made by hand; faults are injected at reads as well, since a process
may crash at any of them.
"""

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import READ_FAULTS, RECOVERABLE, refused
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENARIOS


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_a_fault_at_an_effect_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    effects = [call for call in recording.calls if call.is_effect]
    offset = list(RECOVERABLE).index(kind)

    for call in cases.some(effects[offset:], one_in=13):
        simulation = recording.replay_with(call.number, RECOVERABLE[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_a_fault_at_a_read_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    reads = [call for call in recording.calls if not call.is_effect]

    for call in cases.some(reads, one_in=47):
        simulation = recording.replay_with(call.number, READ_FAULTS[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation))

    cases.conclude()


def test_what_no_retry_mends_ends_the_import_with_truthful_counts(recording: Recording, cases: Cases) -> None:
    for call in cases.some(recording.calls, one_in=31):
        simulation = recording.replay_with(call.number, refused)
        cases.check(f"refused {call}", recording.violations(simulation, may_end_early=True))

    cases.conclude()
