"""Every fault at every call that ends an import or an export, or publishes that: the event is published all the same,
under one id.

The sweep of pending events runs once all has ended; it must find the events that a crash kept from being published.
"""

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import RECOVERABLE, Outage, fail, refused
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.simulated_export import EXPORT_REQUESTS, record_export

CALLS = ("events.publish", "imports.mark_published", "imports.change")
CALLS_OF_EXPORTS = ("events.publish", "exports.mark_published", "exports.change")
KINDS = RECOVERABLE | {"refused": refused}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_no_fault_keeps_an_ending_from_being_published(
    scenario: Scenario, recording_of: RecordingOf, cases: Cases
) -> None:
    recording = recording_of(scenario)

    for call in (one for one in recording.calls if one.name in CALLS):
        for kind, fault in KINDS.items():
            simulation = recording.replay_with(call.number, fault)
            cases.check(f"{kind} {call}", recording.violations(simulation, may_end_early=kind == "refused"))

    cases.conclude()


@pytest.mark.parametrize("name", EXPORT_REQUESTS)
def test_no_fault_keeps_the_end_of_an_export_from_being_published(name: str, cases: Cases) -> None:
    recording = record_export(name)

    for call in (one for one in recording.calls if one.name in CALLS_OF_EXPORTS):
        for kind, fault in KINDS.items():
            simulation = recording.replay_with(call.number, fault)
            cases.check(f"{kind} {call}", recording.violations(simulation, may_end_early=kind == "refused"))

    cases.conclude()


@pytest.mark.parametrize("name", CALLS[:2])
def test_a_bus_that_is_down_for_long_only_delays(recording_of: RecordingOf, name: str, cases: Cases) -> None:
    recording = recording_of(SCENARIOS[0])

    for times in (1, 2, 5):
        simulation = recording.replay(lambda _, times=times: Outage(0, name, times, fail)).run()  # type: ignore[misc]
        cases.check(f"{name} down {times} times", recording.violations(simulation))

    cases.conclude()
