"""An attempt dies at a write of records, and others change these until its stamps are pushed out: what the others did
stays, and every row still has one outcome."""

from typing import Any

import pytest

from chalicelib.model.records import STAMPS_KEPT, Record
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import OURS, RESOURCE, SCENARIOS
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


def each_overtaken(recording: Recording, *, is_performed: bool) -> list[tuple[str, list[str]]]:
    """Breaks an import off at each write of its records, has others change them, and returns what is wrong then."""
    calls = (one for one in recording.calls if one.name == "records.write_many" and one.args[1] == RESOURCE)
    return [(f"overtaken at {call}", _overtaken_at(recording, call, is_performed=is_performed)) for call in calls]


def _overtaken_at(recording: Recording, call: Call, *, is_performed: bool) -> list[str]:
    changed: list[Record] = []
    times = STAMPS_KEPT if is_performed else STAMPS_KEPT + 1

    def intercept(one: Call) -> Any:
        if one.number != call.number:
            return one.perform()
        if is_performed:
            one.perform()
        ids = [write.record_id for write in one.args[2]]
        for number in range(times):
            now_ms = int(simulation.clock() * 1000)
            changed[:] = change(simulation.stores.records, ids, by=f"imp_others_{number}", now_ms=now_ms)
        raise Crash

    simulation = recording.replay(lambda _: intercept)
    simulation.run()
    now = simulation.stores.records.get_many(OURS, RESOURCE, [one.record_id for one in changed])
    lost = [f"{one.record_id} lost its change" for one in changed if content_of(now[one.record_id]) != content_of(one)]
    found = recording.violations(simulation, may_end_early=True)
    return lost + [one for one in found if not one.startswith(ONLY_IN_HEALTH)]
