"""One fault at one call, at every call there is: the import must end as if nothing had happened.

The calls are those of a recorded run, not a list made by hand; faults are injected at reads as well, since a process
may crash at any of them.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.executions import invoke_once
from tests.faults.faults import READ_FAULTS, RECOVERABLE, Fault, FaultAtCall, own_cases, refused
from tests.faults.recorder import Call, Intercept
from tests.faults.recording import Recording
from tests.faults.scenarios import IN_ONE_TASK, SCENARIOS, Scenario
from tests.import_world import Clock

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Where a generator among the arguments lies in memory."""


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_a_fault_at_an_effect_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    effects = [call for call in own_cases(recording.calls, kind) if call.is_effect]
    offset = list(RECOVERABLE).index(kind)

    for call in cases.some(effects[offset % len(effects) :], one_in=61):
        simulation = recording.replay_with(call.number, RECOVERABLE[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_a_fault_at_a_read_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    reads = [call for call in own_cases(recording.calls, kind) if not call.is_effect]

    for call in cases.some(reads, one_in=193):
        simulation = recording.replay_with(call.number, READ_FAULTS[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation))

    cases.conclude()


def test_what_no_retry_mends_ends_the_import_with_truthful_counts(recording: Recording, cases: Cases) -> None:
    for call in cases.some(recording.calls, one_in=127):
        simulation = recording.replay_with(call.number, refused)
        cases.check(f"refused {call}", recording.violations(simulation, may_end_early=True))

    cases.conclude()


def test_no_case_is_equal_to_another(recording_of: RecordingOf, cases: Cases) -> None:
    """Two cases are equal where the same calls are performed with the same arguments, and the same errors reported.
    Neighbours are the likeliest, so that a part of the cases is the last ones. In memory some are equal: whatever
    happens at the end, another function goes on with it.
    """
    recording = recording_of(Scenario(limits=IN_ONE_TASK))
    first = 0 if cases.is_every else len(recording.calls) - 40
    traces: dict[object, list[str]] = {}
    for kind, fault in {**RECOVERABLE, **READ_FAULTS}.items():
        for call in own_cases(recording.calls, kind):
            if call.number >= first and (call.is_effect or kind in READ_FAULTS):
                traces.setdefault(trace_of(recording, call.number, fault), []).append(f"{kind} {call}")

    assert [equal for equal in traces.values() if len(equal) > 1] == []


def trace_of(recording: Recording, number: int, fault: Fault) -> object:
    """The calls that a run with a fault performs, the functions that it invokes, and how these end."""
    trace: list[object] = []

    def traced(clock: Clock) -> Intercept:
        injected = FaultAtCall(number, fault, clock)

        def intercept(call: Call) -> Any:
            def perform(*args: Any, **kwargs: Any) -> Any:
                trace.append((call.function, call.name, ADDRESS.sub("", f"{args} {kwargs}")))
                return call.target(*args, **kwargs)

            return injected(replace(call, target=perform))

        return intercept

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        try:
            return invoke_once(name, do)
        except BaseException as error:
            trace.append((name, repr(error)))
            raise

    recording.replay(traced, invoke).run()
    return tuple(trace)
