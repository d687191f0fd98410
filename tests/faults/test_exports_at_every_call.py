"""One fault at every call of an export: its files must be those of a run without faults, byte for byte, or none."""

from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model.exports import ExportStatus
from chalicelib.stores.paging import SHARDS_AT_LEAST
from tests.faults.conftest import Cases
from tests.faults.faults import READ_FAULTS, RECOVERABLE, each_with_next, invoking_twice, own_cases, refused
from tests.faults.recorder import Call, pass_through
from tests.faults.scenarios import BEFORE_MS
from tests.faults.simulated_export import (
    EXPORT_REQUESTS,
    PEOPLE,
    ExportRecording,
    SimulatedExport,
    put,
    record_export,
)
from tests.faults.stalled_functions import WAKES_AFTER, StalledFunction


@pytest.fixture(scope="module", params=EXPORT_REQUESTS)
def recording(request: pytest.FixtureRequest) -> ExportRecording:
    return record_export(request.param)


def test_a_healthy_export_has_every_row_and_says_that_it_has_a_formula(recording: ExportRecording) -> None:
    has_formula = recording.name == "unsorted"

    assert recording.rows == (20 if has_formula else 15)
    assert ("csv_sanitized" in recording.contents) is has_formula


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_a_fault_at_an_effect_leaves_no_trace(recording: ExportRecording, kind: str, cases: Cases) -> None:
    effects = [call for call in own_cases(recording.calls, kind) if call.is_effect]

    for call in cases.some(effects[list(RECOVERABLE).index(kind) % len(effects) :], one_in=11):
        simulation = recording.replay_with(call.number, RECOVERABLE[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_a_fault_at_a_read_leaves_no_trace(recording: ExportRecording, kind: str, cases: Cases) -> None:
    reads = [call for call in own_cases(recording.calls, kind) if not call.is_effect]

    for call in cases.some(reads, one_in=23):
        simulation = recording.replay_with(call.number, READ_FAULTS[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation))

    cases.conclude()


def test_what_no_retry_mends_ends_the_export_without_files(recording: ExportRecording, cases: Cases) -> None:
    for call in cases.some(recording.calls, one_in=7):
        simulation = recording.replay_with(call.number, refused)
        cases.check(f"refused {call}", recording.violations(simulation, may_end_early=True))

    cases.conclude()


@pytest.mark.parametrize("believed", [0, 1], ids=["first", "second"])
def test_a_function_that_runs_twice_leaves_no_trace(recording: ExportRecording, believed: int, cases: Cases) -> None:
    for nth, name in enumerate(recording.invocations):
        simulation = recording.replay(lambda clock: pass_through, invoking_twice(nth, believed=believed)).run()
        cases.check(f"{name} twice, invocation {nth}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES_AFTER, ids=["after its successor", "phases later", "after the end"])
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_task_attempt_that_wakes_up_late_changes_nothing(
    recording: ExportRecording, is_performed: bool, wake_after: int, cases: Cases
) -> None:
    calls = [call for call, following in each_with_next(recording.calls) if following is None or not is_performed]

    for call in cases.some(calls, one_in=13):
        stalled = StalledFunction(call.number, is_performed=is_performed, wake_after=wake_after)
        simulation = recording.replay(lambda _, stalled=stalled: stalled.intercept, stalled.invoke).run()  # type: ignore[misc]
        stalled.wake()
        cases.check(f"stalled at {call}", recording.violations(simulation))

    cases.conclude()


def test_a_cancel_at_any_call_leaves_an_export_without_files_or_a_whole_one(
    recording: ExportRecording, cases: Cases
) -> None:
    for call in cases.some(recording.calls[2:], one_in=7):
        simulation = recording.replay(lambda clock: pass_through)
        outcome = _canceled_at(simulation, call.number)
        is_canceled = simulation.export.status is ExportStatus.CANCELED
        wrong = recording.violations(simulation, may_end_early=True)
        cases.check(
            f"canceled at {call}", wrong + ([] if outcome is is_canceled else [f"ended {simulation.export.status}"])
        )

    cases.conclude()


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_late_task_attempt_changes_nothing_unless_attempts_share_their_objects(is_shared: bool) -> None:
    """An attempt of a shard wakes up in a changed world, after the gate. The second case is a test of the tests."""
    healthy = record_export("unsorted")
    wrong = 0
    for call in (one for one in healthy.calls if one.name == "files.write_stream" and one.function.startswith("shard")):
        until_the_gate = SHARDS_AT_LEAST + 1 - int(call.function.split()[1])
        stalled = StalledFunction(call.number, is_performed=False, wake_after=until_the_gate)
        simulation = SimulatedExport(
            EXPORT_REQUESTS["unsorted"],
            stalled.intercept,
            stalled.invoke,
            new_attempt_id=_shared if is_shared else None,
        )
        stalled.meanwhile = lambda simulation=simulation: _rename_everybody(simulation)  # type: ignore[misc]
        simulation.run()
        stalled.wake()
        wrong += bool(healthy.violations(simulation))

    assert (wrong > 0) is is_shared


def _shared() -> str:
    return "shared"


def _rename_everybody(simulation: SimulatedExport) -> None:
    for record_id in PEOPLE:
        put(simulation.stores, record_id, {"name": "Somebody else"}, at_ms=BEFORE_MS + 99)


def _canceled_at(simulation: SimulatedExport, number: int) -> bool:
    """Cancels right before the call, and returns whether the cancel was accepted."""
    accepted: list[bool] = []

    def intercept(call: Call) -> Any:
        if call.number == number:
            simulation.intercept = pass_through
            try:
                simulation.cancel()
                accepted.append(True)
            except Conflict:
                accepted.append(False)
        return call.perform()

    simulation.intercept = intercept
    simulation.run()
    return bool(accepted and accepted[0])
