"""Every fault at every call that ends an import or an export, or tells of it: it is told all the same, under one id.

The sweep is played once it has ended; it must find what whoever ended it owes.
"""

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import HARMLESS, Once, Outage, fail, refused
from tests.faults.scenarios import SCENES, Scene
from tests.faults.simulated_export import WANTED, recorded_export

CALLS = ("events.publish", "imports.mark_published", "imports.change")
CALLS_OF_EXPORTS = ("events.publish", "exports.mark_published", "exports.change")
KINDS = HARMLESS | {"refused": refused}


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_no_fault_keeps_an_ending_from_being_announced(scene: Scene, recording_of: RecordingOf, cases: Cases) -> None:
    recording = recording_of(scene)

    for call in (one for one in recording.calls if one.name in CALLS):
        for kind, mishap in KINDS.items():
            play = recording.replay_with(call.number, mishap)
            cases.check(f"{kind} {call}", recording.violations(play, may_end_early=kind == "refused"))

    cases.conclude()


@pytest.mark.parametrize("name", WANTED)
def test_no_fault_keeps_the_end_of_an_export_from_being_announced(name: str, cases: Cases) -> None:
    recording = recorded_export(name)

    for call in (one for one in recording.calls if one.name in CALLS_OF_EXPORTS):
        for kind, mishap in KINDS.items():
            play = recording.replay(lambda clock, call=call, mishap=mishap: Once(call.number, mishap, clock)).run()  # type: ignore[misc]
            cases.check(f"{kind} {call}", recording.violations(play, may_end_early=kind == "refused"))

    cases.conclude()


@pytest.mark.parametrize("name", CALLS[:2])
def test_a_bus_that_is_down_for_long_only_delays(recording_of: RecordingOf, name: str, cases: Cases) -> None:
    recording = recording_of(SCENES[0])

    for times in (1, 2, 5):
        play = recording.replay(lambda _, times=times: Outage(0, name, times, fail)).run()  # type: ignore[misc]
        cases.check(f"{name} down {times} times", recording.violations(play))

    cases.conclude()
